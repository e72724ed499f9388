"""The form of signals that state a fact: it is there with certainty, or it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from g7warn.domain.signal import Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.domain.signal import Direction, Evidence, Severity
    from g7warn.signals.base import Indicator


def observed_signal(  # noqa: PLR0913 - the fields of a signal that differ between facts
    indicator: Indicator,
    *,
    mineral: str,
    area: str,
    direction: Direction,
    score: float,
    past: Sequence[float] | np.ndarray,
    severity: Severity,
    criterion: str,
    reason: str,
    evidence: Evidence,
    percentile: float | None = None,
) -> Signal:
    """Return a fact as a signal.

    Args:
        indicator: Whose signal it is.
        mineral: Mineral code.
        area: `world` or an ISO alpha-2 code.
        direction: Which way the quantity goes.
        score: The indicator's number, higher = more unusual.
        past: The same number at earlier periods, for the percentile; without any, 0.5 stands.
        severity: NONE where there is nothing.
        criterion: The consequence in words that can be checked.
        reason: One plain sentence.
        evidence: What it rests on.
        percentile: The place among the past where the score already is one.
    """
    earlier = np.asarray(past, dtype=np.float64)
    earlier = earlier[~np.isnan(earlier)]
    place = np.mean(earlier < score) + 0.5 * np.mean(earlier == score) if earlier.size else 0.5
    return Signal(
        mineral=mineral,
        area=area,
        family=indicator.family,
        indicator=indicator.name,
        direction=direction,
        score=score,
        percentile=float(place) if percentile is None else percentile,
        probability=1.0 if severity else 0.0,
        severity=severity,
        is_observed=bool(severity),
        horizon_months=0,
        criterion=criterion,
        reason=reason,
        evidence=evidence,
    )
