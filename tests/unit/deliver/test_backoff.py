"""Waits between attempts, and the allowance of an endpoint."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from g7warn.deliver.backoff import GIVE_UP_AFTER, JITTER, WAITS, next_wait
from g7warn.deliver.bucket import Limit, TokenBucket
from tests.support.notices import SENT

ages = st.timedeltas(-timedelta(days=400), timedelta(days=400))


def test_the_schedule_lasts_about_75_hours() -> None:
    assert timedelta(hours=75) <= GIVE_UP_AFTER <= timedelta(hours=76)
    assert list(WAITS) == sorted(WAITS)


@given(attempts=st.integers(1, 1000), age=ages, seed=st.integers(0, 9))
def test_only_what_is_old_and_often_tried_is_given_up(
    attempts: int, age: timedelta, seed: int
) -> None:
    pause = next_wait(attempts, age=age, rng=Random(seed))
    assert (pause is None) == (age >= GIVE_UP_AFTER and attempts > len(WAITS))
    if pause is not None:
        base = WAITS[min(attempts, len(WAITS)) - 1]
        assert base * (1 - JITTER) <= pause <= base * (1 + JITTER)


@given(asked=st.floats(0.001, 1e12), attempts=st.integers(1, 50))
def test_what_a_receiver_asks_for_is_honoured_within_a_day(asked: float, attempts: int) -> None:
    pause = next_wait(attempts, age=timedelta(), rng=Random(0), retry_after_seconds=asked)
    assert pause is not None
    assert timedelta(seconds=1) <= pause <= timedelta(days=1)
    assert pause >= timedelta(seconds=min(asked, 86_400))


def test_the_same_seed_gives_the_same_waits() -> None:
    first, second = Random(7), Random(7)
    assert [next_wait(n, age=timedelta(), rng=first) for n in range(1, 9)] == [
        next_wait(n, age=timedelta(), rng=second) for n in range(1, 9)
    ]


@given(
    steps=st.lists(st.floats(-100, 10), min_size=1, max_size=60),
    rate=st.sampled_from([0.5, 1.0, 10.0]),
    burst=st.integers(1, 5),
)
def test_a_bucket_never_gives_more_than_its_rate_even_when_the_clock_steps_back(
    steps: list[float], rate: float, burst: int
) -> None:
    bucket = TokenBucket(Limit(per_second=rate, burst=burst))
    now, forward, given_out = SENT, 0.0, 0
    for step in steps:
        now += timedelta(seconds=step)
        forward += max(step, 0.0)
        pause = bucket.take(now)
        given_out += not pause
        if pause:
            assert pause <= timedelta(seconds=1 / rate + 1e-3)
    assert given_out <= burst + forward * rate + 1e-6
