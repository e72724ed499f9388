"""`Panel`: everything indicators may read at one instant, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from g7warn.domain.marking import Tlp
from g7warn.domain.mineral import list_minerals
from g7warn.domain.period import month_label
from g7warn.domain.place import WORLD, Bloc
from g7warn.domain.series import ConfStatus, SeriesId
from g7warn.signals.calendar import month_index
from g7warn.signals.lone_move import DAILY_JUMP, MONTHLY_JUMP, leave_out_lone_moves
from g7warn.signals.publication import Publications
from g7warn.signals.tables import build_daily, build_monthly

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from g7warn.domain.frames import ObservationFrame
    from g7warn.signals.matrix import PriceMatrix
    from g7warn.signals.trained import TrainedModel

CURRENT_MONTHS = 3
"""A price whose month ended more than this many months ago is no longer "the price now"; price
indicators are then silent and the data indicators speak. Judgement: as the forecasters' limit."""

FACT_YEARS = 20
"""Years of facts kept beside the prices. Judgement: shares and volumes of an older industry say
little about this one, and some histories reach back a century."""

_FACT_COLUMNS = [
    *("series_id", "mineral", "stage", "measure", "area", "source", "period", "value", "unit"),
    *("status", "known_at", "is_estimated", "tlp"),
]

_TLP_BY_CONF = {
    ConfStatus.FREE: Tlp.CLEAR,
    ConfStatus.NOT_FOR_PUBLICATION: Tlp.AMBER,
    ConfStatus.SECONDARY: Tlp.AMBER,
    ConfStatus.CONFIDENTIAL: Tlp.AMBER_STRICT,
}
"""Label of what was contributed under a CL_CONF_STATUS code. Judgement: confidential values stay
with those who need them to act; derived ones may be passed on inside members' organisations."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel:
    """What was known at `as_of`; indicators read it and nothing else.

    Attributes:
        as_of: Instant whose knowledge this is.
        monthly: Prices by month; minerals with daily prices alone stand here as monthly means.
        daily: Prices by trading day.
        facts: All other observations of the last `FACT_YEARS`, newest vintage by `as_of`, by
            series and period: series_id, mineral, stage, measure, area, source, period, value,
            unit, status, known_at, is_estimated, tlp.
        benchmarks: Catalogue mineral -> row of `monthly` that stands for its price.
        bloc: Countries on whose supply members may rely.
        model: Fitted model of price signals; None: pooled quantiles of the panel itself.
        publications: Calendars of the sources, and their releases that wait for a person.
    """

    as_of: datetime
    monthly: PriceMatrix
    daily: PriceMatrix
    facts: pd.DataFrame
    benchmarks: Mapping[str, int]
    bloc: Bloc = field(default_factory=Bloc)
    model: TrainedModel | None = None
    publications: Publications = field(default_factory=Publications)

    def age_months(self, row: int) -> int:
        """Return the months from a row's newest month to the month of `as_of`; 1 = up to date."""
        column = self.monthly.newest_column(row)
        if column < 0:
            return month_index(month_label(self.as_of))
        return month_index(month_label(self.as_of)) - month_index(self.monthly.periods[column])

    def current_benchmarks(self) -> dict[str, int]:
        """Return the benchmarks whose price is not older than `CURRENT_MONTHS`."""
        rows = self.benchmarks.items()
        return {name: row for name, row in rows if self.age_months(row) <= CURRENT_MONTHS + 1}

    def facts_on(self, measure: str, *, stage: str | None = None) -> pd.DataFrame:
        """Return the facts of one measure, of one stage where it is given, oldest period first."""
        keep = self.facts["measure"] == measure
        if stage is not None:
            keep &= self.facts["stage"] == stage
        return self.facts[keep]


