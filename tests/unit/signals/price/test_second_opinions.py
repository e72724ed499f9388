"""Change points, joint extremes, past analogues and extreme days."""

import math
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from g7warn.domain.signal import Direction, Severity
from g7warn.signals.panel import Panel, build_panel
from g7warn.signals.price.analogues import NearestAnalogues
from g7warn.signals.price.change_point import ChangePoint
from g7warn.signals.price.joint_extremes import JointExtremes
from g7warn.signals.price.variability import ExcessiveVariability
from tests.support.panels import AS_OF, build_frame, calm_prices, price_id, price_panel


def test_a_level_that_shifted_half_a_year_ago_is_told_with_its_month() -> None:
    prices = np.exp(np.random.default_rng(1).normal(6.0, 0.03, 180))
    prices[-7:] *= 0.7
    (signal,) = ChangePoint().compute(price_panel(tin=prices))
    assert signal.severity is Severity.MINOR
    assert signal.direction is Direction.DOWN
    assert "shifted down in 2021-09" in signal.reason


def test_a_level_that_shifted_long_ago_is_history() -> None:
    prices = np.exp(np.random.default_rng(1).normal(6.0, 0.03, 180))
    prices[-40:] *= 0.7
    (signal,) = ChangePoint().compute(price_panel(tin=prices))
    assert signal.severity is Severity.NONE


@pytest.mark.parametrize(
    ("factor", "direction"),
    [pytest.param(1.6, Direction.UP, id="rise"), pytest.param(0.5, Direction.DOWN, id="fall")],
)
def test_changes_that_are_extreme_together_are_told(factor: float, direction: Direction) -> None:
    prices = calm_prices()
    prices[-2:] *= np.array([factor**0.5, factor])
    (signal,) = JointExtremes().compute(price_panel(tin=prices))
    assert signal.severity is Severity.MINOR
    assert signal.direction is direction


def test_analogues_repeat_what_followed_them() -> None:
    """A pattern that was followed by a rise five times, and its beginning a sixth time."""
    rng = np.random.default_rng(5)
    run_up = np.concatenate([np.linspace(0.0, 0.3, 12), np.linspace(0.35, 0.7, 6)])
    cycle = np.concatenate([run_up, np.linspace(0.6, 0.0, 12)])
    log_price = np.concatenate([np.tile(cycle, 6), run_up[:12]])
    prices = 100.0 * np.exp(log_price + rng.normal(0.0, 0.005, log_price.size))
    panel = price_panel(tin=prices, zinc=calm_prices(months=192))
    found = {
        signal.direction: signal
        for signal in NearestAnalogues().compute(panel)
        if signal.mineral == "tin"
    }
    values = dict(found[Direction.UP].evidence.values)
    assert values["nearest_distance"] < 1.0
    assert found[Direction.UP].probability > found[Direction.DOWN].probability
    assert "Tin to " in found[Direction.UP].reason


def test_without_a_past_there_is_no_analogue() -> None:
    signal = NearestAnalogues().compute(price_panel(tin=calm_prices(months=10)))[0]
    assert math.isnan(signal.score)
    assert any("no analogue" in note for note in signal.evidence.notes)


def daily_panel(changes: np.ndarray, *, age_days: int = 1) -> Panel:
    days = pd.bdate_range(end=AS_OF - timedelta(days=age_days), periods=changes.size)
    table = pd.DataFrame(
        {
            "series_id": price_id("cerium", source="agency"),
            "period": days.strftime("%Y-%m-%d"),
            "value": 10.0 * np.exp(np.cumsum(changes)),
            "unit": "USD/kg",
            "known_at": days.tz_convert("UTC"),
        }
    )
    return build_panel(build_frame(table), as_of=AS_OF)


def test_a_quarter_of_leaps_is_red_for_its_side() -> None:
    changes = np.random.default_rng(9).uniform(-0.01, 0.01, 600)
    changes[-60::5] = 0.012 * 1.4 ** np.arange(12)
    found = {s.direction: s for s in ExcessiveVariability().compute(daily_panel(changes))}
    assert found[Direction.UP].severity is Severity.MINOR
    assert found[Direction.DOWN].severity is Severity.NONE


def test_daily_prices_that_have_stopped_are_not_counted() -> None:
    changes = np.random.default_rng(9).uniform(-0.01, 0.01, 600)
    assert ExcessiveVariability().compute(daily_panel(changes, age_days=60)) == []
