"""From long price tables to matrices: months without holes, trading days as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from g7warn.domain.marking import Tlp
from g7warn.domain.period import Frequency, Period, month_label
from g7warn.domain.series import ObsStatus
from g7warn.signals.calendar import index_month, month_index
from g7warn.signals.matrix import PriceMatrix, PriceRow

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
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
    place, labels = pd.factorize(prices["period"])
    periods = [Period.parse(label) for label in labels]
    is_kind = np.array([period.frequency in kinds for period in periods], dtype=bool)[place]
    is_ahead = np.array([period.starts_at > as_of for period in periods], dtype=bool)[place]
    names = [
        period.starts_at.date().isoformat() if period.frequency is Frequency.WEEKLY else label
        for label, period in zip(labels, periods, strict=True)
    ]
    wanted = is_kind & ~is_ahead
    kept: pd.DataFrame = prices[wanted].copy()
    kept["period"] = pd.array(names, dtype="str").take(place[wanted])
    kept["note"] = ""
    kept["ahead"] = 0
    if is_ahead.any():
        ahead = prices.loc[is_kind & is_ahead, "series_id"].value_counts()
        kept["ahead"] = kept["series_id"].map(ahead).fillna(0)
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
                    "is_twice": False,
                    "ahead": 0,
                }
            )
        )
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _to_matrix(table: pd.DataFrame, *, is_monthly: bool) -> PriceMatrix:
    if table.empty:
        return PriceMatrix(rows=(), periods=(), log_prices=_freeze(np.empty((0, 0))))
    place, names = pd.factorize(table["period"], sort=True)
    labels = list(names)
    if is_monthly:
        months = np.array([month_index(label) for label in labels])
        labels = [index_month(index) for index in range(months[0], months[-1] + 1)]
        place = (months - months[0])[place]
    row, series = pd.factorize(table["series_id"], sort=True)
    values = table["value"].to_numpy(dtype=np.float64)
    log_prices = np.full((len(series), len(labels)), np.nan)
    positive = values > 0.0
    log_prices[row[positive], place[positive]] = np.log(values[positive])
    broken = (table["status"] == ObsStatus.BREAK).to_numpy(dtype=bool)
    last_break = np.zeros(len(series), dtype=np.int64)
    np.maximum.at(last_break, row[broken], place[broken])
    log_prices[np.arange(len(labels)) < last_break[:, None]] = np.nan
    about = table.assign(place=place, is_refused=~positive, is_break=broken)
    return PriceMatrix(
        rows=_describe_rows(about), periods=tuple(labels), log_prices=_freeze(log_prices)
    )


def _describe_rows(table: pd.DataFrame) -> tuple[PriceRow, ...]:
    """Return what is known of each series, by name; all at once, because panels are wide."""
    shares = table["revision_share"]
    table = table.assign(is_revised=shares > 0.0, revision_share=shares.fillna(0.0))
    series = table.groupby("series_id", sort=True)
    facts = series.agg(
        mineral=("mineral", "first"),
        area=("area", "first"),
        unit=("unit", "first"),
        vintage_at=("known_at", "max"),
        is_estimated=("is_estimated", "any"),
        tlp=("tlp", "max"),
        note=("note", "first"),
        refused=("is_refused", "sum"),
        twice=("is_twice", "sum"),
        ahead=("ahead", "first"),
        has_break=("is_break", "any"),
        revised=("is_revised", "sum"),
        largest=("revision_share", "max"),
    )
    newest = table.sort_values(["series_id", "place"], kind="stable")
    facts["status"] = newest.groupby("series_id", sort=True)["status"].last()
    return tuple(
        PriceRow(
            series_id=str(name),
            mineral=str(about["mineral"]),
            area=str(about["area"]),
            unit=str(about["unit"]),
            vintage_at=about["vintage_at"].to_pydatetime(),
            is_estimated=bool(about["is_estimated"]),
            tlp=Tlp(int(about["tlp"])),
            notes=_word_notes(about),
            newest_status=str(about["status"]),
            revised=int(about["revised"]),
            largest_revision_share=float(about["largest"]),
        )
        for name, about in facts.to_dict("index").items()
    )


def _word_notes(about: Mapping[Hashable, Any]) -> tuple[str, ...]:
    notes = [str(about["note"])] if about["note"] else []
    if refused := int(about["refused"]):
        notes.append(f"{refused} prices at or below zero have no logarithm and were left out")
    if twice := int(about["twice"]):
        notes.append(f"{twice} prices are stated twice with one date: the last one given counts")
    if ahead := int(about["ahead"]):
        notes.append(f"{ahead} prices of periods that have not begun were left out")
    if about["has_break"]:
        notes.append("history before the publisher's last break of series was left out")
    return tuple(notes)


def _freeze(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values