def build_panel(
    frame: ObservationFrame,
    *,
    as_of: datetime,
    bloc: Bloc | None = None,
    tlp_by_source: Mapping[str, Tlp] | None = None,
    model: TrainedModel | None = None,
    publications: Publications | None = None,
) -> Panel:
    """Return what `frame` tells at `as_of`.

    Facts known later, older vintages and prices of months that begin after `as_of` are left out. A
    month counts once it is known, even the running one. History before the last observation
    marked as a break (OBS_STATUS B) is not comparable and not used. A newest price that jumped
    alone waits for the next one.

    Args:
        frame: Observations of any vintages.
        as_of: Instant, aware.
        bloc: Countries inside; by default G7, EU and partners.
        tlp_by_source: Last token of a series id -> label of everything derived from that source.
        model: Fitted model for the price signals, of this instant or earlier.
        publications: How the sources are published; without it nothing is said of that.
    """
    known = frame.known_by(as_of).table
    known["revision_share"], known["is_twice"] = _compare_vintages(frame.table, known, as_of=as_of)
    table = _describe(known, tlp_by_source or {})
    is_price = table["measure"] == "price"
    prices = table[is_price & (table["stage"] == "market")]
    daily = leave_out_lone_moves(build_daily(prices, as_of=as_of), jump=DAILY_JUMP)
    monthly = build_monthly(prices, daily=daily, as_of=as_of)
    monthly = leave_out_lone_moves(monthly, jump=MONTHLY_JUMP)
    return Panel(
        as_of=as_of,
        monthly=monthly,
        daily=daily,
        facts=_keep_facts(table[~is_price], as_of=as_of),
        benchmarks=MappingProxyType(choose_benchmarks(monthly)),
        bloc=bloc or Bloc(),
        model=model,
        publications=publications or Publications(),
    )


def choose_benchmarks(monthly: PriceMatrix) -> dict[str, int]:
    """Return, for each catalogue mineral with a world price, the row that stands for it.

    The series with the newest month wins, then the longest, then the first by name.
    """
    watched = {mineral.code for mineral in list_minerals()}
    ranked: dict[str, tuple[int, int, int]] = {}
    lengths = (~np.isnan(monthly.log_prices)).sum(axis=1)
    for row, about in enumerate(monthly.rows):
        if about.mineral not in watched or about.area != WORLD:
            continue
        rank = (monthly.newest_column(row), int(lengths[row]), -row)
        if about.mineral not in ranked or rank > ranked[about.mineral]:
            ranked[about.mineral] = rank
    return {mineral: -rank[2] for mineral, rank in sorted(ranked.items())}


def _keep_facts(table: pd.DataFrame, *, as_of: datetime) -> pd.DataFrame:
    place, labels = pd.factorize(table["period"])
    years = np.array([int(label[:4]) for label in labels], dtype=np.int64)
    recent = years[place] > as_of.year - FACT_YEARS
    return table.loc[recent, _FACT_COLUMNS].reset_index(drop=True)


def _compare_vintages(
    table: pd.DataFrame, newest: pd.DataFrame, *, as_of: datetime
) -> tuple[pd.Series, pd.Series]:
    """Return each newest value's distance from its previous vintage, and whether that has its date.

    Args:
        table: All vintages.
        newest: Those that count, one a series and period.
        as_of: Later vintages are not looked at.

    Returns:
        Shares of the previous value, NaN where there is none; and booleans.
    """
    keys = ["series_id", "period"]
    table = table[table["known_at"] <= pd.Timestamp(as_of)]
    repeated = table[table.duplicated(keys, keep=False)].sort_values("known_at", kind="stable")
    earlier = repeated.groupby(keys)["value"].nth(-2)
    before = repeated.loc[earlier.index].set_index(keys)[["value", "known_at"]]
    before = before.reindex(pd.MultiIndex.from_frame(newest[keys]))
    previous, is_twice = before["value"].to_numpy(), before["known_at"].array == newest["known_at"]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.abs(newest["value"].to_numpy() / previous - 1.0)
    shares = np.where(np.isfinite(shares), shares, np.nan)
    return pd.Series(shares, index=newest.index), is_twice


def _describe(table: pd.DataFrame, tlp_by_source: Mapping[str, Tlp]) -> pd.DataFrame:
    """Return the observations with the tokens of their series id and their label as columns."""
    described = table.copy(deep=False)
    place, names = pd.factorize(table["series_id"])
    series = [SeriesId.parse(name) for name in names]
    for token in ("mineral", "stage", "measure", "area", "source"):
        values = pd.array([getattr(one, token) for one in series], dtype="str")
        described[token] = values.take(place)
    by_source = np.array([tlp_by_source.get(one.source, 0) for one in series], dtype=np.int64)
    code, codes = pd.factorize(table["conf"])
    known = {str(conf): tlp for conf, tlp in _TLP_BY_CONF.items()}
    # An unknown code is treated as a secret.
    by_conf = np.array([known.get(one, Tlp.AMBER_STRICT) for one in codes], dtype=np.int64)
    described["tlp"] = np.maximum(by_source[place], by_conf[code])
    return described
