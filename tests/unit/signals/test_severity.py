"""Steps of the scales."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.domain.signal import Direction, Severity
from g7warn.signals.severity import loss_severity, price_severity


@pytest.mark.parametrize(
    ("share", "direction", "severity"),
    [
        pytest.param(0.249, Direction.UP, Severity.NONE, id="below the first step"),
        pytest.param(0.25, Direction.UP, Severity.MODERATE, id="at the first step"),
        pytest.param(1.5 / 1.0 - 1.0, Direction.UP, Severity.SEVERE, id="at the second"),
        pytest.param(1.00, Direction.UP, Severity.EXTREME, id="at the third"),
        pytest.param(-0.20, Direction.DOWN, Severity.MODERATE, id="fall of a fifth"),
        pytest.param(-0.50, Direction.DOWN, Severity.EXTREME, id="fall by half"),
        pytest.param(-0.50, Direction.UP, Severity.NONE, id="a fall is no rise"),
        pytest.param(math.nan, Direction.UP, Severity.NONE, id="unknown"),
    ],
)
def test_price_steps(share: float, direction: Direction, severity: Severity) -> None:
    assert price_severity(share, direction) is severity


@given(st.floats(-1.0, 5.0), st.floats(-1.0, 5.0))
def test_a_larger_rise_is_never_less_severe(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert price_severity(low, Direction.UP) <= price_severity(high, Direction.UP)
    assert price_severity(low, Direction.DOWN) >= price_severity(high, Direction.DOWN)
    assert loss_severity(low) <= loss_severity(high)
