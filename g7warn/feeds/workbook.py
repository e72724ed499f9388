"""Opens spreadsheets of unknown provenance: bounded in size, without entities or formulas."""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import TYPE_CHECKING, Any, TypeVar

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.sheet_stream import SheetReader
from g7warn.feeds.text import describe_body

if TYPE_CHECKING:
    from collections.abc import Callable

Cell = str | int | float | bool | None | object
Rows = list[tuple[Cell, ...]]
_T = TypeVar("_T")

MAX_UNPACKED_BYTES = 192 * 1024 * 1024
"""All members together; the largest workbook on file unpacks to 20 MiB."""
MAX_RATIO = 200
"""Unpacked over packed size of one member above 1 MiB; the publishers' files stay below 30."""
MAX_COLUMNS = 4_096
MAX_ROWS = 200_000


class Workbook:
    """The sheets of an xlsx file by name, as plain rows.

    Args:
        body: The file's bytes.
        what: The publisher's name for the file, for messages.

    Raises:
        SourceFormatChanged: No zip, no workbook, too large unpacked, or holding entities.
    """

    def __init__(self, body: bytes, *, what: str) -> None:
        self._what = what
        self._check_members(body)
        self._book: Any = self._guard(
            lambda: load_workbook(io.BytesIO(body), read_only=True, keep_links=False)
        )

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Names of the sheets in their order."""
        return tuple(self._book.sheetnames)

    def read_sheet(self, name: str, *, max_rows: int = MAX_ROWS) -> Rows:
        """Return the rows of a sheet; a formula is its text and is never evaluated.

        Args:
            name: The sheet's name, blanks around it and letter case aside.
            max_rows: More rows than this are an error.

        Raises:
            SourceFormatChanged: No such sheet, or it is damaged or too large.
        """
        wanted = name.strip().casefold()
        found = [title for title in self.sheet_names if title.strip().casefold() == wanted]
        if len(found) != 1:
            message = (
                f"{self._what} has no sheet {name!r}; it has: {', '.join(self.sheet_names)[:300]}. "
                "Look at the file: the publisher has changed its layout"
            )
            raise SourceFormatChanged(message, sheet=name)
        sheet = self._book[found[0]]
        if not hasattr(sheet, "iter_rows"):
            message = f"{self._what}: {name!r} is a chart, not a sheet of cells"
            raise SourceFormatChanged(message, sheet=name)
        rows: Rows = self._guard(lambda: self._collect(sheet, max_rows))
        return rows

    def _collect(self, sheet: Any, max_rows: int) -> Rows:  # noqa: ANN401 - openpyxl is untyped
        # What the library has read of the workbook has no public name.
        reader = SheetReader(
            strings=sheet._shared_strings,  # noqa: SLF001
            date_styles=self._book._date_formats,  # noqa: SLF001
            epoch=self._book.epoch,
            max_rows=max_rows,
            max_columns=MAX_COLUMNS,
        )
        with sheet._get_source() as stream:  # noqa: SLF001
            return reader.read(stream)

    def _check_members(self, body: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            message = f"{self._what} is no xlsx workbook but {describe_body(body)}"
            raise SourceFormatChanged(message) from error
        total = sum(member.file_size for member in members)
        bombs = [
            member.filename
            for member in members
            if member.file_size > max(2**20, MAX_RATIO * member.compress_size)
        ]
        if total > MAX_UNPACKED_BYTES or bombs:
            message = (
                f"{self._what} would unpack to {total:,} bytes, suspect members {bombs[:3]}: "
                "refused unread as a likely zip bomb"
            )
            raise SourceFormatChanged(message, unpacked_bytes=total)

    def _guard(self, read: Callable[[], _T]) -> _T:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and extensions, which are not read
                return read()
        except SourceFormatChanged:
            raise
        except Exception as error:  # a damaged workbook raises whatever it likes
            message = f"{self._what} is damaged or no workbook ({type(error).__name__}: {error})"
            raise SourceFormatChanged(message[:400]) from error


def name_cell(sheet: str, *, row: int, column: int) -> str:
    """Return the address of a cell, both numbers counted from 0.

    Example:
        >>> name_cell("Monthly Prices", row=699, column=63)
        'Monthly Prices!BL700'
    """
    return f"{sheet}!{get_column_letter(column + 1)}{row + 1}"
