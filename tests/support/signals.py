"""Builders of signals and findings with plain defaults."""

from __future__ import annotations

from dataclasses import replace

from g7warn.domain.signal import Direction, Evidence, Family, Severity, Signal

_PLAIN = Signal(
    mineral="nickel",
    area="world",
    family=Family.PRICE,
    indicator="first_passage",
    direction=Direction.UP,
    score=0.4,
    percentile=0.9,
    probability=0.4,
    severity=Severity.SEVERE,
    is_observed=False,
    horizon_months=6,
    criterion="price at least 50 % above its level of 2022-03 within 6 months",
    reason="Nickel needs +12 % in 6 months.",
    evidence=Evidence(
        series_ids=("nickel.market.price.world.worldbank",),
        periods=("1960-01", "2022-03"),
        vintage_at=None,
    ),
)


def build_signal(**changes: object) -> Signal:
    """Return a plain price signal for nickel with the given fields changed."""
    return replace(_PLAIN, **changes)
