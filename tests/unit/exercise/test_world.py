from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from g7warn.exercise.world import Market, Move, World, load_world, move_world


@pytest.fixture
def world() -> World:
    return load_world()


def change(prices: np.ndarray, months: int) -> float:
    return float(prices[-1] / prices[-1 - months] - 1.0)


def test_the_same_seed_gives_the_same_prices(world: World) -> None:
    assert np.array_equal(world.simulate_price("Tin"), world.simulate_price("Tin"))


def test_another_seed_gives_other_prices(world: World) -> None:
    other = world.model_copy(update={"seed": world.seed + 1})
    assert not np.array_equal(world.simulate_price("Tin"), other.simulate_price("Tin"))


def test_two_markets_do_not_move_together(world: World) -> None:
    steps = [np.diff(np.log(world.simulate_price(name))) for name in ("Cocoa", "Maize")]
    assert abs(np.corrcoef(steps)[0, 1]) < 0.2


def test_nickel_is_squeezed_and_zinc_crashes_and_copper_is_quiet(world: World) -> None:
    assert change(world.simulate_price("Nickel"), 3) > 1.0
    assert change(world.simulate_price("Zinc"), 4) < -0.3
    copper = world.simulate_price("Copper")
    assert np.abs(np.diff(np.log(copper))).max() < 0.05


def test_a_move_is_whole_at_its_last_month_and_half_gone_a_half_life_later(world: World) -> None:
    move = Move(until="2000-06", months=3, change_pct=100, half_life_months=6)
    market = Market(level=100, monthly_volatility_pct=0, moves=(move,))
    prices = world.model_copy(update={"prices": {"x": market}}).simulate_price("x")
    month = world.months.index("2000-06")
    assert prices[month - 3] == pytest.approx(100, abs=0.01)
    assert prices[month] == pytest.approx(200, abs=0.01)
    assert prices[month + 6] == pytest.approx(100 * 2**0.5, abs=0.01)


def test_months_run_from_first_to_last(world: World) -> None:
    assert (world.months[0], world.months[-1]) == (world.first_month, world.last_month)
    assert len(set(world.months)) == len(world.months)


@pytest.mark.parametrize(
    ("now", "last_month", "issued_on"),
    [
        pytest.param(datetime(2026, 11, 22, tzinfo=UTC), "2026-10", date(2026, 11, 3), id="late"),
        pytest.param(datetime(2026, 11, 2, tzinfo=UTC), "2026-09", date(2026, 10, 3), id="early"),
        pytest.param(datetime(2027, 1, 15, tzinfo=UTC), "2026-12", date(2027, 1, 3), id="new year"),
    ],
)
def test_a_world_moved_to_the_present_ends_with_the_newest_published_month(
    now: datetime, last_month: str, issued_on: date, world: World
) -> None:
    moved = move_world(world, now=now)
    assert (moved.last_month, moved.issued_on) == (last_month, issued_on)
    assert moved.issued_on <= now.date()
    assert len(moved.months) == len(world.months)
    assert np.array_equal(moved.simulate_price("Nickel"), world.simulate_price("Nickel"))
