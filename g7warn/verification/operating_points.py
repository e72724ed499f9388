"""What each probability would have caught, counted on odds given before the fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.record import OperatingPoint, OperatingRecord
from g7warn.domain.signal import Direction
from g7warn.models.probability import mark_running
from g7warn.verification.alert_budget import WINDOW_MONTHS, match_leads, raise_alerts
from g7warn.verification.events import date_episodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.models.compiled import BoolArray, FloatArray
    from g7warn.verification.events import Episode
    from g7warn.verification.walk_forward import PastForecasts

PROBABILITIES: Final = tuple(round(0.05 * step, 2) for step in range(1, 20))
"""Points a member may choose from: odds are known to about five hundredths (`hysteresis` in
`grade/rubric.yaml`)."""

TARGET: Final = "onset_{direction}_6"
"""The odds on which alerts are raised."""


def draw_records(
    log_prices: FloatArray, months: Sequence[str], past: PastForecasts
) -> tuple[OperatingRecord, ...]:
    """Return the record of each direction.

    Args:
        log_prices: Series x month, NaN = missing.
        months: Labels of the columns.
        past: Odds of a model that had not seen the months it speaks of.
    """
    last = log_prices.shape[1] - 1 - WINDOW_MONTHS
    span = (months[past.first_month], months[last])
    records = []
    for way in Direction:
        odds = past.probability[TARGET.format(direction=way)].copy()
        odds[:, last + 1 :] = np.nan  # their window has not closed yet
        records.append(judge_odds(log_prices, odds, way, span=span))
    return tuple(records)


def judge_odds(
    log_prices: FloatArray, odds: FloatArray, direction: Direction, *, span: tuple[str, str]
) -> OperatingRecord:
    """Return what alerts at each of `PROBABILITIES` would have been.

    Args:
        log_prices: Series x month.
        odds: Series x month, made at the time; NaN where nobody watched. Its last months are empty
            where their window has not closed yet.
        direction: Spikes or crashes.
        span: First and last month with odds.
    """
    running, watched = mark_running(log_prices, direction), ~np.isnan(odds)
    columns = np.flatnonzero(watched.any(axis=0))
    first, last = (int(columns[0]), int(columns[-1])) if columns.size else (0, -1)
    onsets = [e for e in date_episodes(log_prices, direction) if e.onset > first]
    due = [e for e in onsets if e.onset <= last and watched[e.series, first : e.onset].any()]
    points = []
    for probability in PROBABILITIES:
        alerts = raise_alerts(odds, running, np.full(odds.shape, probability))
        leads = [lead for lead in match_leads(alerts, due) if lead]
        points.append(
            OperatingPoint(
                probability=probability,
                alerts=int(alerts.sum()),
                right=_count_right(alerts, onsets),
                caught=len(leads),
                median_lead_months=float(np.median(leads)) if leads else 0.0,
            )
        )
    return OperatingRecord(
        direction=direction,
        first_month=span[0],
        last_month=span[1],
        series=int(watched.any(axis=1).sum()),
        series_years=float(watched.sum()) / 12.0,
        episodes=len(due),
        points=tuple(points),
    )


def _count_right(alerts: BoolArray, onsets: list[Episode]) -> int:
    """Return how many alerts an onset of the same series followed within the window."""
    is_due = np.zeros(alerts.shape, dtype=np.bool_)
    for onset in onsets:
        is_due[onset.series, max(0, onset.onset - WINDOW_MONTHS) : onset.onset] = True
    return int((alerts & is_due).sum())
