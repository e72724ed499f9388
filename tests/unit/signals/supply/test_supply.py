"""Shortfalls, full plants, and exports since a control."""

import numpy as np
import pandas as pd
import pytest

from g7warn.domain.signal import Severity, Signal
from g7warn.signals.panel import Panel, build_panel
from g7warn.signals.supply.export_collapse import ExportCollapse
from g7warn.signals.supply.shortfall import SupplyShortfall, measure_losses
from g7warn.signals.supply.utilisation import CapacityUtilisation
from tests.support.panels import AS_OF, build_frame, build_rows


def panel_of(*tables: pd.DataFrame) -> Panel:
    return build_panel(build_frame(*tables), as_of=AS_OF)


def volumes(name: str, values: list[float] | np.ndarray, *, last: str = "2020") -> pd.DataFrame:
    return build_rows(f"{name}.made", values, last=last, unit="t", lag_days=100)


def test_the_forecast_is_the_year_before_with_half_the_usual_growth() -> None:
    series = pd.Series([100.0, 110.0, 121.0, 133.1, 146.41, 120.0], index=list("abcdef"))
    forecast = 146.41 * 1.1**0.5
    assert measure_losses(series).tolist() == pytest.approx([1.0 - 120.0 / forecast])


def find(area: str, signals: list[Signal]) -> Signal:
    (found,) = [signal for signal in signals if signal.area == area]
    return found


def test_a_loss_weighs_as_much_as_the_country_does() -> None:
    steady, halved = [100.0] * 8, [300.0] * 7 + [150.0]
    signals = SupplyShortfall().compute(
        panel_of(
            volumes("tin.mine.production.cn", halved),
            volumes("tin.mine.production.au", steady),
            volumes("tin.mine.production.world", [400.0] * 7 + [250.0]),
        )
    )
    # China lost half of its 75 % of the year before: 37.5 % of the world.
    assert find("cn", signals).score == pytest.approx(0.5)
    assert find("cn", signals).severity is Severity.SEVERE
    assert find("world", signals).severity is Severity.SEVERE
    assert find("au", signals).severity is Severity.NONE


def test_a_large_producer_that_stops_is_seen_by_what_it_held_before() -> None:
    signals = SupplyShortfall().compute(
        panel_of(
            volumes("tin.mine.production.cn", [300.0] * 7 + [0.0]),
            volumes("tin.mine.production.au", [200.0] * 8),
            volumes("tin.mine.production.world", [500.0] * 7 + [200.0]),
        )
    )
    assert find("cn", signals).score == pytest.approx(1.0)
    assert find("cn", signals).severity is Severity.EXTREME


def test_a_small_producer_is_not_looked_at() -> None:
    signals = SupplyShortfall().compute(
        panel_of(
            volumes("tin.mine.production.cn", [400.0] * 8),
            volumes("tin.mine.production.fr", [8.0] * 7 + [0.0]),
        )
    )
    assert [signal.area for signal in signals] == ["cn"]


@pytest.mark.parametrize(
    ("produced", "severity"),
    [
        pytest.param(80.0, Severity.NONE, id="room"),
        pytest.param(91.0, Severity.MINOR, id="tight"),
        pytest.param(97.0, Severity.MODERATE, id="full"),
    ],
)
def test_utilisation_is_production_over_capacity(produced: float, severity: Severity) -> None:
    panel = panel_of(
        volumes("tin.refine.production.world", [produced]),
        volumes("tin.refine.capacity.world", [100.0]),
    )
    (signal,) = CapacityUtilisation().compute(panel)
    assert signal.score == pytest.approx(produced / 100.0)
    assert signal.severity is severity


def control(level: float, *, on: str = "2021-07-01") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series_id": ["gallium.policy.export_ban.cn.policy_notices"],
            "period": [on],
            "value": [level],
            "unit": ["stage"],
            "known_at": [pd.Timestamp(on, tz="UTC")],
        }
    )


def exports(before: float, since: float) -> pd.DataFrame:
    values = np.r_[np.full(24, before), np.full(6, since)]
    return volumes("gallium.trade.export_weight_811292.cn_world", values, last="2021-12")


def test_exports_that_stop_after_a_ban_weigh_as_much_as_the_country_does() -> None:
    panel = panel_of(
        control(3.0), exports(8.0, 2.0), volumes("gallium.refine.production.cn", [9.0])
    )
    (signal,) = ExportCollapse().compute(panel)
    assert signal.score == pytest.approx(0.75)
    assert signal.severity is Severity.EXTREME
    assert "2021-07-01" in signal.reason


def test_an_unknown_share_of_supply_holds_the_severity_down_and_is_told() -> None:
    (signal,) = ExportCollapse().compute(panel_of(control(3.0), exports(8.0, 2.0)))
    assert signal.severity is Severity.MODERATE
    assert any("share of supply is unknown" in note for note in signal.evidence.notes)


def test_a_fall_without_a_control_in_force_is_no_consequence_of_one() -> None:
    assert ExportCollapse().compute(panel_of(control(1.0), exports(8.0, 2.0))) == []
    assert ExportCollapse().compute(panel_of(exports(8.0, 2.0))) == []
