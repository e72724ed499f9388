from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from g7warn.domain.alert import Grade
from g7warn.errors import StoreUnavailable
from g7warn.pipeline.charts import ChartDrawer, collect_chart_data
from tests.support.web import make_event

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.domain.alert import AlertEvent

ROWS = [("2021-11", 20_000.0, "USD/t"), ("odd", 1.0, "USD/t"), ("2022-01", 22_000.0, "USD/t")]


def _read(series_id: str, as_of: datetime) -> list[tuple[str, float, str]]:
    return ROWS


QUANTILES = {
    "q05_1m_usd_per_t": 20_500.0,
    "q25_1m_usd_per_t": 21_700.0,
    "q50_1m_usd_per_t": 22_300.0,
    "q75_1m_usd_per_t": 23_100.0,
    "q95_1m_usd_per_t": 25_000.0,
}


def _with_forecast(event: AlertEvent) -> AlertEvent:
    (signal,) = event.assessment.signals
    later = {name.replace("1m", "12m"): price * 1.5 for name, price in QUANTILES.items()}
    values = signal.evidence.values | later | QUANTILES
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


def test_the_fan_is_the_forecast_that_the_evidence_states() -> None:
    data = collect_chart_data([_with_forecast(make_event())], _read)
    assert data is not None
    assert data.fan is not None
    assert [f"{i:%Y-%m}" for i in data.fan.instants] == ["2022-02", "2023-01"]
    assert data.fan.median == (22_300.0, 33_450.0)
    assert data.fan.bands[0.9] == ((20_500.0, 30_750.0), (25_000.0, 37_500.0))
    assert data.fan.bands[0.5] == ((21_700.0, 32_550.0), (23_100.0, 34_650.0))


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
