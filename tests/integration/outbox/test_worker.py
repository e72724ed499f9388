"""The worker against channels that fail in every way, on a clock that is moved by hand."""

from __future__ import annotations

import itertools
from datetime import timedelta
from threading import Barrier, Event
from typing import TYPE_CHECKING

import pytest

from g7warn.clock import FixedClock
from g7warn.deliver.backoff import GIVE_UP_AFTER
from g7warn.deliver.bucket import Limit
from g7warn.deliver.message import ExerciseMessage
from g7warn.deliver.outbox import BATCH, Carriers
from g7warn.domain.marking import Audience, Realm, Tlp
from g7warn.domain.notice import ExerciseNotice
from g7warn.errors import ChannelRejected, ChannelUnavailable, StoreUnavailable
from g7warn.store.outbox import OutboxQueue
from tests.support.assessments import make_member
from tests.support.notices import make_notice
from tests.support.postmen import START, FakeChannel, make_worker, queue_notices

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

HOUR = timedelta(hours=1)
JP, CA = make_member("jp"), make_member("ca")
WEEK = timedelta(days=7)


def fail(error: Exception, *, times: int = 10**9, address: str = "") -> Callable[[str, str], None]:
    left = [times]

    def script(to: str, _title: str) -> None:
        if (not address or to == address) and left[0] > 0:
            left[0] -= 1
            raise error

    return script


def states(store: Engine) -> dict[str, int]:
    return OutboxQueue(store).report().states


def test_what_is_due_is_delivered_once(store: Engine) -> None:
    queue_notices(store, [make_notice(), make_notice(mineral="zinc")], [JP, CA])
    channel = FakeChannel()
    assert make_worker(store, {"file": channel}, [JP, CA]).drain()["delivered"] == 4
    assert make_worker(store, {"file": channel}, [JP, CA]).drain()["delivered"] == 0
    assert set(channel.keys.values()) == {1}
    assert channel.taken["jp-mail"] == ["nickel-price-up-1-1", "zinc-price-up-1-1"]


def test_a_channel_that_is_down_for_three_days_gets_everything_in_the_end(
    sqlite_store: Engine,
) -> None:
    clock = FixedClock(START)

    def script(_address: str, _title: str) -> None:
        if clock.now() < START + timedelta(hours=70):
            message = "down"
            raise ChannelUnavailable(message)

    notices = [make_notice(mineral=mineral) for mineral in ("nickel", "zinc", "tin")]
    queue_notices(sqlite_store, notices, [JP])
    channel = FakeChannel(script)
    worker = make_worker(sqlite_store, {"file": channel}, clock=clock)
    counts = {"delivered": 0}
    while clock.now() < START + timedelta(hours=120):
        counts = {"delivered": counts["delivered"] + worker.drain()["delivered"]}
        clock.advance(HOUR)
    assert counts["delivered"] == 3
    assert set(channel.keys.values()) == {1}


def test_a_channel_that_stays_down_leaves_dead_letters_after_75_hours_not_before(
    sqlite_store: Engine,
) -> None:
    clock = FixedClock(START)
    queue_notices(sqlite_store, [make_notice()], [JP])
    channel = FakeChannel(fail(ChannelUnavailable("down")))
    worker = make_worker(sqlite_store, {"file": channel}, clock=clock)
    while clock.now() < START + GIVE_UP_AFTER - HOUR:
        worker.drain()
        clock.advance(HOUR)
    assert states(sqlite_store) == {"pending": 1}
    while clock.now() < START + 2 * GIVE_UP_AFTER:
        worker.drain()
        clock.advance(HOUR)
    assert states(sqlite_store) == {"dead": 1}


def test_an_endpoint_that_says_slow_down_a_hundred_times_makes_no_dead_letter(
    sqlite_store: Engine,
) -> None:
    clock = FixedClock(START)
    queue_notices(sqlite_store, [make_notice()], [JP])
    busy = ChannelUnavailable("busy", retry_after_seconds=5)
    channel = FakeChannel(fail(busy, times=100))
    counts = make_worker(sqlite_store, {"file": channel}, clock=clock).drain(patience=HOUR)
    assert counts == {"delivered": 1, "postponed": 100, "buried": 0}
    assert timedelta(seconds=500) <= clock.now() - START < timedelta(seconds=520)


