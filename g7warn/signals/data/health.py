"""The form that all data-health signals share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.domain.signal import Direction, Severity, Signal
from g7warn.signals.evidence import price_evidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.signals.base import Indicator
    from g7warn.signals.matrix import PriceMatrix


def health_signal(  # noqa: PLR0913 - the fields of a signal that differ between faults
    indicator: Indicator,
    prices: PriceMatrix,
    row: int,
    *,
    score: float,
    severity: Severity,
    criterion: str,
    reason: str,
    values: Mapping[str, float],
    thresholds: Mapping[str, float],
) -> Signal:
    """Return an observed fact about one price series; the percentile says whether it is at fault.

    A fault has no past to be compared with: it is there (percentile 1) or not (0).
    """
    about = prices.rows[row]
    return Signal(
        mineral=about.mineral,
        area=about.area,
        family=indicator.family,
        indicator=indicator.name,
        direction=Direction.DOWN,
        score=score,
        percentile=1.0 if severity else 0.0,
        probability=1.0 if severity else 0.0,
        severity=severity,
        is_observed=bool(severity),
        horizon_months=0,
        criterion=criterion,
        reason=reason,
        evidence=price_evidence(prices, row, values=values, thresholds=thresholds),
    )
