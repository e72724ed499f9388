"""Reads delimited text of unknown provenance: columns by name, damaged lines by number."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.text import decode_text, normalise_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_COLUMNS = 4_096
MAX_ROWS = 3_000_000
MAX_LINE = 1 << 20  # bytes: 4,096 columns of 256 each


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvRow:
    """One line.

    Attributes:
        number: Its number in the file, the header being 1.
        cells: Normalised column name -> text, blanks around it removed.
    """

    number: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """Return the text under a column, given by its normalised name."""
        return self.cells[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvTable:
    """A file of lines under one header.

    Attributes:
        what: The publisher's name for it.
        columns: Column names as they stand.
        names: Column names normalised; unique.
        damaged: Number and text of each line whose number of cells differs from the header's.
    """

    what: str
    columns: tuple[str, ...]
    names: tuple[str, ...]
    damaged: tuple[tuple[int, str], ...] = ()
    _lines: list[tuple[int, list[str]]] = field(default_factory=list)

    def __iter__(self) -> Iterator[CsvRow]:
        """Yield the lines that are whole, in their order."""
        for number, cells in self._lines:
            stripped = (cell.strip() for cell in cells)
            yield CsvRow(number=number, cells=dict(zip(self.names, stripped, strict=True)))

    def __len__(self) -> int:
        """Return how many lines are whole."""
        return len(self._lines)

    def forbid_others(self, *names: str) -> None:
        """Check that no further columns are there: an optional one may have been renamed.

        Raises:
            SourceFormatChanged: One is; the message names it and those that are known.
        """
        if unknown := [name for name in self.names if name not in names]:
            message = f"{self.what}: unknown columns {unknown[:10]}; known are {list(names)}"
            raise SourceFormatChanged(message, unknown=unknown[:10])

    def require(self, *names: str) -> None:
        """Check that columns are there, by normalised name.

        Raises:
            SourceFormatChanged: One is absent; the message names it and those there are.
        """
        if missing := [name for name in names if name not in self.names]:
            message = (
                f"{self.what}: no column {missing} among {list(self.columns)[:40]}. "
                "The publisher has changed its layout"
            )
            raise SourceFormatChanged(message, missing=missing)


def read_csv(
    body: bytes,
    *,
    what: str,
    encodings: tuple[str, ...] = ("utf-8-sig",),
    delimiter: str = ",",
    normalise: Callable[[str], str] = normalise_name,
) -> CsvTable:
    """Return the lines of a delimited file under its header.

    Args:
        body: The bytes.
        what: The publisher's name for the file, for messages.
        encodings: Tried in order; see `decode_text`.
        delimiter: Between cells.
        normalise: Turns a column's name into the one it is asked for by.

    Raises:
        SourceFormatChanged: No text, no header, a header name twice, or beyond the limits.
    """
    _check_lines(body, what)
    text = decode_text(body, what=what, encodings=encodings)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[tuple[int, list[str]]] = []
    damaged: list[tuple[int, str]] = []
    try:
        header = next((line for line in reader if any(line)), [])
        columns = _check_header(header, what, normalise)
        for cells in reader:
            if len(cells) >= len(columns) and not any(cells[len(columns) :]):  # blanks may follow
                lines.append((reader.line_num, cells[: len(columns)]))
            elif any(cell.strip() for cell in cells):
                damaged.append((reader.line_num, delimiter.join(cells)[:200]))
            if len(lines) > MAX_ROWS:
                message = f"{what} has more than {MAX_ROWS:,} lines"
                raise SourceFormatChanged(message)
    except csv.Error as error:
        message = f"{what} is no delimited text: {error} near line {reader.line_num}"
        raise SourceFormatChanged(message) from error
    return CsvTable(
        what=what,
        columns=tuple(columns),
        names=tuple(normalise(name) for name in columns),
        damaged=tuple(damaged),
        _lines=lines,
    )


def _check_lines(body: bytes, what: str) -> None:
    """Refuse a line of a length that no table has, before it is decoded and copied."""
    start = 0
    while start + MAX_LINE < len(body):
        window = (start, start + MAX_LINE)
        start = max(body.rfind(b"\n", *window), body.rfind(b"\r", *window)) + 1
        if not start:
            message = f"{what} is no delimited text: a line is longer than {MAX_LINE:,} bytes"
            raise SourceFormatChanged(message)


def _check_header(header: list[str], what: str, normalise: Callable[[str], str]) -> list[str]:
    if len(header) > MAX_COLUMNS:
        message = f"{what} has {len(header):,} columns, more than {MAX_COLUMNS:,}"
        raise SourceFormatChanged(message)
    while header and not header[-1].strip():
        header = header[:-1]
    names = [normalise(name) for name in header]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        message = f"{what}: the columns {twice[:5]} stand twice; which one is meant is unknown"
        raise SourceFormatChanged(message, columns=twice[:5])
    if len(header) < 2:
        message = f"{what} has no header of at least two columns"
        raise SourceFormatChanged(message)
    return header
