"""Projected demand against known supply."""

import pandas as pd
import pytest

from g7warn.domain.signal import Severity, Signal
from g7warn.signals.demand.balance import DemandBalance
from g7warn.signals.panel import build_panel
from tests.support.panels import AS_OF, build_frame, build_rows


def balance(measure: str, demand: list[float], *tables: pd.DataFrame) -> list[Signal]:
    rows = build_rows(
        f"lithium.use.{measure}.world.iea", demand, last="2026", unit="kt", lag_days=-2500
    )
    supply = build_rows("lithium.mine.production.world.usgs", [90e3, 100e3], last="2020", unit="t")
    return DemandBalance().compute(build_panel(build_frame(rows, supply, *tables), as_of=AS_OF))


@pytest.mark.parametrize(
    ("demand", "severity"),
    [
        pytest.param([100.0, 105.0], Severity.NONE, id="covered"),
        pytest.param([110.0, 125.0], Severity.MODERATE, id="gap of a fifth"),
        pytest.param([150.0, 300.0], Severity.MODERATE, id="a wide gap is still a scenario"),
    ],
)
def test_the_widest_gap_of_the_next_years_is_graded(
    demand: list[float], severity: Severity
) -> None:
    (signal,) = balance("demand_steps", demand)
    assert signal.score == pytest.approx(1.0 - 100.0 / demand[-1])
    assert signal.severity is severity
    assert signal.horizon_months == 48


def test_announced_supply_counts_for_its_year() -> None:
    announced = build_rows(
        "lithium.mine.announced_supply.world.made", [130e3], last="2026", unit="t", lag_days=-2500
    )
    (signal,) = balance("demand_steps", [104.0, 125.0], announced)
    # 2025 is served by the production of 2020: a gap of 4 of 104; 2026 by what is announced.
    assert signal.score == pytest.approx(4.0 / 104.0)
    assert signal.severity is Severity.NONE


def test_a_path_to_a_goal_is_no_expectation() -> None:
    assert balance("demand_nze", [100.0, 300.0]) == []
