"""Next month's prices at which an observed move weighs otherwise, checked by adding the month."""

import numpy as np
import pytest

from g7warn.domain.signal import Direction, Severity, Signal
from g7warn.signals.panel import build_panel
from g7warn.signals.price.observed_move import ObservedMove
from g7warn.signals.price.turning import find_turns
from tests.support.panels import AS_OF, build_frame, build_rows, price_id, price_panel


def rising(*, end: float) -> np.ndarray:
    """A series that jumped by this factor two months ago, after years without a move."""
    wobble = 1.0 + 0.3 * np.sin(np.arange(200.0)) * (np.arange(200.0) < 60)
    prices = 1000.0 * wobble
    prices[-2:] *= end
    return prices


def next_month(prices: np.ndarray, price: float, direction: Direction) -> Severity:
    rows = build_rows(price_id("tin"), [*prices, price], last="2022-04", lag_days=-20)
    signals = ObservedMove().compute(build_panel(build_frame(rows), as_of=AS_OF.replace(month=5)))
    return next(s.severity for s in signals if s.direction is direction)


def find(prices: np.ndarray, direction: Direction) -> Signal:
    signals = ObservedMove().compute(price_panel(tin=prices))
    return next(s for s in signals if s.direction is direction)


@pytest.mark.parametrize(
    ("end", "direction"),
    [
        pytest.param(1.6, Direction.UP, id="rise, second step"),
        pytest.param(2.3, Direction.UP, id="rise, third step"),
        pytest.param(0.6, Direction.DOWN, id="fall, second step"),
        pytest.param(0.45, Direction.DOWN, id="fall, third step"),
        pytest.param(1.02, Direction.UP, id="no move yet"),
    ],
)
def test_the_severity_changes_at_each_named_price(end: float, direction: Direction) -> None:
    prices = rising(end=end)
    signal = find(prices, direction)
    assert signal.turns
    for turn in signal.turns:
        beyond, short = (0.998, 1.002) if turn.is_below else (1.002, 0.998)
        assert next_month(prices, turn.bound * beyond, direction) == turn.severity
        assert next_month(prices, turn.bound * short, direction) != turn.severity
        assert (turn.unit, turn.period) == ("USD/t", "2022-04")


def test_a_move_eases_the_way_it_came_and_aggravates_the_way_it_went() -> None:
    easing, worse = find(rising(end=0.6), Direction.DOWN).turns
    assert (easing.is_below, worse.is_below) == (False, True)
    easing, worse = find(rising(end=1.6), Direction.UP).turns
    assert (easing.is_below, worse.is_below) == (True, False)


def test_a_single_price_has_no_turn_but_its_own_change() -> None:
    nothing = find_turns(
        np.array([np.nan]), Direction.UP, severity=Severity.NONE, unit="USD/t", period="2022-04"
    )
    assert nothing == ()
