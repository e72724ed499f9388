"""IEA Critical Minerals Data Explorer: demand by mineral, use and scenario.

Two of the workbook's sheets are read. Their layout: a row of scenario titles, below it a row of
years, then rows of figures; on the first sheet a row with a name alone begins a mineral's block.
The base year stands before the scenarios and is history; it tells the edition. Scenarios of
another name, as in the edition of July 2026, are refused.

Source: IEA, Critical Minerals Data Explorer, edition of July 2023, all figures in kilotonnes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.editions import find_edition
from g7warn.feeds.reading import Figure, Reading
from g7warn.feeds.workbook import Rows, Workbook, name_cell

if TYPE_CHECKING:
    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

BLOCK_SHEET = "1 Total demand for key minerals"
FLAT_SHEET = "3.2 Cleantech demand by mineral"
SCENARIOS: dict[str, str] = {
    "stated policies scenario": "steps",
    "announced pledges scenario": "aps",
    "net zero emissions by 2050 scenario": "nze",
}
_WHAT = "IEA Critical Minerals Data Explorer"
_UNIT = re.compile(r"\((kt|t|Mt)\)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    first_row: int
    columns: dict[int, tuple[str, str]]
    unit: str


class IeaCmSource:
    """Reads total demand by use, and clean-technology demand by mineral."""

    name = "iea_cm"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return demand of the base year, and of each scenario as projections."""
        book = Workbook(payload.body, what=_WHAT)
        reading = Reading(dataset, what=_WHAT, unknown_id="unknown.use.demand.world.iea")
        base_year = 0
        for sheet in (BLOCK_SHEET, FLAT_SHEET):
            rows = book.read_sheet(sheet)
            layout = _find_layout(rows, sheet)
            base = [int(year) for kind, year in layout.columns.values() if kind == "base"]
            base_year = max([base_year, *base])
            _read_rows(rows, sheet, layout, reading)
        return reading.finish(released_at=find_edition(dataset, base_year))


def _find_layout(rows: Rows, sheet: str) -> _Layout:
    unit = ""
    for number, row in enumerate(rows[:12]):
        texts = [str(cell) for cell in row if isinstance(cell, str)]
        if texts and (match := _UNIT.search(texts[0])):
            unit = match[1]
        if not any(text.strip().casefold().endswith(" scenario") for text in texts):
            continue
        unknown = [text for text in texts if text.strip().casefold() not in SCENARIOS]
        years = rows[number + 1] if number + 1 < len(rows) else ()
        columns = _read_columns(row, years)
        if unknown:
            message = f"{_WHAT}: sheet {sheet!r} has unknown scenarios {unknown[:5]}"
            raise SourceFormatChanged(message, sheet=sheet, scenarios=unknown[:5])
        if not columns or not unit:
            break
        return _Layout(first_row=number + 2, columns=columns, unit=unit)
    message = (
        f"{_WHAT}: sheet {sheet!r} has no unit, or no row of the scenarios "
        f"{list(SCENARIOS)} above a row of years"
    )
    raise SourceFormatChanged(message, sheet=sheet)


def _read_columns(
    titles: tuple[object, ...], years: tuple[object, ...]
) -> dict[int, tuple[str, str]]:
    scenario, found = "base", {}
    for index, year in enumerate(years):
        title = titles[index] if index < len(titles) else None
        if isinstance(title, str) and title.strip():
            scenario = SCENARIOS.get(title.strip().casefold(), "")
        if isinstance(year, int) and scenario:
            found[index] = (scenario, str(year))
    pairs = list(found.values())
    return found if len(set(pairs)) == len(pairs) else {}


def _read_rows(rows: Rows, sheet: str, layout: _Layout, reading: Reading) -> None:
    block = ""
    for number, row in enumerate(rows[layout.first_row :], start=layout.first_row):
        name = str(row[0]).strip() if row and row[0] is not None else ""
        cells = [(index, row[index]) for index in range(1, len(row)) if row[index] is not None]
        if name and not cells:
            block = name
            continue
        for index, cell in cells:
            scenario, year = layout.columns.get(index, ("unknown column", ""))
            labels = (block or "clean technologies", name, scenario)
            reading.take(
                Figure(
                    labels=labels,
                    period=year,
                    cell=cell,
                    unit="share" if name.startswith("Share of") else layout.unit,
                    ref=name_cell(sheet, row=number, column=index),
                    status="A" if scenario == "base" else "F",
                )
            )


SOURCE = IeaCmSource()
