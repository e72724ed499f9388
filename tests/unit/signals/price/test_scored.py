"""Scores with a meaning: threshold, own percentile, and what followed such scores."""

import numpy as np
import pytest

from g7warn.domain.signal import Direction, Severity, Signal
from g7warn.signals.base import Indicator
from g7warn.signals.panel import Panel
from g7warn.signals.price.alps import Alps
from g7warn.signals.price.growth_percentile import GrowthPercentile
from g7warn.signals.price.ifpa import Ifpa
from g7warn.signals.price.jump import Jump
from g7warn.signals.price.record_age import RecordAge
from g7warn.signals.price.scored import HORIZON_MONTHS
from tests.support.panels import calm_prices, price_panel

each_scored = pytest.mark.parametrize(
    "indicator",
    [pytest.param(one, id=one.name) for one in (Alps(), GrowthPercentile(), Ifpa(), Jump())],
)


def spiking_panel(*, factor: float) -> Panel:
    """Tin moves by `factor` in the last month; thirty other series give the frequencies."""
    tin = calm_prices()
    tin[-1] *= factor
    others = {f"pool_{k}": calm_prices(seed=k + 10) ** 6 for k in range(30)}
    return price_panel(tin=tin, **others)


def find(indicator: Indicator, panel: Panel, direction: Direction) -> Signal:
    (found,) = [one for one in indicator.compute(panel) if one.direction is direction]
    return found


@each_scored
@pytest.mark.parametrize(
    ("factor", "direction"),
    [pytest.param(1.5, Direction.UP, id="rise"), pytest.param(0.6, Direction.DOWN, id="fall")],
)
def test_an_unusual_move_is_notable_in_its_direction_alone(
    indicator: Indicator, factor: float, direction: Direction
) -> None:
    panel = spiking_panel(factor=factor)
    other = Direction.DOWN if direction is Direction.UP else Direction.UP
    signal = find(indicator, panel, direction)
    assert signal.severity is Severity.MODERATE
    assert signal.percentile > 0.95
    assert find(indicator, panel, other).severity is Severity.NONE


@each_scored
def test_the_probability_is_what_followed_in_all_series(indicator: Indicator) -> None:
    signal = find(indicator, spiking_panel(factor=1.5), Direction.UP)
    assert 0.0 < signal.probability < 1.0
    assert signal.horizon_months == HORIZON_MONTHS
    assert not signal.is_observed
    assert dict(signal.evidence.values)["followed_share"] == signal.probability
    assert "at any time" in signal.reason


@each_scored
def test_a_short_history_gets_the_base_rate_and_says_so(indicator: Indicator) -> None:
    signal = find(indicator, price_panel(tin=calm_prices(months=20)), Direction.UP)
    assert np.isnan(signal.score)
    assert signal.severity is Severity.NONE
    assert any("base rate" in note for note in signal.evidence.notes)


def test_the_highest_price_for_years_is_a_record() -> None:
    prices = calm_prices()
    prices[100] *= 3.0
    prices[-1] *= 2.0
    signal = find(RecordAge(), price_panel(tin=prices), Direction.UP)
    assert signal.score == 79.0
    assert signal.severity is Severity.MODERATE
    assert "highest for 79 months" in signal.reason
