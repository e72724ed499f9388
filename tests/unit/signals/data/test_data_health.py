"""Late, stale, suspended, holed, frozen and revised prices."""

from datetime import timedelta

import numpy as np
import pytest

from g7warn.domain.signal import Severity, Signal
from g7warn.signals.base import Indicator
from g7warn.signals.data.freshness import Freshness
from g7warn.signals.data.frozen import FrozenQuote
from g7warn.signals.data.gaps import Gaps
from g7warn.signals.data.revision import Revisions
from g7warn.signals.panel import build_panel
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id, price_panel


def only(indicator: Indicator, *tables: object) -> Signal:
    (signal,) = indicator.compute(build_panel(build_frame(*tables), as_of=AS_OF))  # type: ignore[arg-type]
    return signal


@pytest.mark.parametrize(
    ("last", "severity"),
    [
        pytest.param("2022-03", Severity.NONE, id="in time"),
        pytest.param("2022-02", Severity.NONE, id="the newest month is just out"),
        pytest.param("2022-01", Severity.MODERATE, id="late"),
        pytest.param("2021-11", Severity.SEVERE, id="stale"),
    ],
)
def test_a_price_goes_from_in_time_to_late_to_stale(last: str, severity: Severity) -> None:
    signal = only(Freshness(), build_rows(price_id("tin"), calm_prices(), last=last))
    assert signal.severity is severity
    assert last in signal.reason


def test_a_suspended_market_is_not_seen_even_when_its_price_is_fresh() -> None:
    rows = build_rows(price_id("nickel"), calm_prices())
    rows.loc[rows.index[-1], "status"] = "H"
    signal = only(Freshness(), rows)
    assert signal.severity is Severity.SEVERE
    assert "suspended" in signal.reason


@pytest.mark.parametrize(
    ("holes", "severity"),
    [
        pytest.param(0, Severity.NONE, id="none"),
        pytest.param(2, Severity.MINOR, id="few"),
        pytest.param(3, Severity.MODERATE, id="many"),
    ],
)
def test_holes_of_the_last_two_years_are_counted_and_named(holes: int, severity: Severity) -> None:
    prices = calm_prices()
    prices[-2 - holes : -2] = np.nan
    prices[10:40] = np.nan
    (signal,) = Gaps().compute(price_panel(tin=prices))
    assert signal.score == holes
    assert signal.severity is severity
    assert ("2022-01" in signal.reason) is (holes > 0)


def test_a_traded_price_that_stops_moving_is_frozen() -> None:
    prices = calm_prices()
    prices[-4:] = prices[-4]
    (signal,) = FrozenQuote().compute(price_panel(tin=prices))
    assert signal.score == 4.0
    assert signal.severity is Severity.MODERATE


def test_a_list_price_that_always_stands_for_months_is_not_frozen() -> None:
    (signal,) = FrozenQuote().compute(price_panel(potash=np.repeat(calm_prices(months=30), 6)))
    assert signal.severity is Severity.NONE


def test_a_large_revision_of_the_past_is_told() -> None:
    first = build_rows(price_id("tin"), [100.0, 110.0, 120.0])
    second = first.head(2).assign(value=[100.0, 121.0], known_at=AS_OF - timedelta(days=1))
    signal = only(Revisions(), first, second)
    assert signal.score == pytest.approx(0.1)
    assert signal.evidence.values["revised_months"] == 1.0
    assert signal.severity is Severity.MINOR


def test_a_value_published_again_unchanged_is_no_revision() -> None:
    first = build_rows(price_id("tin"), [100.0, 110.0])
    again = first.assign(known_at=AS_OF - timedelta(days=1))
    signal = only(Revisions(), first, again)
    assert signal.evidence.values["revised_months"] == 0.0
    assert signal.severity is Severity.NONE
