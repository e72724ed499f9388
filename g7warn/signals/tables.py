"""From long price tables to matrices: months without holes, trading days as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from g7warn.domain.marking import Tlp
from g7warn.domain.period import Frequency, Period, month_label
from g7warn.domain.series import ObsStatus
from g7warn.signals.calendar import index_month, month_index
from g7warn.signals.matrix import PriceMatrix, PriceRow

if TYPE_CHECKING:
    from datetime import datetime

_DAYS_FOR_A_MONTH = 10
"""Daily prices a month needs before its mean stands for it: half the trading days. Judgement."""


def build_monthly(prices: pd.DataFrame, *, daily: PriceMatrix, as_of: datetime) -> PriceMatrix:
    """Return monthly prices on a calendar without holes.

    Args:
        prices: Described price observations, one vintage each.
        daily: Daily prices; series that have no monthly ones enter as means of complete months.
        as_of: Months that begin after it are left out.
    """
    months = _of_frequency(prices, {Frequency.MONTHLY}, as_of=as_of)
    given = set(months["series_id"])
    means = [row for row, about in enumerate(daily.rows) if about.series_id not in given]
    derived = _monthly_means(daily, means, as_of=as_of)
    return _to_matrix(pd.concat([months, derived], ignore_index=True), is_monthly=True)


def build_daily(prices: pd.DataFrame, *, as_of: datetime) -> PriceMatrix:
    """Return daily and weekly prices on the union of their dates."""
    return _to_matrix(
        _of_frequency(prices, {Frequency.DAILY, Frequency.WEEKLY}, as_of=as_of), is_monthly=False
    )


def _of_frequency(prices: pd.DataFrame, kinds: set[Frequency], *, as_of: datetime) -> pd.DataFrame:
    """Return the rows of some frequencies that begin by `as_of`, weeks named by their first day."""
    labels: dict[str, str] = {}
    for label in prices["period"].unique():
        period = Period.parse(label)
        if period.frequency in kinds and period.starts_at <= as_of:
            is_week = period.frequency is Frequency.WEEKLY
            labels[label] = period.starts_at.date().isoformat() if is_week else label
    kept = prices[prices["period"].isin(labels.keys())].copy()
    kept["period"] = kept["period"].map(labels).astype("str")
    kept["note"] = ""
    return kept


def _monthly_means(daily: PriceMatrix, rows: list[int], *, as_of: datetime) -> pd.DataFrame:
    """Return means of complete months of the named daily rows, as a long table."""
    running = month_label(as_of)
    months = np.asarray([label[:7] for label in daily.periods], dtype=str)
    found = []
    for row in rows:
        about, known = daily.rows[row], ~np.isnan(daily.log_prices[row])
        means = pd.Series(np.exp(daily.log_prices[row, known])).groupby(months[known])
        kept = means.mean()[means.count() >= _DAYS_FOR_A_MONTH]
        kept = kept[kept.index < running]
        found.append(
            pd.DataFrame(
                {
                    "series_id": about.series_id,
                    "mineral": about.mineral,
                    "area": about.area,
                    "unit": about.unit,
                    "period": kept.index.astype(str),
                    "value": kept.to_numpy(),
                    "known_at": pd.Timestamp(about.vintage_at),
                    "is_estimated": about.is_estimated,
                    "tlp": int(about.tlp),
                    "status": about.newest_status,
                    "revision_share": about.largest_revision_share,
                    "note": "monthly means of daily prices",
                }
            )
        )
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _to_matrix(table: pd.DataFrame, *, is_monthly: bool) -> PriceMatrix:
    if table.empty:
        return PriceMatrix(rows=(), periods=(), log_prices=_freeze(np.empty((0, 0))))
    labels = sorted(table["period"].unique())
    if is_monthly:
        first, last = month_index(labels[0]), month_index(labels[-1])
        labels = [index_month(index) for index in range(first, last + 1)]
    columns = {label: column for column, label in enumerate(labels)}
    table = table.assign(place=table["period"].map(columns).to_numpy(dtype=np.int64))
    log_prices = np.full((table["series_id"].nunique(), len(labels)), np.nan)
    rows = []
    for row, (_, part) in enumerate(table.groupby("series_id", sort=True)):
        places = part["place"].to_numpy()
        values = part["value"].to_numpy(dtype=np.float64)
        positive = values > 0.0
        log_prices[row, places[positive]] = np.log(values[positive])
        breaks = places[(part["status"] == ObsStatus.BREAK).to_numpy()]
        if breaks.size:
            log_prices[row, : breaks.max()] = np.nan
        rows.append(_describe_row(part, refused=int((~positive).sum()), breaks=breaks.size))
    return PriceMatrix(rows=tuple(rows), periods=tuple(labels), log_prices=_freeze(log_prices))


def _describe_row(part: pd.DataFrame, *, refused: int, breaks: int) -> PriceRow:
    first, newest = part.iloc[0], part.iloc[int(part["place"].argmax())]
    revisions = part["revision_share"].dropna()
    notes = [str(note) for note in part["note"].unique() if note]
    if refused:
        notes.append(f"{refused} prices at or below zero have no logarithm and were left out")
    if breaks:
        notes.append("history before the publisher's last break of series was left out")
    return PriceRow(
        series_id=str(first["series_id"]),
        mineral=str(first["mineral"]),
        area=str(first["area"]),
        unit=str(first["unit"]),
        vintage_at=part["known_at"].max().to_pydatetime(),
        is_estimated=bool(part["is_estimated"].any()),
        tlp=Tlp(int(part["tlp"].max())),
        notes=tuple(notes),
        newest_status=str(newest["status"]),
        revised=int((revisions > 0.0).sum()),
        largest_revision_share=float(revisions.max()) if len(revisions) else 0.0,
    )


def _freeze(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values
