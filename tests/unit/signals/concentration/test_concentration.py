"""Dependence, its clock, HHI and N-1 on small tables worked out by hand."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from g7warn.domain.place import Bloc
from g7warn.domain.signal import Severity, Signal
from g7warn.signals.base import Indicator
from g7warn.signals.concentration.dependence import Dependence
from g7warn.signals.concentration.dependency_clock import DependencyClock, fit_trend
from g7warn.signals.concentration.hhi import GovernanceHhi, Hhi, herfindahl, weigh_herfindahl
from g7warn.signals.concentration.n_minus_1 import NMinusOne
from g7warn.signals.concentration.thresholds import dependence_threshold
from g7warn.signals.panel import Panel, build_panel
from tests.support.panels import AS_OF, build_frame, build_rows


def panel_of(mineral: str, *, bloc: Bloc | None = None, **shares: list[float]) -> Panel:
    """Production in percent of a world of 100 t."""
    length = max(map(len, shares.values()))
    tables = [
        build_rows(
            f"{mineral}.refine.production.{area}.bgs", values, last="2020", unit="t", lag_days=200
        )
        for area, values in (shares | {"world": [100.0] * length}).items()
    ]
    return build_panel(build_frame(*tables), as_of=AS_OF, bloc=bloc)


def only(indicator: Indicator, panel: Panel) -> Signal:
    (signal,) = indicator.compute(panel)
    return signal


def test_thresholds_are_those_of_the_law_and_of_the_g7() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    assert dependence_threshold("nickel", as_of=day)[0] == 0.65
    assert dependence_threshold("rare_earths", as_of=day)[0] == 0.60
    assert dependence_threshold("permanent_magnets", as_of=day.replace(year=2031))[0] == 0.50


@pytest.mark.parametrize(
    ("shares", "severity"),
    [
        pytest.param([60.0, 64.9], Severity.NONE, id="below"),
        pytest.param([64.0, 65.0], Severity.MODERATE, id="crossed this year"),
        pytest.param([70.0, 71.0], Severity.MINOR, id="above for long"),
    ],
)
def test_dependence_is_news_in_the_year_it_crosses_and_context_after(
    shares: list[float], severity: Severity
) -> None:
    signal = only(Dependence(), panel_of("gallium", cn=shares, jp=[20.0, 20.0]))
    assert signal.severity is severity
    assert signal.area == "cn"
    assert signal.is_observed is bool(severity)


def test_a_like_minded_supplier_is_no_dependence() -> None:
    panel = panel_of("lithium", cl=[80.0], cn=[15.0], bloc=Bloc(like_minded=frozenset({"cl"})))
    assert only(Dependence(), panel).area == "cn"
    assert Dependence().compute(panel_of("lithium", au=[80.0])) == []


def test_the_clock_projects_the_crossing_along_the_trend() -> None:
    shares = [40.0, 44.0, 48.0, 52.0, 56.0, 60.0]
    signal = only(DependencyClock(), panel_of("nickel", id=shares, ca=[30.0] * 6))
    assert dict(signal.evidence.values)["crossing_year"] == pytest.approx(2021.25)
    assert signal.probability > 0.9
    assert "reaches in 2021" in signal.reason


def test_the_clock_of_a_falling_share_says_that_it_moves_away() -> None:
    signal = only(DependencyClock(), panel_of("nickel", id=[60.0, 58.0, 56.0, 54.0, 52.0]))
    assert "crossing_year" not in dict(signal.evidence.values)
    assert "moves away" in signal.reason
    assert signal.probability < 0.01


def test_the_clock_of_an_exceeded_threshold_says_when_it_would_be_over() -> None:
    signal = only(DependencyClock(), panel_of("nickel", id=[85.0, 83.0, 81.0, 79.0, 77.0]))
    assert signal.severity is Severity.NONE
    assert "falls below in 2026" in signal.reason


def test_the_clock_needs_five_years() -> None:
    assert DependencyClock().compute(panel_of("nickel", id=[50.0, 52.0, 54.0, 56.0])) == []


def test_the_chance_of_crossing_grows_with_the_trend_and_with_time() -> None:
    years = [str(year) for year in range(2011, 2021)]
    slow = fit_trend(pd.Series(np.linspace(0.50, 0.52, 10), index=years), threshold=0.65)
    fast = fit_trend(pd.Series(np.linspace(0.30, 0.52, 10), index=years), threshold=0.65)
    assert slow.chance_beyond(0.65, years=3) < fast.chance_beyond(0.65, years=3)
    assert fast.chance_beyond(0.65, years=3) < fast.chance_beyond(0.65, years=6)


def test_hhi_is_the_sum_of_squared_shares() -> None:
    shares = pd.DataFrame({"cn": [0.6], "cl": [0.3], "au": [np.nan]})
    assert herfindahl(shares).tolist() == pytest.approx([0.45])
    governance = pd.Series({"cn": 6.0})
    # 0.36 x 6 + 0.09 x 5: a country without a value stands in the middle of the scale.
    assert weigh_herfindahl(shares, governance).tolist() == pytest.approx([2.61])


def test_hhi_is_context_above_its_threshold_and_quiet_below() -> None:
    assert only(Hhi(), panel_of("tin", cn=[60.0, 60.0], au=[40.0, 40.0])).severity is Severity.MINOR
    spread = {area: [10.0] for area in ("cn", "au", "cl", "us", "ru", "za", "br", "in", "id", "ca")}
    signal = only(Hhi(), panel_of("tin", **spread))
    assert signal.score == pytest.approx(0.1)
    assert signal.severity is Severity.NONE


def test_governance_is_silent_where_none_is_known() -> None:
    assert GovernanceHhi().compute(panel_of("tin", cn=[60.0], au=[40.0])) == []


def test_n_minus_1_is_what_the_others_leave() -> None:
    signal = only(NMinusOne(), panel_of("gallium", cn=[98.0], jp=[2.0]))
    assert signal.score == pytest.approx(0.02)
    assert signal.severity is Severity.MINOR
    assert any("production stands in" in note for note in signal.evidence.notes)


def test_n_minus_1_uses_demand_where_it_is_known() -> None:
    tables = [
        build_rows("tin.mine.production.cn.bgs", [50.0], last="2020", unit="t"),
        build_rows("tin.mine.production.au.bgs", [50.0], last="2020", unit="t"),
        build_rows("tin.use.demand.world.iea", [80.0], last="2020", unit="t"),
    ]
    signal = only(NMinusOne(), build_panel(build_frame(*tables), as_of=AS_OF))
    assert signal.score == pytest.approx(50.0 / 80.0)
    assert signal.severity is Severity.NONE
