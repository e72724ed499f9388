"""Facts as histories: one series of values by period, trade summed over partners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from g7warn.domain.mineral import list_minerals
from g7warn.domain.period import Frequency, Period
from g7warn.domain.place import WORLD
from g7warn.domain.series import ObsStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import pandas as pd

TONNES: Final = {"kg": 1e-3, "t": 1.0, "kt": 1e3, "mt": 1e6}
"""Unit of weight, lower case -> tonnes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """One quantity over time.

    Attributes:
        mineral: Catalogue code.
        area: Country or `world`; for trade the reporter.
        measure: What is counted; for trade with the heading.
        unit: Unit of the volumes.
        frequency: Of the periods.
        volumes: Period label -> value, oldest first, without holes filled.
        rows: The observations it was made of.
    """

    mineral: str
    area: str
    measure: str
    unit: str
    frequency: Frequency
    volumes: pd.Series
    rows: pd.DataFrame

    def is_current(self, as_of: datetime) -> bool:
        """Return whether the newest period ended at most three years, or six periods, ago."""
        period = Period.parse(str(self.volumes.index[-1]))
        months = 36.0 if period.frequency is Frequency.ANNUAL else 6.0 * period.frequency.months
        return (as_of - period.ends_at).days <= max(months, 3.0) * 31.0


def read_histories(facts: pd.DataFrame, *, by: str = "area") -> Iterator[History]:
    """Yield a history for each catalogue mineral, area, source, measure, unit and frequency.

    Of trade, the series with the world as partner counts; without one the partners are added up,
    one that is not stated in a period traded nothing then. Forecasts are left out.

    Args:
        facts: Rows of `Panel.facts`.
        by: `area`, or `reporter`: the part of a trade area before the underscore.
    """
    watched = {mineral.code for mineral in list_minerals()}
    facts = facts[facts["mineral"].isin(watched) & (facts["status"] != ObsStatus.FORECAST)]
    if facts.empty:
        return
    frequencies = {label: Period.parse(label).frequency for label in facts["period"].unique()}
    keyed = facts.assign(
        owner=facts["area"].str.split("_").str[0] if by == "reporter" else facts["area"],
        frequency=facts["period"].map({k: v.value for k, v in frequencies.items()}),
    )
    keys = ["mineral", "owner", "source", "measure", "unit", "frequency"]
    for (mineral, owner, _, measure, unit, frequency), group in keyed.groupby(keys, sort=True):
        is_total = group["area"].str.endswith(f"_{WORLD}")
        rows = group[is_total] if is_total.any() else group
        yield History(
            mineral=str(mineral),
            area=str(owner),
            measure=str(measure),
            unit=str(unit),
            frequency=Frequency(str(frequency)),
            volumes=rows.groupby("period")["value"].sum(),
            rows=rows,
        )


def is_weight(unit: str) -> bool:
    """Return whether a unit is one of weight.

    Example:
        >>> is_weight("kt"), is_weight("USD")
        (True, False)
    """
    return unit.lower() in TONNES


def year_before(series: pd.Series) -> pd.Series:
    """Return, for each period label, the value of the same period a year earlier, else NaN."""
    labels = [f"{int(label[:4]) - 1:04d}{label[4:]}" for label in series.index]
    return series.reindex(labels).set_axis(series.index)
