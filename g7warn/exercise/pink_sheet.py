"""The World Bank's price workbook, simulated: the layout of the release of January 2025."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.exercise.world import World

MARK = "SIMULATED by g7warn for demonstration: these are not the World Bank's prices"


def write_pink_sheet(world: World, *, unit_by_name: Mapping[str, str]) -> bytes:
    """Return the workbook as bytes; the same world gives the same bytes.

    Args:
        world: Where the prices come from.
        unit_by_name: Column name -> unit text, both as the publisher writes them.
    """
    book = Workbook()
    book.properties.title = MARK
    sheet = book.active
    sheet.title = "Monthly Prices"
    sheet.append(["World Bank Commodity Price Data (The Pink Sheet)"])
    sheet.append(["monthly prices in nominal US dollars, 1960 to present"])
    sheet.append([MARK])
    sheet.append([f"Updated on {world.issued_on:%B %d, %Y}"])
    sheet.append([None, *unit_by_name])
    sheet.append([None, *unit_by_name.values()])
    columns = [world.simulate_price(name).tolist() for name in unit_by_name]
    for month, *prices in zip(world.months, *columns, strict=True):
        sheet.append([month.replace("-", "M"), *prices])
    description = book.create_sheet("Description")
    description.append(["World Bank Commodity Price Data (The Pink Sheet)"])
    description.append([MARK])
    buffer = io.BytesIO()
    book.save(buffer)
    return _repack(buffer.getvalue(), issued_at=f"{world.issued_on}T00:00:00Z")


def _repack(workbook: bytes, *, issued_at: str) -> bytes:
    """Return the same workbook without the clock's traces in its archive and properties."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            body = source.read(entry)
            if entry.filename == "docProps/core.xml":
                body = re.sub(rb">\d{4}-\d\d-\d\dT[^<]*<", f">{issued_at}<".encode(), body)
            target.writestr(zipfile.ZipInfo(entry.filename), body, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
