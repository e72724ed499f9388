"""What became of alerts, held against prices that came later."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from g7warn.domain.alert import AlertEvent, EventKind, Grade, Reason
from g7warn.domain.signal import Certainty
from g7warn.verification.track_record import (
    Outcome,
    find_record,
    find_series,
    stamp_events,
    tally,
)
from tests.support.assessments import make_assessment
from tests.support.signals import build_signal

SERIES = "nickel.market.price.world.worldbank"
MOVE = "price +50 % or more within 6 months"
ONSET = "12-month change of +50 % or more first reached within 6 months"
FLAT = [(f"{year}-{month:02d}", 100.0) for year in (2021, 2022, 2023) for month in range(1, 13)]


def event(
    criterion: str = MOVE,
    *,
    month: int = 4,
    kind: EventKind = EventKind.RAISED,
    sequence: int = 1,
    alert_id: str = "a",
    certainty: Certainty = Certainty.LIKELY,
) -> AlertEvent:
    as_of = datetime(2022, month, 5, tzinfo=UTC)
    evidence = build_signal().evidence
    periods = ("2021-01", f"2022-{month - 1:02d}")
    changed = type(evidence)(series_ids=(SERIES,), periods=periods, vintage_at=None)
    assessment = make_assessment(
        as_of=as_of,
        criterion=criterion,
        certainty=certainty,
        signals=(build_signal(evidence=changed, criterion=criterion),),
    )
    return AlertEvent(
        alert_id=alert_id,
        sequence=sequence,
        kind=kind,
        reason=Reason.FIRST,
        grade=Grade.WARNING,
        previous_grade=Grade.NORMAL,
        raised_at=as_of,
        as_of=as_of,
        assessment=assessment,
    )


def prices(until: str = "2023-12", **changed: float) -> dict[str, list[tuple[str, float]]]:
    moved = {name.replace("m", "").replace("_", "-"): value for name, value in changed.items()}
    return {SERIES: [(m, moved.get(m, v)) for m, v in FLAT if m <= until]}


@pytest.mark.parametrize("criterion", [MOVE, ONSET])
def test_what_came_true_in_the_window_is_a_hit_with_its_lead(criterion: str) -> None:
    (stamp,) = stamp_events([event(criterion)], prices(m2022_08=151.0))
    assert (stamp.outcome, stamp.lead_months) == (Outcome.HIT, 4)


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        pytest.param(prices(), Outcome.FALSE_ALARM, id="nothing came"),
        pytest.param(prices(m2022_10=151.0), Outcome.FALSE_ALARM, id="came a month late"),
        pytest.param(prices(m2022_08=149.0), Outcome.FALSE_ALARM, id="fell short"),
        pytest.param(prices(until="2022-08"), Outcome.OPEN, id="window still open"),
        pytest.param({}, Outcome.OPEN, id="no price known"),
    ],
)
def test_what_did_not_come_true_is_false_once_the_window_has_closed(
    known: dict[str, list[tuple[str, float]]], outcome: Outcome
) -> None:
    (stamp,) = stamp_events([event()], known)
    assert stamp.outcome is outcome


def test_daily_prices_count_as_the_mean_of_their_month() -> None:
    days = [(f"2022-{month:02d}-{day:02d}", 100.0) for month in (3, 9) for day in (1, 2)]
    spike = [("2022-05-02", 120.0), ("2022-05-03", 190.0)]
    (stamp,) = stamp_events([event()], {SERIES: [*days, *spike]})
    assert (stamp.outcome, stamp.lead_months) == (Outcome.HIT, 1)


def test_a_fact_foretells_nothing_and_is_not_scored() -> None:
    stamps = stamp_events([event(certainty=Certainty.OBSERVED)], prices())
    assert [stamp.outcome for stamp in stamps] == [Outcome.IN_EVENT]
    assert tally(stamps) is None


def test_a_claim_that_a_graver_one_replaced_in_its_window_is_no_false_alarm() -> None:
    worse = event(month=6, kind=EventKind.ESCALATED, sequence=2)
    stamps = stamp_events([worse, event()], prices())
    assert [stamp.outcome for stamp in stamps] == [Outcome.SUPERSEDED, Outcome.FALSE_ALARM]


def test_easings_and_ends_claim_nothing() -> None:
    assert stamp_events([event(kind=EventKind.EASED), event(kind=EventKind.ENDED)], prices()) == []


def test_a_criterion_that_no_price_decides_is_left_out() -> None:
    other = event("mine production of the world 10 % or more below its forecast")
    assert find_series(other) == ""
    assert stamp_events([other], prices()) == []


def test_the_record_of_an_alert_counts_earlier_ones_of_its_kind_alone() -> None:
    past = [
        event(month=2, alert_id="x"),
        event(month=3, alert_id="y", certainty=Certainty.POSSIBLE),
    ]
    new = event(month=12, alert_id="z")
    stamps = stamp_events([*past, new], prices(m2022_05=160.0))
    record = find_record(new, stamps)
    assert record is not None
    assert (record.alerts, record.hits, record.median_lead_months) == (1, 1, 3.0)
    assert find_record(past[0], stamps) is None
