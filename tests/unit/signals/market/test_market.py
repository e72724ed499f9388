"""Two prices, wide quotes and surges of imports."""

import math

import numpy as np
import pandas as pd
import pytest

from g7warn.domain.signal import Severity, Signal
from g7warn.signals.base import Indicator
from g7warn.signals.market.import_surge import ImportSurge
from g7warn.signals.market.quote_range import QuoteRange
from g7warn.signals.market.two_price_gap import FREIGHT_SHARE, VAT, TwoPriceGap
from g7warn.signals.panel import build_panel
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id


def only(indicator: Indicator, *tables: pd.DataFrame) -> Signal:
    (signal,) = indicator.compute(build_panel(build_frame(*tables), as_of=AS_OF))
    return signal


def two_prices(*, outside_factor: float, unit: str = "USD/t") -> list[pd.DataFrame]:
    """The same price twice; in the last month the one outside is multiplied."""
    inside, outside = calm_prices(), calm_prices()
    outside[-1] *= outside_factor
    return [
        build_rows(price_id("gallium"), outside),
        build_rows(price_id("gallium", area="cn", source="home"), inside, unit=unit),
    ]


def test_the_gap_is_net_of_tax_and_freight() -> None:
    signal = only(TwoPriceGap(), *two_prices(outside_factor=2.0))
    assert signal.score == pytest.approx(2.0 * (1 + VAT["cn"]) / (1 + FREIGHT_SHARE) - 1)
    assert signal.severity is Severity.EXTREME
    assert signal.area == "cn"


def test_a_gap_that_always_stands_is_quiet() -> None:
    signal = only(TwoPriceGap(), *two_prices(outside_factor=1.0))
    assert signal.severity is Severity.NONE


def test_prices_in_different_units_are_not_compared_and_the_reason_says_so() -> None:
    signal = only(TwoPriceGap(), *two_prices(outside_factor=2.0, unit="CNY/t"))
    assert math.isnan(signal.score)
    assert "CNY/t" in signal.reason
    assert any("different units" in note for note in signal.evidence.notes)


def quotes(widths: np.ndarray) -> list[pd.DataFrame]:
    days = pd.bdate_range(end="2022-04-01", periods=len(widths))
    return [
        pd.DataFrame(
            {
                "series_id": f"bismuth.market.price_{end}.world.agency",
                "period": days.strftime("%Y-%m-%d"),
                "value": 10.0 * (1.0 + sign * widths / 2.0),
                "unit": "USD/kg",
                "known_at": days.tz_localize("UTC"),
            }
        )
        for end, sign in (("low", -1.0), ("high", 1.0))
    ]


@pytest.mark.parametrize(
    ("newest", "severity"),
    [pytest.param(0.02, Severity.NONE, id="usual"), pytest.param(0.06, Severity.MINOR, id="wide")],
)
def test_a_quote_wider_than_its_own_norm_is_told(newest: float, severity: Severity) -> None:
    widths = np.r_[0.02 + 0.001 * np.sin(np.arange(200.0)), np.full(20, newest)]
    signal = only(QuoteRange(), *quotes(widths))
    assert signal.score == pytest.approx(newest)
    assert signal.severity is severity


def test_few_quotes_have_no_width() -> None:
    assert math.isnan(only(QuoteRange(), *quotes(np.full(70, 0.02))).score)


def imports(tonnes: list[float], usd: list[float], *, last: str = "2020") -> list[pd.DataFrame]:
    return [
        build_rows(f"magnesium.trade.import_{what}_8104.de_cn.made", values, last=last, unit=unit)
        for what, values, unit in (("weight", tonnes, "t"), ("value", usd, "USD"))
    ]


@pytest.mark.parametrize(
    ("tonnes", "usd", "severity"),
    [
        pytest.param(130.0, 110e3, Severity.MINOR, id="more and cheaper"),
        pytest.param(160.0, 120e3, Severity.MODERATE, id="much more and cheaper"),
        pytest.param(160.0, 160e3, Severity.NONE, id="more at the same price"),
        pytest.param(100.0, 50e3, Severity.NONE, id="cheaper but no more"),
    ],
)
def test_a_surge_is_more_at_a_lower_price(tonnes: float, usd: float, severity: Severity) -> None:
    signal = only(ImportSurge(), *imports([90.0, 100.0, tonnes], [90e3, 100e3, usd]))
    assert signal.severity is severity
    assert signal.area == "de"


def test_old_trade_and_importers_outside_are_no_news() -> None:
    old = imports([100.0, 200.0], [100e3, 100e3], last="2015")
    assert ImportSurge().compute(build_panel(build_frame(*old), as_of=AS_OF)) == []


def test_the_world_as_partner_counts_once() -> None:
    tables = imports([100.0, 200.0], [100e3, 120e3])
    total = [
        table.assign(series_id=table["series_id"].str.replace("de_cn", "de_world"))
        for table in imports([100.0, 110.0], [100e3, 110e3])
    ]
    assert only(ImportSurge(), *tables, *total).score == pytest.approx(0.1)
