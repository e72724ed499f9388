from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from g7warn.domain.alert import Grade
from g7warn.errors import StoreUnavailable
from g7warn.pipeline.charts import FAN_MONTHS, ChartDrawer, collect_chart_data
from tests.support.web import make_event

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.domain.alert import AlertEvent

ROWS = [("2021-11", 20_000.0, "USD/t"), ("odd", 1.0, "USD/t"), ("2022-01", 22_000.0, "USD/t")]


def _read(series_id: str, as_of: datetime) -> list[tuple[str, float, str]]:
    return ROWS


def _with_volatility(event: AlertEvent, percent: float) -> AlertEvent:
    (signal,) = event.assessment.signals
    values = signal.evidence.values | {"volatility_pct_per_month": percent}
    signal = replace(signal, evidence=replace(signal.evidence, values=values))
    return replace(event, assessment=replace(event.assessment, signals=(signal,)))


def test_the_chart_shows_the_price_as_known_when_the_alert_was_gravest() -> None:
    asked: list[tuple[str, datetime]] = []

    def read(series_id: str, as_of: datetime) -> list[tuple[str, float, str]]:
        asked.append((series_id, as_of))
        return ROWS

    grave, eased = make_event(grade=Grade.CRITICAL), make_event(sequence=2, grade=Grade.WATCH)
    data = collect_chart_data([grave, eased], read)
    assert asked == [("nickel.market.price.world.worldbank", grave.as_of)]
    assert data is not None
    assert (data.grade, data.alert_at, data.values) == (
        Grade.CRITICAL,
        grave.as_of,
        (20_000.0, 22_000.0),
    )
    assert data.fan is None


def test_the_fan_is_as_wide_as_the_stated_volatility_and_grows_with_time() -> None:
    data = collect_chart_data([_with_volatility(make_event(), 10.0)], _read)
    assert data is not None
    assert data.fan is not None
    low, high = data.fan.bands[0.9]
    assert len(high) == FAN_MONTHS
    assert high[0] == pytest.approx(22_000.0 * 1.1**1.6449)
    assert low[0] == pytest.approx(22_000.0 / 1.1**1.6449)
    assert high[3] / 22_000.0 == pytest.approx((high[0] / 22_000.0) ** 2)
    assert [f"{i:%Y-%m}" for i in data.fan.instants[:2]] == ["2022-02", "2022-03"]


def test_without_two_prices_there_is_no_chart() -> None:
    drawer = ChartDrawer(lambda series_id, as_of: ROWS[:2])
    assert drawer.draw([make_event()]) is None


def test_a_store_that_does_not_answer_holds_no_message_back() -> None:
    def fail(series_id: str, as_of: datetime) -> list[tuple[str, float, str]]:
        raise StoreUnavailable("down")

    assert ChartDrawer(fail).draw([make_event()]) is None


def test_a_chart_is_drawn_once_a_language() -> None:
    drawer = ChartDrawer(_read)
    life = [make_event()]
    english = drawer.draw(life)
    assert drawer.draw(life) is english
    german = drawer.draw(life, language="de")
    assert german is not None
    assert german.alt.startswith("Diagramm")
