"""Moves that have happened, as facts."""

import numpy as np
import pytest

from g7warn.domain.signal import Direction, Severity, Signal
from g7warn.signals.price.observed_move import ObservedMove
from tests.support.panels import calm_prices, price_panel


def find(direction: Direction, prices: np.ndarray) -> Signal:
    signals = ObservedMove().compute(price_panel(nickel=prices))
    (found,) = [signal for signal in signals if signal.direction is direction]
    return found


def with_end(*shares: float) -> np.ndarray:
    """Calm prices whose last months stand at these multiples of their level."""
    prices = calm_prices()
    prices[-len(shares) :] = prices[-len(shares) - 1] * np.array(shares)
    return prices


def test_a_calm_price_is_quiet_both_ways() -> None:
    for direction in Direction:
        signal = find(direction, calm_prices())
        assert signal.severity is Severity.NONE
        assert signal.probability == 0.0
        assert not signal.is_observed


@pytest.mark.parametrize(
    ("multiple", "severity"),
    [
        pytest.param(1.3, Severity.MODERATE, id="first step"),
        pytest.param(1.6, Severity.SEVERE, id="second step"),
        pytest.param(2.3, Severity.EXTREME, id="third step"),
    ],
)
def test_a_rise_is_graded_by_its_size(multiple: float, severity: Severity) -> None:
    signal = find(Direction.UP, with_end(1.0, multiple))
    assert signal.severity is severity
    assert signal.is_observed
    assert signal.probability == 1.0
    assert signal.percentile == 1.0


def test_a_fall_is_a_signal_of_its_own() -> None:
    signal = find(Direction.DOWN, with_end(0.9, 0.6))
    assert signal.severity is Severity.SEVERE
    assert find(Direction.UP, with_end(0.9, 0.6)).severity is Severity.NONE


def test_a_rise_that_has_come_back_by_a_quarter_is_over_and_says_so() -> None:
    signal = find(Direction.UP, with_end(2.6, 2.2, 1.6))
    assert signal.severity is Severity.NONE
    assert "has come back since" in signal.reason
    assert any("the move is over" in note for note in signal.evidence.notes)


def test_a_first_step_that_is_common_for_the_mineral_is_minor() -> None:
    swings = 1000.0 * np.exp(0.25 * np.sin((np.arange(180) - 176.0) / 4.0))
    signal = find(Direction.UP, swings)
    assert 0.25 <= signal.score < 0.5
    assert signal.severity is Severity.MINOR


def test_the_reason_names_numbers_period_unit_and_the_last_month() -> None:
    reason = find(Direction.UP, with_end(1.0, 1.5, 2.2)).reason
    assert reason.startswith("Nickel moved +")
    assert "2022-03" in reason
    assert "USD/t; step +100 %" in reason
    assert "+47 % in the last month alone" in reason


@pytest.mark.parametrize(("multiple", "told"), [(1.496, "+49.6 %"), (1.4999, "+49.9 %")])
def test_a_move_just_short_of_a_step_is_not_told_as_the_step(multiple: float, told: str) -> None:
    signal = find(Direction.UP, with_end(multiple))
    assert signal.severity < Severity.SEVERE
    assert f"Nickel moved {told} in" in signal.reason


def test_too_short_a_history_has_no_score_and_says_why() -> None:
    signal = find(Direction.UP, np.array([5.0]))
    assert np.isnan(signal.score)
    assert signal.severity is Severity.NONE
    assert "too few months" in signal.reason
