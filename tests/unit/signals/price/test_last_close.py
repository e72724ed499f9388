"""A forecast starts from the last daily close where there is one, and says so."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from g7warn.domain.marking import Tlp
from g7warn.domain.signal import Direction, Severity, Signal
from g7warn.signals.panel import Panel, build_panel
from g7warn.signals.price.forecast import PriceForecast
from g7warn.signals.price.onset import PriceOnset
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id

FEED = price_id("tin", source="exchange")


def build_days(
    *, last: date, rise: float, days: int = 40, series_id: str = FEED, level: float = 25.0
) -> pd.DataFrame:
    """Daily prices that stand still and then, on the last three days, higher by `rise`."""
    prices = np.full(days, level)
    prices[-3:] *= 1.0 + rise
    labels = [(last - timedelta(days=days - 1 - k)).isoformat() for k in range(days)]
    return build_rows(series_id, prices, unit="USD/kg").assign(
        period=labels, known_at=pd.Timestamp(AS_OF) - pd.Timedelta(days=1)
    )


def panel(*tables: pd.DataFrame) -> Panel:
    return build_panel(
        build_frame(build_rows(price_id("tin"), calm_prices()), *tables),
        as_of=AS_OF,
        tlp_by_source={"exchange": Tlp.AMBER},
    )


def rise_signal(given: Panel) -> Signal:
    return next(
        signal
        for signal in PriceForecast().compute(given)
        if (signal.direction, signal.severity) == (Direction.UP, Severity.MODERATE)
    )


def test_a_close_above_the_month_moves_the_forecast_up_and_is_named_with_its_date() -> None:
    plain = rise_signal(panel())
    anchored = rise_signal(panel(build_days(last=date(2022, 3, 31), rise=0.12)))
    assert anchored.probability > plain.probability
    values = dict(anchored.evidence.values)
    mean = (28 * 25.0 + 3 * 28.0) / 31
    moved = values["q50_1m_usd_per_t"] / values["price_usd_per_t"]
    assert moved == pytest.approx(28.0 / mean, rel=1e-3)
    (note,) = [note for note in anchored.evidence.notes if note.startswith("anchored")]
    assert "close of 2022-03-31, 28 USD/kg" in note
    assert "+11 %" in note
    assert not any(note.startswith("anchored") for note in plain.evidence.notes)


def test_the_evidence_carries_series_and_label_of_the_close() -> None:
    evidence = rise_signal(panel(build_days(last=date(2022, 3, 31), rise=0.1))).evidence
    assert evidence.series_ids == (price_id("tin"), FEED)
    assert evidence.tlp == Tlp.AMBER


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(build_days(last=date(2022, 3, 20), rise=0.1), id="the feed stopped"),
        pytest.param(build_days(last=date(2022, 3, 31), rise=0.1, days=8), id="too few days"),
        pytest.param(
            build_days(last=date(2022, 3, 31), rise=0.1, series_id=price_id("zinc", source="x")),
            id="another mineral",
        ),
    ],
)
def test_a_close_that_says_nothing_of_this_month_anchors_nothing(days: pd.DataFrame) -> None:
    evidence = rise_signal(panel(days)).evidence
    assert evidence.series_ids == (price_id("tin"),)
    assert not any(note.startswith("anchored") for note in evidence.notes)


def test_days_after_the_month_are_not_taken_for_its_end() -> None:
    up_to_march = build_days(last=date(2022, 3, 31), rise=0.1)
    later = build_days(last=date(2022, 4, 4), rise=0.9, days=4)
    alone, together = panel(up_to_march), panel(up_to_march, later)
    assert rise_signal(together).evidence == rise_signal(alone).evidence


def test_odds_of_an_onset_rest_on_monthly_prices_alone() -> None:
    with_close = PriceOnset().compute(panel(build_days(last=date(2022, 3, 31), rise=0.12)))
    assert with_close == PriceOnset().compute(panel())


def test_a_mineral_with_daily_prices_alone_is_anchored_on_its_own_close() -> None:
    days = build_days(last=date(2022, 3, 31), rise=0.12, days=200)
    alone = build_panel(build_frame(days), as_of=AS_OF)
    evidence = rise_signal(alone).evidence
    assert evidence.series_ids == (FEED,)
    assert any("close of 2022-03-31" in note for note in evidence.notes)
