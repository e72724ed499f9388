"""IEA Critical Minerals Data Explorer: supply by mineral, stage and country.

One sheet is read, `2 Total supply for key minerals`, which editions hold since May 2024. Its
layout: a title that ends in the unit, a row of years, and below it blocks side by side, mining on
the left and refining on the right. A cell such as `Copper - Mining` begins a block; below it stand
countries, `Rest of world`, `Total` and `Top 3 share`. Blocks are found by that cell and years by
the row above, so that further minerals, years or columns are read or refused by name. The first
year is history; the others are the base case of announced projects.

Source: IEA, Critical Minerals Data Explorer, editions of May 2024, May 2025 and July 2026, as three
public programs that read them describe the sheet (seen 2026-11-23). No edition with this sheet was
at hand to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from g7warn.domain.place import WORLD
from g7warn.errors import SourceFormatChanged
from g7warn.feeds.countries import find_area
from g7warn.feeds.editions import find_edition
from g7warn.feeds.reading import Figure, Reading
from g7warn.feeds.workbook import Rows, Workbook, name_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

SHEET = "2 Total supply for key minerals"
_WHAT = "IEA Critical Minerals Data Explorer"
_UNIT = re.compile(r"\((kt|t|Mt)\)\s*$")
_BLOCK = re.compile(r"\s*(\S.*?) - (\S[^()]*?)\s*(?:\([^()]*\))?\s*")
_NOTES = re.compile(r"\s*notes?\b", re.IGNORECASE)
_LEFT_OUT = re.compile(r"\s*(rest of (the )?world|other\b.*|top \d+ share)\s*", re.IGNORECASE)
_TOTAL = re.compile(r"\s*total\b.*", re.IGNORECASE)
_YEAR = re.compile(r"\s*((?:19|20)\d\d)(?:\.0)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A mineral at a stage: its rows, the column of its countries, and the years beside it."""

    labels: tuple[str, str]
    first_row: int
    end_row: int
    column: int
    years: dict[int, str]


class IeaSupplySource:
    """Reads mining and refining by country."""

    name = "iea_supply"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return supply of the base year, and its projections in series of their own."""
        rows = Workbook(payload.body, what=_WHAT).read_sheet(SHEET)
        unit, line = _find_unit(rows), _find_year_line(rows)
        reading = Reading(dataset, what=_WHAT, unknown_id="unknown.mine.production.world.iea")
        base_year = min(_find_years(rows[line]).values())
        left_out = 0
        for block in _find_blocks(rows, line):
            for figure, is_left_out in _read_block(rows, block, base_year, unit):
                left_out += is_left_out
                if not is_left_out:
                    reading.take(figure)
        reading.notes.append(f"{left_out} figures are of remainders or of several countries")
        return reading.finish(released_at=find_edition(dataset, int(base_year)))


def _find_unit(rows: Rows) -> str:
    titles = (cell for row in rows[:6] for cell in row if isinstance(cell, str))
    unit = next((match[1] for title in titles if (match := _UNIT.search(title))), "")
    if not unit:
        message = f"{_WHAT}: no title of sheet {SHEET!r} ends in a unit such as (kt)"
        raise SourceFormatChanged(message, sheet=SHEET)
    return unit


def _find_year_line(rows: Rows) -> int:
    for number, row in enumerate(rows[:12]):
        if len(_find_years(row)) > 1:
            return number
    message = f"{_WHAT}: no row of sheet {SHEET!r} holds years"
    raise SourceFormatChanged(message, sheet=SHEET)


def _find_years(row: tuple[object, ...]) -> dict[int, str]:
    matches = ((column, _YEAR.fullmatch(str(cell))) for column, cell in enumerate(row))
    return {column: match[1] for column, match in matches if match}


def _find_blocks(rows: Rows, line: int) -> Iterator[_Block]:
    """Yield every block with the unbroken run of years that begins beside its first column."""
    years = _find_years(rows[line])
    starts = [
        (number, column, match[1], match[2])
        for number, row in enumerate(rows[line + 1 :], start=line + 1)
        for column, cell in enumerate(row)
        if isinstance(cell, str) and (match := _BLOCK.fullmatch(cell))
        if not any(isinstance(other, int | float) for other in row[column + 1 : column + 2])
    ]
    for number, column, mineral, stage in starts:
        last = column
        while last + 1 in years:
            last += 1
        own = {index: years[index] for index in range(column + 1, last + 1)}
        if not own or len(set(own.values())) != len(own):
            message = (
                f"{_WHAT}: beside {mineral + ' - ' + stage!r} in {SHEET!r} stand the years "
                f"{list(own.values())}: none, or one twice"
            )
            raise SourceFormatChanged(message, sheet=SHEET)
        ends = [other for other, at, *_ in starts if at == column and other > number]
        yield _Block(
            labels=(mineral, stage),
            first_row=number + 1,
            end_row=min([*ends, len(rows)]),
            column=column,
            years=own,
        )


def _read_block(
    rows: Rows, block: _Block, base_year: str, unit: str
) -> Iterator[tuple[Figure, bool]]:
    """Yield the figures, and whether each is of no single country."""
    for number, row in enumerate(rows[block.first_row : block.end_row], start=block.first_row):
        name = str(row[block.column] or "").strip() if block.column < len(row) else ""
        if _NOTES.match(name):
            return
        is_left_out = bool(_LEFT_OUT.fullmatch(name))
        for column, year in block.years.items():
            if column >= len(row) or row[column] is None:
                continue
            kind = () if year == base_year else ("projection",)
            figure = Figure(
                labels=(*block.labels, *kind),
                areas={"area": WORLD if _TOTAL.fullmatch(name) else find_area(name)},
                period=year,
                cell=row[column],
                unit=unit,
                ref=name_cell(SHEET, row=number, column=column),
                status="F" if kind else "A",
                place=name,
            )
            yield figure, is_left_out


SOURCE = IeaSupplySource()
