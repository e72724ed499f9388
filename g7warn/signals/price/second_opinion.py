"""The form of a second opinion: a detector's deviation as context, which raises no alert."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from g7warn.domain.signal import Direction, Severity
from g7warn.signals.evidence import price_evidence
from g7warn.signals.observed import observed_signal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.domain.signal import Signal
    from g7warn.signals.base import Indicator
    from g7warn.signals.matrix import PriceMatrix


def opinion_signal(  # noqa: PLR0913 - what differs between second opinions
    indicator: Indicator,
    prices: PriceMatrix,
    row: int,
    *,
    z: float,
    is_news: bool,
    criterion: str,
    reason: str,
    values: Mapping[str, float],
    thresholds: Mapping[str, float],
) -> Signal:
    """Return a detector's finding on one price as a signal of at most MINOR severity.

    Args:
        indicator: Whose signal it is.
        prices: Where the price stands.
        row: Its row.
        z: Standard normal deviations, positive for a rise; NaN where the history is too short,
            which the evidence then says.
        is_news: Whether it is told.
        criterion: The finding in words that can be checked.
        reason: One plain sentence.
        values: Numbers of the evidence.
        thresholds: From which they are told.
    """
    is_unknown = bool(np.isnan(z))
    return observed_signal(
        indicator,
        mineral=prices.rows[row].mineral,
        area=prices.rows[row].area,
        direction=Direction.DOWN if z < 0 else Direction.UP,
        score=abs(z),
        past=(),
        percentile=0.5 if is_unknown else float(norm.cdf(abs(z))),
        severity=Severity.MINOR if is_news else Severity.NONE,
        criterion=criterion,
        reason=reason,
        evidence=price_evidence(
            prices,
            row,
            values=values,
            thresholds=thresholds,
            notes=("history too short",) if is_unknown else (),
        ),
    )
