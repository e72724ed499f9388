"""What each probability would have caught: counted by hand on small tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from g7warn.domain.record import OperatingPoint, OperatingRecord
from g7warn.domain.signal import Direction
from g7warn.verification.held_out_years import forecast_held_out
from g7warn.verification.operating_points import PROBABILITIES, draw_records, judge_odds
from tests.support.fitted import fitted_model

if TYPE_CHECKING:
    from g7warn.models.probability import StressModel

SPAN = ("2000-01", "2004-12")


def one_spike(*, onset: int, months: int = 72) -> np.ndarray:
    prices = np.zeros((1, months))
    prices[0, onset:] = np.log(1.6)
    return prices


def test_an_alert_before_the_onset_catches_it_and_one_elsewhere_is_false() -> None:
    odds = np.full((1, 72), 0.02)
    odds[0, [5, 36]] = 0.52
    odds[0, 60:] = np.nan
    record = judge_odds(one_spike(onset=40), odds, Direction.UP, span=SPAN)
    point = record.at(0.5)
    assert (record.episodes, record.series_years) == (1, pytest.approx(5.0))
    assert (point.alerts, point.right, point.caught, point.median_lead_months) == (2, 1, 1, 4.0)
    silent = record.at(0.6)
    assert (silent.alerts, silent.caught, silent.median_lead_months) == (0, 0, 0.0)


def test_an_onset_after_the_judged_months_is_no_miss_and_makes_an_alert_right() -> None:
    odds = np.full((1, 72), 0.02)
    odds[0, 58] = 0.52
    odds[0, 60:] = np.nan
    record = judge_odds(one_spike(onset=65), odds, Direction.UP, span=SPAN)
    assert record.episodes == 0
    assert (record.at(0.5).alerts, record.at(0.5).right) == (1, 1)


def made_up(*alerts: int) -> OperatingRecord:
    points = tuple(
        OperatingPoint(probability=0.1 * k, alerts=n, right=0, caught=0, median_lead_months=0.0)
        for k, n in enumerate(alerts, 1)
    )
    return OperatingRecord(
        direction=Direction.UP,
        first_month=SPAN[0],
        last_month=SPAN[1],
        series=10,
        series_years=100.0,
        episodes=5,
        points=points,
    )


def test_a_budget_is_kept_from_a_probability_on_and_not_below_it_by_chance() -> None:
    record = made_up(5, 30, 12, 4)
    assert record.within(0.15) == pytest.approx(0.3)
    assert record.within(0.01) == 1.0
    assert record.within(1.0) == pytest.approx(0.1)


def test_a_choice_between_two_points_is_told_the_stricter_one() -> None:
    assert made_up(5, 4, 3).at(0.15).alerts == 4
    assert made_up(5, 4, 3).at(0.9).alerts == 3


def test_the_record_is_of_months_that_its_model_had_not_seen() -> None:
    rng = np.random.default_rng(5)
    prices = np.cumsum(rng.standard_t(4, size=(8, 372)) * 0.06, axis=1)
    months = [f"{1990 + k // 12}-{k % 12 + 1:02d}" for k in range(372)]
    seen: list[int] = []

    def fit(known: np.ndarray, _seed: int) -> StressModel:
        seen.append(known.shape[1])
        return fitted_model()

    records = draw_records(prices, months, forecast_held_out(prices, seed=1, fit=fit))
    assert {record.direction for record in records} == set(Direction)
    assert months[seen[0] - 1] == records[0].first_month
    assert records[0].last_month == months[-13]
    assert [p.probability for p in records[0].points] == list(PROBABILITIES)
    assert OperatingRecord.from_plain(_plain(records[0])) == records[0]


def _plain(record: OperatingRecord) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(record)
