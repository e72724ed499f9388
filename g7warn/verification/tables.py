"""From long price tables to a (series x month) matrix of log prices; what is refused, by name."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from g7warn.errors import ValidationFailed
from g7warn.models.compiled import FloatArray

COLUMNS: Final = ("series_id", "period", "value", "unit")
LEAST_MONTHS: Final = 24
"""A series with fewer months says nothing that can be scored or learned."""

COPY_CORRELATION: Final = 0.98
"""One-month changes of two listings of the same price agree at least so well; the closest distinct
commodities of the World Bank (two crude oils) stay below 0.97 over their whole history."""

COPY_OVERLAP: Final = 60
"""Common changes before two series can be told to be copies: five years. Judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceMatrix:
    """Log prices of a long table on an unbroken monthly calendar.

    Attributes:
        series_ids: One a row.
        months: Month labels `2024-12`, one a column.
        log_prices: Series x month, NaN = missing.
        refused: Series left out, with the reason.
    """

    series_ids: tuple[str, ...]
    months: tuple[str, ...]
    log_prices: FloatArray
    refused: dict[str, str]


def read_price_table(table: pd.DataFrame, *, name: str) -> PriceMatrix:
    """Check a long monthly table and lay it out; a bad series is refused, the rest goes on.

    Args:
        table: Columns `series_id, period, value, unit`; periods such as 2024-12 or 2024M12.
        name: What the table is called in messages.

    Raises:
        ValidationFailed: A column is missing, or no series is left.
    """
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise ValidationFailed(
            f"the {name} table lacks the column(s) {', '.join(missing)}; "
            f"it needs {', '.join(COLUMNS)}",
            missing=missing,
        )
    if table.empty:
        raise ValidationFailed(f"the {name} table has no rows; write one a series and month")
    accepted: dict[str, pd.Series] = {}
    refused: dict[str, str] = {}
    for key, rows in table.groupby(table["series_id"].astype(str), sort=True, dropna=False):
        reason, series = _lay_out(rows)
        if reason:
            refused[str(key)] = reason
        else:
            accepted[str(key)] = series
    if not accepted:
        raise ValidationFailed(
            f"no series of the {name} table can be used; first reasons: "
            + "; ".join(f"{key}: {why}" for key, why in list(refused.items())[:3]),
            refused=refused,
        )
    wide = pd.DataFrame(accepted)
    calendar = pd.period_range(wide.index.min(), wide.index.max(), freq="M")
    return PriceMatrix(
        series_ids=tuple(wide.columns),
        months=tuple(str(month) for month in calendar),
        log_prices=np.ascontiguousarray(wide.reindex(calendar).to_numpy(dtype=np.float64).T),
        refused=refused,
    )


def _lay_out(rows: pd.DataFrame) -> tuple[str, pd.Series]:
    """Return (reason of refusal or empty, log prices by month)."""
    labels = rows["period"].astype(str).str.strip().str.replace("M", "-", regex=False)
    stamps = pd.to_datetime(
        labels.where(labels.str.fullmatch(r"\d{4}-\d{1,2}(-\d{2})?")),
        errors="coerce",
        format="mixed",
    )
    values = pd.to_numeric(rows["value"], errors="coerce").to_numpy(dtype=np.float64)
    reason = _refuse_cells(rows, stamps, values)
    if reason:
        return reason, pd.Series(dtype=np.float64)
    index = pd.PeriodIndex(stamps, freq="M")
    series = pd.Series(np.log(values), index=index).dropna().sort_index()
    return _refuse_calendar(index, series), series


def _refuse_cells(rows: pd.DataFrame, stamps: pd.Series, values: FloatArray) -> str:
    """Return why single cells make a series unusable, or an empty text."""
    if rows["series_id"].isna().any():
        return "has rows without a series_id; name every series"
    if rows["unit"].isna().any() or len(set(rows["unit"])) != 1:
        return "has no unit or more than one; give one unit a series"
    if stamps.isna().any():
        return "has periods that are no months; write 2024-12"
    if (np.isnan(values) & rows["value"].notna().to_numpy()).any():
        return "has text among its values; leave a missing value empty"
    if np.isinf(values).any() or (values <= 0.0).any():
        return "has values that are not above zero; a log price needs positive prices"
    return ""


def _refuse_calendar(index: pd.PeriodIndex, series: pd.Series) -> str:
    """Return why the months of a series make it unusable, or an empty text."""
    if index.has_duplicates:
        twice = index[index.duplicated()][0]
        return f"has the month {twice} twice; keep one value a month"
    if len(series) < LEAST_MONTHS:
        return f"has {len(series)} months; {LEAST_MONTHS} are needed"
    months = pd.PeriodIndex(series.index, freq="M")
    if (months[-1] - months[0]).n + 1 > 2 * len(series):
        return "is not monthly; most of its months are missing"
    return ""


def align_months(matrix: PriceMatrix, months: tuple[str, ...]) -> FloatArray:
    """Return the log prices on another unbroken calendar; NaN where the matrix has no month."""
    frame = pd.DataFrame(matrix.log_prices.T, index=list(matrix.months))
    return np.ascontiguousarray(frame.reindex(list(months)).to_numpy(dtype=np.float64).T)


def join_calendars(left: PriceMatrix, right: PriceMatrix) -> tuple[str, ...]:
    """Return the unbroken calendar that covers both matrices."""
    edges = [left.months[0], right.months[0], left.months[-1], right.months[-1]]
    calendar = pd.period_range(min(edges), max(edges), freq="M")
    return tuple(str(month) for month in calendar)


def find_copies(scored: FloatArray, pool: FloatArray) -> list[int]:
    """Return pool rows whose one-month changes are those of a scored series: the same price.

    Args:
        scored: Series x month, log price.
        pool: Series x month, same calendar.
    """
    ours, theirs = np.diff(scored, axis=1), np.diff(pool, axis=1)
    copies = []
    for row, other in enumerate(theirs):
        for own in ours:
            both = ~np.isnan(own) & ~np.isnan(other)
            if both.sum() < COPY_OVERLAP:
                continue
            a, b = own[both], other[both]
            if a.std() > 0 and b.std() > 0 and np.corrcoef(a, b)[0, 1] >= COPY_CORRELATION:
                copies.append(row)
                break
    return copies
