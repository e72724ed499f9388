"""From labelled figures to rows: finds the series, the area and the unit, or refuses by name.

Every source hands its figures here. What the catalogue does not know is refused once a label with
the number of cells behind it, so that a renamed column is one entry for a person, not a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from g7warn.errors import SourceFormatChanged, UnitMismatch
from g7warn.feeds.base import ParsedPayload
from g7warn.feeds.rows import ObservationRows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from g7warn.feeds.catalog import Dataset, SeriesRule
    from g7warn.feeds.csvtable import CsvTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure as a publisher labels it.

    Attributes:
        labels: The publisher's names for the series, as `names` of the catalogue join them.
        areas: Placeholder of the series id -> area token; an empty token is an unknown area.
        period: SDMX label.
        cell: The number or its text.
        unit: The publisher's unit text; None where the format states none.
        ref: Place in the payload.
        status: SDMX observation status.
        conf: SDMX confidentiality status.
        place: The publisher's own name of the area, for messages.
    """

    labels: tuple[str, ...]
    period: str
    cell: object
    ref: str
    unit: str | None = None
    areas: Mapping[str, str] = field(default_factory=dict)
    status: str = "A"
    conf: str = "F"
    place: str = ""


@dataclass(slots=True)
class _Fault:
    series_id: str
    figure: Figure
    count: int = 0


class Reading:
    """What is read of one payload.

    Args:
        dataset: Its catalogue entry.
        what: The publisher's name for the file, for messages.
        unknown_id: Series id under which labels that the catalogue does not know are refused.
        is_grouped: Whether the publisher groups thousands with commas.
    """

    def __init__(
        self, dataset: Dataset, *, what: str, unknown_id: str, is_grouped: bool = False
    ) -> None:
        self.rows = ObservationRows(is_grouped=is_grouped)
        self.notes: list[str] = []
        self._dataset = dataset
        self._what = what
        self._unknown_id = unknown_id
        self._faults: dict[str, _Fault] = {}
        self._scales: dict[tuple[str, str | None], tuple[str, float]] = {}

    def take(self, figure: Figure) -> None:
        """Add one figure to its series, or count it under the reason for which it is refused."""
        rule = self._dataset.find_rule(*figure.labels)
        if rule is None:
            if not self._dataset.is_ignored(*figure.labels):
                self._count(f"unknown label {'|'.join(figure.labels)!r}", figure, self._unknown_id)
            return
        if not all(figure.areas.values()):
            self._count(f"unknown area {figure.place!r}", figure, self._unknown_id)
            return
        name = _fill_areas(rule, figure)
        try:
            unit, factor = self._scale_of(rule, figure.unit)
        except UnitMismatch as error:
            self._count(error.message, figure, name)
            return
        self.rows.add(
            name,
            period=figure.period,
            cell=figure.cell,
            unit=unit,
            ref=figure.ref,
            status=figure.status,
            factor=factor,
            conf=figure.conf,
        )

    def refuse(self, figure: Figure, *, why: str) -> None:
        """Count one figure under a reason of the source's own."""
        rule = self._dataset.find_rule(*figure.labels)
        is_placed = rule is not None and all(figure.areas.values())
        name = _fill_areas(rule, figure) if rule and is_placed else self._unknown_id
        self._count(why, figure, name)

    def refuse_lines(self, table: CsvTable) -> None:
        """Refuse the lines of a file whose number of cells differs from the header's."""
        for number, text in table.damaged:
            why = f"line has another number of cells than the header ({len(table.columns)})"
            ref = f"line {number}"
            self.rows.refuse(self._unknown_id, period="", raw=text, unit="", ref=ref, why=why)

    def finish(
        self, *, released_at: datetime | None = None, may_be_empty: bool = False
    ) -> ParsedPayload:
        """Return the parsed payload.

        Args:
            released_at: The publisher's own release instant, where stated.
            may_be_empty: Whether a payload without any figure is a valid one.

        Raises:
            SourceFormatChanged: The payload holds no figure of a series that the catalogue knows.
        """
        if not len(self.rows) and not may_be_empty:
            reasons = "; ".join(list(self._faults)[:3])
            message = f"{self._what}: no figure of a known series was found. {reasons}".strip()
            raise SourceFormatChanged(message, feed=self._dataset.feed)
        for why, fault in self._faults.items():
            figure = fault.figure
            raw = " ".join(str(part) for part in (figure.cell, figure.unit or "") if str(part))
            self.rows.refuse(
                fault.series_id,
                period=figure.period,
                raw=raw,
                unit="",
                ref=figure.ref,
                why=f"{why} ({fault.count} cells)" if fault.count > 1 else why,
            )
        return ParsedPayload(
            table=self.rows.to_table(), released_at=released_at, notes=tuple(self.notes)
        )

    def _scale_of(self, rule: SeriesRule, text: str | None) -> tuple[str, float]:
        key = (rule.id, text)
        if key not in self._scales:
            found = self._dataset.scale_of(rule, text) if text is not None else None
            self._scales[key] = found or (rule.to_unit, rule.factor)
        return self._scales[key]

    def _count(self, why: str, figure: Figure, series_id: str) -> None:
        mineral = series_id.partition(".")[0]
        key = why if series_id == self._unknown_id else f"{mineral}: {why}"
        fault = self._faults.setdefault(key, _Fault(series_id=series_id, figure=figure))
        fault.count += 1


def _fill_areas(rule: SeriesRule, figure: Figure) -> str:
    name = rule.id
    for placeholder, area in figure.areas.items():
        name = name.replace("{" + placeholder + "}", area)
    return name