@pytest.mark.parametrize("error", [ChannelRejected("no such user"), ValueError("a bad notice")])
def test_what_a_channel_refuses_for_good_is_a_dead_letter_at_once(
    sqlite_store: Engine, error: Exception
) -> None:
    queue_notices(sqlite_store, [make_notice(), make_notice(mineral="zinc")], [JP])
    channel = FakeChannel(fail(error, times=1))
    counts = make_worker(sqlite_store, {"file": channel}).drain()
    assert counts == {"delivered": 1, "postponed": 0, "buried": 1}
    (letter,) = OutboxQueue(sqlite_store).read_dead_letters()
    assert str(error) in letter["detail"]
    OutboxQueue(sqlite_store).replay(letter["delivery_id"])
    assert make_worker(sqlite_store, {"file": channel}).drain()["delivered"] == 1


def test_an_endpoint_that_is_gone_is_disabled(sqlite_store: Engine) -> None:
    notices = [make_notice(mineral=mineral) for mineral in ("nickel", "zinc", "tin")]
    queue_notices(sqlite_store, notices, [JP, CA])
    gone = ChannelRejected("gone", is_endpoint_gone=True)
    channel = FakeChannel(fail(gone, times=1, address="jp-mail"))
    make_worker(sqlite_store, {"file": channel}, [JP, CA]).drain()
    assert len(channel.taken["ca-mail"]) == 3
    assert OutboxQueue(sqlite_store).report().states["dead"] >= 1


def test_one_endpoint_that_fails_holds_up_no_other(sqlite_store: Engine) -> None:
    notices = [make_notice(mineral=f"m{number}") for number in range(120)]
    queue_notices(sqlite_store, notices, [JP, CA])
    channel = FakeChannel(fail(ChannelUnavailable("down"), address="jp-mail"))
    make_worker(sqlite_store, {"file": channel}, [JP, CA]).drain()
    assert (len(channel.taken["ca-mail"]), len(channel.taken["jp-mail"])) == (120, 0)


def test_a_slow_channel_delays_no_other(sqlite_store: Engine) -> None:
    slow_member = make_member("slow", endpoint={"channel": "slow"})
    queue_notices(sqlite_store, [make_notice()], [JP, slow_member])
    is_fast_done = Event()

    def wait_for_the_fast_one(_address: str, _title: str) -> None:
        assert is_fast_done.wait(timeout=20)

    fast = FakeChannel(lambda _address, _title: is_fast_done.set())
    slow = FakeChannel(wait_for_the_fast_one)
    channels = {"slow": slow, "file": fast}
    worker = make_worker(sqlite_store, channels, [JP, slow_member], hands=2)
    assert worker.drain()["delivered"] == 2


def test_endpoints_of_one_channel_are_served_side_by_side(sqlite_store: Engine) -> None:
    queue_notices(sqlite_store, [make_notice()], [JP, CA])
    both = Barrier(2)
    channel = FakeChannel(lambda _address, _title: both.wait(timeout=20) and None)
    worker = make_worker(sqlite_store, {"file": channel}, [JP, CA], hands=2)
    assert worker.drain()["delivered"] == 2


def test_a_rate_is_kept_and_nobody_waits_for_it_with_a_lease(sqlite_store: Engine) -> None:
    clock = FixedClock(START)
    notices = [make_notice(mineral=f"m{number}") for number in range(5)]
    queue_notices(sqlite_store, notices, [JP])
    sent_at = []
    channel = FakeChannel(lambda _address, _title: sent_at.append(clock.now()))
    limits = {"file": Limit(per_second=1)}
    worker = make_worker(sqlite_store, {"file": channel}, clock=clock, limits=limits)
    assert worker.drain()["delivered"] == 1
    assert worker.drain(patience=HOUR)["delivered"] == 4
    gaps = [after - before for before, after in itertools.pairwise(sent_at)]
    assert min(gaps) >= timedelta(seconds=1)
    assert max(gaps) < timedelta(seconds=2)
    assert OutboxQueue(sqlite_store).report().states == {"delivered": 5}


