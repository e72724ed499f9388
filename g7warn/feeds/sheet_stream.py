"""Streams the cells of one sheet of a workbook: one pass over its XML, without a tree.

The library that opens the workbook builds an element a cell and takes four times as long. What it
knows of the whole workbook, shared texts and which formats are dates, is handed in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.parsers import expat

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from g7warn.feeds.xml_events import read_events

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

_TEXT_TYPES = frozenset({"str", "inlineStr", "e"})
_MAX_CELLS = 5_000_000
"""Cells with those left blank before them; the largest sheet on file has 150,000. A row of thirty
bytes may claim four thousand."""


class SheetReader:
    """Expat callbacks that collect rows; a formula is its text and is never evaluated.

    Args:
        strings: The workbook's shared texts.
        date_styles: Numbers of the cell formats that show a number as a date.
        epoch: Day from which the workbook counts its dates.
        max_rows: More rows than this are an error.
        max_columns: More columns than this are an error.
    """

    def __init__(
        self,
        *,
        strings: Sequence[str],
        date_styles: Collection[int],
        epoch: datetime,
        max_rows: int,
        max_columns: int,
    ) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self._strings, self._date_styles, self._epoch = strings, date_styles, epoch
        self._max_rows, self._max_columns = max_rows, max_columns
        self._row: list[Any] = []
        self._cell: dict[str, str] = {}
        self._column, self._cells = -1, 0
        self._text: list[str] = []
        self._formula = ""
        self._is_formula = self._is_read = self._is_spoken = False

    def read(self, stream: BinaryIO) -> list[tuple[Any, ...]]:
        """Return the rows; missing ones are empty, so that a row's place is its number.

        Raises:
            ValueError: Not well-formed, with a document type, not in order, or beyond the limits.
        """
        try:
            read_events(
                stream,
                start=self._start,
                end=self._end,
                refuse=self._refuse,
                text=self._take_text,
            )
        except expat.ExpatError as error:
            message = f"a sheet that is not well formed: {error}"
            raise ValueError(message) from error
        return self.rows

    def _refuse(self, *_declared: object) -> None:
        message = "a sheet that declares a document type or an entity"
        raise ValueError(message)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._cell, self._text, self._formula, self._is_formula = attributes, [], "", False
            self._find_column(attributes.get("r", ""))
        elif local in {"v", "t"}:
            self._is_read = not self._is_spoken
        elif local == "f":
            self._text, self._is_formula, self._is_read = [], True, True
        elif local == "rPh":
            self._is_spoken = True  # how a text is pronounced, beside the text
        elif local == "row":
            self._begin_row(attributes.get("r", ""))

    def _begin_row(self, label: str) -> None:
        number = int(label) if label else len(self.rows) + 1
        if number <= len(self.rows) or number > self._max_rows:
            message = f"row {number} after row {len(self.rows)}, or beyond {self._max_rows}"
            raise ValueError(message)
        self.rows.extend(() for _ in range(number - 1 - len(self.rows)))
        self._row, self._column = [], -1

    def _find_column(self, place: str) -> None:
        column = _column_of(place.rstrip("0123456789")) if place else self._column + 1
        if column <= self._column or column >= self._max_columns:
            message = f"cell {place!r} out of order or beyond {self._max_columns} columns"
            raise ValueError(message)
        self._column = column

    def _take_text(self, text: str) -> None:
        if self._is_read:
            self._text.append(text)

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in {"v", "t"}:
            self._is_read = False
        elif local == "f":
            self._formula, self._text, self._is_read = "".join(self._text), [], False
        elif local == "c":
            value = f"={self._formula}" if self._is_formula else self._convert("".join(self._text))
            self._row.extend([None] * (self._column - len(self._row)))
            self._row.append(value)
        elif local == "rPh":
            self._is_spoken = False
        elif local == "row":
            self._cells += len(self._row)
            if self._cells > _MAX_CELLS:
                message = f"a sheet of more than {_MAX_CELLS:,} cells"
                raise ValueError(message)
            self.rows.append(tuple(self._row))

    def _convert(self, text: str) -> object:
        kind = self._cell.get("t", "n")
        if kind in _TEXT_TYPES or not text:
            return text or None
        if kind == "s":
            return self._strings[int(text)]
        if kind == "b":
            return bool(int(text))
        if kind == "d":
            return from_ISO8601(text)
        if kind != "n":
            message = f"a cell of unknown type {kind!r}"
            raise ValueError(message)
        number = (
            float(text) if set(text) & set(".eE") or not text.strip("+-").isdigit() else int(text)
        )
        if int(self._cell.get("s", "0")) in self._date_styles:
            return from_excel(number, self._epoch)
        return number


@lru_cache(maxsize=4096)
def _column_of(letters: str) -> int:
    return int(column_index_from_string(letters)) - 1
