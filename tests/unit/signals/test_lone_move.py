"""Newest prices that jump with no company, and those that have it."""

import numpy as np
import pytest

from g7warn.domain.marking import Tlp
from g7warn.domain.signal import Direction, Severity
from g7warn.signals.data.lone_move import LoneMove
from g7warn.signals.panel import Panel, build_panel
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id


def panel_of(**tables: np.ndarray) -> Panel:
    rows = [build_rows(price_id(name), values) for name, values in tables.items()]
    return build_panel(build_frame(*rows), as_of=AS_OF)


def jumped(factor: float, *, seed: int = 1) -> np.ndarray:
    prices = calm_prices(seed=seed)
    prices[-1] = prices[-2] * factor
    return prices


def newest(panel: Panel, mineral: str) -> str:
    row = panel.benchmarks[mineral]
    return panel.monthly.periods[panel.monthly.newest_column(row)]


@pytest.mark.parametrize(
    ("factor", "month"),
    [
        pytest.param(2.0, "2022-02", id="doubled"),
        pytest.param(0.5, "2022-02", id="halved"),
        pytest.param(1.4, "2022-03", id="nickel of March 2022"),
    ],
)
def test_a_newest_price_that_jumps_alone_waits(factor: float, month: str) -> None:
    panel = panel_of(tin=jumped(factor), zinc=calm_prices(seed=2))
    assert newest(panel, "tin") == month
    assert newest(panel, "zinc") == "2022-03"


def test_a_jump_that_the_next_price_confirms_counts() -> None:
    prices = jumped(2.0)
    panel = panel_of(tin=np.append(prices[1:], prices[-1]))
    assert newest(panel, "tin") == "2022-03"


def test_kin_that_goes_the_same_way_is_company() -> None:
    rng = np.random.default_rng(3)
    shared = np.exp(np.cumsum(rng.normal(0.0, 0.05, 180))) * 1000.0
    tin, zinc = shared * 1.001, shared * np.exp(rng.normal(0.0, 0.01, 180))
    tin[-1], zinc[-1] = tin[-2] * 2.0, zinc[-2] * 1.5
    assert newest(panel_of(tin=tin, zinc=zinc), "tin") == "2022-03"
    zinc[-1] = zinc[-2] / 1.5
    assert newest(panel_of(tin=tin, zinc=zinc), "tin") == "2022-02"


def test_a_second_source_is_company_where_everybody_may_see_it() -> None:
    other = price_id("tin", source="imf")
    rows = [build_rows(price_id("tin"), jumped(2.0)), build_rows(other, jumped(1.9, seed=2))]
    assert newest(build_panel(build_frame(*rows), as_of=AS_OF), "tin") == "2022-03"
    secret = build_panel(build_frame(*rows), as_of=AS_OF, tlp_by_source={"imf": Tlp.RED})
    about = {row.series_id: row.waiting for row in secret.monthly.rows}
    assert about[price_id("tin")] == pytest.approx(2.0, rel=0.05)
    assert about[other] == 0.0


def test_a_market_in_turmoil_is_company() -> None:
    others = {f"pool{n}": jumped(0.75, seed=n) for n in range(5)}
    assert newest(panel_of(tin=jumped(0.5), **others), "tin") == "2022-03"


def test_what_waits_is_told_as_a_doubt_and_not_as_a_move() -> None:
    (signal,) = LoneMove().compute(panel_of(tin=jumped(2.0)))
    assert signal.severity is Severity.MODERATE
    assert signal.direction is Direction.UP
    assert "tin.market.price.world.worldbank moved by a factor of 2.0" in signal.reason
    (calm,) = LoneMove().compute(panel_of(tin=calm_prices()))
    assert calm.severity is Severity.NONE