def test_patience_waits_for_nothing_that_is_due_later_than_it_lasts(sqlite_store: Engine) -> None:
    clock = FixedClock(START)
    queue_notices(sqlite_store, [make_notice()], [JP])
    channel = FakeChannel(fail(ChannelUnavailable("busy", retry_after_seconds=600)))
    worker = make_worker(sqlite_store, {"file": channel}, clock=clock)
    assert worker.drain(patience=timedelta(seconds=60))["postponed"] == 1
    assert clock.now() == START


def test_no_more_is_leased_than_hands_can_take(sqlite_store: Engine) -> None:
    members = [make_member(f"m{number}") for number in range(8)]
    notices = [make_notice(mineral=f"n{number}") for number in range(50)]
    queue_notices(sqlite_store, notices, members)
    leased = []

    def count(_address: str, _title: str) -> None:
        if len(channel.keys) % 20 == 0:
            leased.append(states(sqlite_store).get("leased", 0))

    channel = FakeChannel(count)
    worker = make_worker(sqlite_store, {"file": channel}, members, hands=2)
    assert worker.drain()["delivered"] == 400
    assert max(leased) <= BATCH * 3  # one batch, and one more for each hand


def test_an_exercise_goes_to_the_exercise_channel_of_the_same_name(sqlite_store: Engine) -> None:
    practice = make_member("jp", endpoint={"realm": Realm.EXERCISE})
    actual, exercise = FakeChannel(), FakeChannel(accepts=ExerciseMessage)
    carriers = Carriers(actual={"file": actual}, exercise={"file": exercise})
    queue_notices(sqlite_store, [make_notice(ExerciseNotice)], [practice])
    worker = make_worker(sqlite_store, {}, [practice], carriers=carriers)
    assert worker.drain()["delivered"] == 1
    assert (actual.titles, exercise.titles) == ([], ["nickel-price-up-1-1"])


def test_an_exercise_misrouted_to_an_actual_endpoint_is_stopped_at_the_exit(
    sqlite_store: Engine,
) -> None:
    channel = FakeChannel()
    queue_notices(sqlite_store, [make_notice(ExerciseNotice)], [JP])
    assert make_worker(sqlite_store, {"file": channel}).drain()["buried"] == 1
    assert channel.titles == []


def test_a_member_that_lost_its_right_since_is_not_told(sqlite_store: Engine) -> None:
    queue_notices(sqlite_store, [make_notice(tlp=Tlp.AMBER)], [JP])
    channel = FakeChannel()
    moved = make_member("jp", Audience.LIKE_MINDED)
    assert make_worker(sqlite_store, {"file": channel}, [moved]).drain()["buried"] == 1
    assert channel.titles == []


def test_an_unopened_channel_keeps_its_parcels_waiting(sqlite_store: Engine) -> None:
    queue_notices(sqlite_store, [make_notice()], [JP])
    assert make_worker(sqlite_store, {"email": FakeChannel()}).drain()["delivered"] == 0
    assert states(sqlite_store) == {"pending": 1}


def test_a_store_that_is_away_is_waited_for_and_nothing_is_doubled(sqlite_store: Engine) -> None:
    clock = FixedClock(START)
    queue_notices(sqlite_store, [make_notice()], [JP])
    channel = FakeChannel()
    worker = make_worker(sqlite_store, {"file": channel}, clock=clock)
    deliver = worker._queue.deliver

    def away(*_args: object, **_facts: object) -> None:
        message = "no answer"
        raise StoreUnavailable(message)

    worker._queue.deliver = away  # type: ignore[method-assign]
    with pytest.raises(StoreUnavailable):
        worker.drain()
    worker._queue.deliver = deliver  # type: ignore[method-assign]
    clock.advance(HOUR)
    assert worker.drain()["delivered"] == 1
    assert list(channel.keys.values()) == [2]  # on the wire twice, under one key


def test_watching_goes_on_until_it_is_stopped(sqlite_store: Engine) -> None:
    queue_notices(sqlite_store, [make_notice()], [JP])
    channel = FakeChannel()
    worker = make_worker(sqlite_store, {"file": channel}, hands=2)
    assert worker.watch(is_stopped=lambda: bool(channel.titles))["delivered"] == 1


def test_a_lane_that_dies_is_heard_of(sqlite_store: Engine) -> None:
    worker = make_worker(sqlite_store, {"file": FakeChannel()}, hands=1)
    worker._queue = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        worker.watch(is_stopped=lambda: False)
