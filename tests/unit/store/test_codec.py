from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.domain.alert import (
    AlertEvent,
    Assessment,
    Condition,
    EventKind,
    Fingerprint,
    Grade,
    GradeChange,
    Measure,
    Reason,
)
from g7warn.domain.marking import MessageStatus, Tlp
from g7warn.domain.signal import Certainty, Direction, Evidence, Family, Severity, Signal, Turn
from g7warn.errors import ConfigurationError
from g7warn.store import codec
from tests.support.signals import build_signal

WORDS = st.text(max_size=8)
TOKENS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
NUMBERS = st.floats(allow_nan=False)
INSTANTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
EVIDENCE = st.builds(
    Evidence,
    series_ids=st.lists(WORDS, max_size=2).map(tuple),
    periods=st.lists(WORDS, max_size=2).map(tuple),
    vintage_at=st.none() | INSTANTS,
    values=st.dictionaries(TOKENS, NUMBERS, max_size=2),
    thresholds=st.dictionaries(TOKENS, NUMBERS, max_size=2),
    is_estimated=st.booleans(),
    tlp=st.sampled_from(Tlp),
    notes=st.lists(WORDS, max_size=2).map(tuple),
)
TURNS = st.builds(
    Turn,
    severity=st.sampled_from(Severity),
    bound=NUMBERS,
    unit=WORDS,
    period=WORDS,
    is_below=st.booleans(),
)
CHANGES = st.builds(
    GradeChange,
    grade=st.sampled_from(Grade),
    conditions=st.lists(
        st.builds(
            Condition,
            measure=st.sampled_from(Measure),
            criterion=WORDS,
            bound=st.floats(allow_nan=False, allow_infinity=False),
            unit=WORDS,
            period=WORDS,
            is_below=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
)
SIGNALS = st.builds(
    Signal,
    mineral=TOKENS,
    area=TOKENS,
    family=st.sampled_from(Family),
    indicator=TOKENS,
    direction=st.sampled_from(Direction),
    score=NUMBERS,
    percentile=NUMBERS,
    probability=NUMBERS,
    severity=st.sampled_from(Severity),
    is_observed=st.booleans(),
    horizon_months=st.integers(0, 24),
    criterion=WORDS,
    reason=WORDS,
    evidence=EVIDENCE,
    turns=st.lists(TURNS, max_size=2).map(tuple),
)
ASSESSMENTS = st.builds(
    Assessment,
    fingerprint=st.builds(
        Fingerprint,
        mineral=TOKENS,
        family=st.sampled_from(Family),
        direction=st.sampled_from(Direction),
        area=TOKENS,
    ),
    as_of=INSTANTS,
    grade=st.sampled_from(Grade),
    severity=st.sampled_from(Severity),
    certainty=st.sampled_from(Certainty),
    probability=NUMBERS,
    horizon_months=st.integers(0, 24),
    criterion=WORDS,
    headline=WORDS,
    reasons=st.lists(WORDS, max_size=2).map(tuple),
    signals=st.lists(SIGNALS, max_size=2).map(tuple),
    tlp=st.sampled_from(Tlp),
    changes=st.lists(CHANGES, max_size=2).map(tuple),
)
EVENTS = st.builds(
    AlertEvent,
    alert_id=TOKENS,
    sequence=st.integers(1, 99),
    kind=st.sampled_from(EventKind),
    reason=st.sampled_from(Reason),
    grade=st.sampled_from(Grade),
    previous_grade=st.sampled_from(Grade),
    raised_at=INSTANTS,
    as_of=INSTANTS,
    assessment=ASSESSMENTS,
    status=st.sampled_from(MessageStatus),
)


@given(EVENTS)
def test_event_comes_back_equal(event: AlertEvent) -> None:
    text = codec.encode(event)
    assert codec.decode_event(text) == event
    assert codec.encode(codec.decode_event(text)) == text


@given(ASSESSMENTS)
def test_assessment_comes_back_equal(assessment: Assessment) -> None:
    assert codec.decode_assessment(codec.encode(assessment)) == assessment


@given(SIGNALS)
def test_signal_comes_back_equal(signal: Signal) -> None:
    assert codec.decode_signal(codec.encode(signal)) == signal


def test_score_that_cannot_be_computed_comes_back_as_such() -> None:
    signal = build_signal(score=math.nan)
    assert math.isnan(codec.decode_signal(codec.encode(signal)).score)


def test_damaged_text_is_told() -> None:
    with pytest.raises(ConfigurationError, match="damaged"):
        codec.decode_event("{")
