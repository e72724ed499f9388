"""Rows of the outbox on both databases: once, in order, superseded, leased and settled."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from g7warn.domain.alert import Grade, Reason
from g7warn.domain.delivery import Decision
from g7warn.domain.member import Mode
from g7warn.domain.notice import ExerciseNotice, MsgType
from g7warn.errors import IllegalTransition
from g7warn.store.deliveries import enqueue, read_ledger, read_log
from g7warn.store.engine import begin_writing
from g7warn.store.notices import decode_notice, encode_notice, read_earlier
from g7warn.store.outbox import OutboxQueue
from tests.support.assessments import make_member
from tests.support.messages import POISON
from tests.support.notices import make_notice
from tests.support.postmen import START, queue_notices

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from g7warn.domain.delivery import Parcel

JP, CA = make_member("jp"), make_member("ca")
MINUTE = timedelta(minutes=1)


def lease(store: Engine, *, minutes: float = 0, limit: int = 50, owner: str = "w1") -> list[Parcel]:
    queue = OutboxQueue(store)
    now = START + minutes * MINUTE
    return list(queue.lease(channel="file", now=now, limit=limit, owner=owner))


def states(store: Engine) -> dict[str, int]:
    return OutboxQueue(store).report().states


def test_the_same_decisions_are_queued_once(store: Engine) -> None:
    assert queue_notices(store, [make_notice()], [JP, CA]).queued == 2
    assert queue_notices(store, [make_notice()], [JP, CA]).queued == 0
    assert states(store) == {"pending": 2}


def test_what_is_rolled_back_with_its_events_was_never_queued(store: Engine) -> None:
    decision = Decision(notice=make_notice(), reason=Reason.FIRST, is_sent=True, member_id="jp")

    def queue_and_fail() -> None:
        with begin_writing(store) as connection:
            enqueue(connection, [decision], at=START)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        queue_and_fail()
    assert states(store) == {}


@pytest.mark.parametrize("kind", [type(make_notice()), ExerciseNotice])
def test_a_notice_comes_back_as_it_was(kind: type) -> None:
    notice = make_notice(kind, headline=POISON[-200:], probability=float("inf"))
    assert decode_notice(encode_notice(notice)) == notice


def test_a_leased_row_is_nobody_elses_until_its_lease_runs_out(store: Engine) -> None:
    queue_notices(store, [make_notice()], [JP])
    assert len(lease(store)) == 1
    assert lease(store, owner="w2", minutes=4.9) == []
    again = lease(store, owner="w2", minutes=5.1)
    assert [parcel.attempts for parcel in again] == [2]


def test_a_clock_set_back_keeps_no_row_from_being_leased(store: Engine) -> None:
    queue_notices(store, [make_notice()], [JP], at=START)
    assert len(lease(store, minutes=-600)) == 1
    assert len(lease(store, minutes=-1200, owner="w2")) == 1
    parcel = lease(store, minutes=-1100, owner="w3")[0]
    now = START - 1100 * MINUTE
    OutboxQueue(store).postpone(parcel, at=now, due_at=now + 5 * MINUTE, detail="later")
    assert len(lease(store, minutes=-10_000)) == 1


def test_the_loudest_is_leased_first(store: Engine) -> None:
    grades = {"tin": Grade.WATCH, "zinc": Grade.CRITICAL, "lead": Grade.WARNING}
    queue_notices(store, [make_notice(mineral=m, grade=g) for m, g in grades.items()], [JP])
    assert [p.notices[0].mineral for p in lease(store, limit=2)] == ["zinc", "lead"]


def test_a_newer_notice_supersedes_one_that_still_waits(store: Engine) -> None:
    queue_notices(store, [make_notice()], [JP])
    update = make_notice(sequence=2, msg_type=MsgType.UPDATE)
    queue_notices(store, [update], [JP])
    assert [p.notices[0].sequence for p in lease(store)] == [2]
    assert states(store) == {"leased": 1, "suppressed": 1}


def test_a_newer_notice_waits_while_an_older_one_is_on_the_way(store: Engine) -> None:
    queue_notices(store, [make_notice()], [JP, CA])
    parcel = next(p for p in lease(store) if p.member_id == "jp")
    queue_notices(store, [make_notice(sequence=2, msg_type=MsgType.UPDATE)], [JP])
    assert lease(store, owner="w2") == []
    OutboxQueue(store).deliver(parcel, at=START, reference="ref", thread="th")
    (update,) = lease(store, owner="w2")
    assert (update.notices[0].sequence, update.thread) == (2, "th")


def test_what_fails_after_a_newer_notice_was_queued_is_not_tried_again(store: Engine) -> None:
    queue_notices(store, [make_notice()], [JP])
    (parcel,) = lease(store)
    queue_notices(store, [make_notice(sequence=2, msg_type=MsgType.UPDATE)], [JP])
    later = START + MINUTE
    OutboxQueue(store).postpone(parcel, at=later, due_at=later, detail="down")
    assert [p.notices[0].sequence for p in lease(store, minutes=9)] == [2]


def test_the_cancel_of_what_was_never_handed_over_is_not_sent(store: Engine) -> None:
    queue_notices(store, [make_notice()], [JP, CA])
    handed = lease(store, limit=1)[0].member_id
    end = make_notice(sequence=2, msg_type=MsgType.CANCEL, grade=Grade.NORMAL)
    queue_notices(store, [end], [JP, CA])
    assert states(store) == {"leased": 1, "suppressed": 2, "pending": 1}
    parcels = lease(store, minutes=6)
    assert [(p.member_id, p.notices[0].sequence) for p in parcels] == [(handed, 2)]


def test_a_digest_carries_its_notices_together_and_settles_them_together(store: Engine) -> None:
    notices = [make_notice(mineral=mineral, grade=Grade.WATCH) for mineral in ("tin", "zinc")]
    assert queue_notices(store, notices, [JP], mode=Mode.DIGEST).digests == 1
    assert queue_notices(store, notices, [JP], mode=Mode.DIGEST).digests == 0
    (parcel,) = lease(store)
    assert parcel.is_digest
    assert [notice.mineral for notice in parcel.notices] == ["tin", "zinc"]
    OutboxQueue(store).deliver(parcel, at=START, reference="r", thread="")
    assert states(store) == {"delivered": 3}


def test_a_digest_drops_what_ended_before_it_went_out(store: Engine) -> None:
    queue_notices(store, [make_notice(grade=Grade.WATCH)], [JP], mode=Mode.DIGEST)
    end = make_notice(sequence=2, msg_type=MsgType.CANCEL, grade=Grade.NORMAL)
    queue_notices(store, [end], [JP])
    assert lease(store) == []
    assert states(store) == {"suppressed": 3}


def test_a_late_receipt_counts_whoever_holds_the_lease(store: Engine) -> None:
    queue_notices(store, [make_notice()], [JP])
    (first,) = lease(store)
    (second,) = lease(store, owner="w2", minutes=6)
    queue = OutboxQueue(store)
    queue.deliver(first, at=START, reference="r", thread="")
    queue.postpone(second, at=START, due_at=START, detail="down")
    queue.bury(second, at=START, detail="no")
    assert states(store) == {"delivered": 1}


def test_a_dead_letter_can_be_replayed_under_its_own_key_and_nothing_else_can(
    store: Engine,
) -> None:
    queue_notices(store, [make_notice()], [JP])
    (parcel,) = lease(store)
    queue = OutboxQueue(store)
    queue.bury(parcel, at=START, detail="bad\x00 \ud800 request\n" + "x" * 9000)
    (letter,) = queue.read_dead_letters()
    assert (letter["delivery_id"], letter["endpoint_id"]) == (parcel.delivery_id, "jp-mail")
    assert letter["detail"].startswith("bad ? request xxx")
    queue.replay(parcel.delivery_id)
    assert [p.delivery_id for p in lease(store)] == [parcel.delivery_id]
    with pytest.raises(IllegalTransition, match="no dead letter"):
        queue.replay(parcel.delivery_id)


def test_a_disabled_endpoint_gets_nothing_of_what_waits(store: Engine) -> None:
    queue_notices(store, [make_notice()], [JP, CA])
    queue = OutboxQueue(store)
    queue.disable_endpoint("jp-mail", at=START, reason="410")
    queue.disable_endpoint("jp-mail", at=START, reason="410")
    assert [parcel.member_id for parcel in lease(store)] == ["ca"]
    assert states(store) == {"dead": 1, "leased": 1}


def test_the_log_tells_what_was_told_and_the_ledger_what_was_not(store: Engine) -> None:
    notice = make_notice()
    queue_notices(store, [notice], [JP])
    withheld = Decision(
        notice=notice, reason=Reason.NOT_ENTITLED, member_id="kr", detail="label_above_audience"
    )
    with begin_writing(store) as connection:
        assert enqueue(connection, [withheld, withheld], at=START).withheld == 1
    (line,) = read_log(store, alert_ids=[notice.alert_id])
    assert (line.member_id, line.grade, line.told_at) == ("jp", Grade.WARNING, START)
    assert read_log(store, alert_ids=["other"]) == ()
    assert len(read_log(store, alert_ids=[], since=START)) == 1
    (entry,) = read_ledger(store, alert_id=notice.alert_id)
    assert (entry["member_id"], entry["reason"]) == ("kr", "NOT_ENTITLED")
    assert read_earlier(store, [notice.alert_id]) == {notice.alert_id: [notice]}


def test_the_report_shows_the_age_of_the_queue(store: Engine) -> None:
    queue = OutboxQueue(store)
    assert queue.report().oldest_pending_at is None
    queue_notices(store, [make_notice()], [JP], at=START)
    assert queue.report().oldest_pending_at == START
    assert queue.list_channels() == ("file",)


def test_a_row_whose_notice_is_gone_stops_no_other(store: Engine) -> None:
    queue_notices(store, [make_notice(), make_notice(mineral="zinc")], [JP])
    with store.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET identifier = 'gone' WHERE alert_id LIKE 'zinc%'"
            if store.dialect.name == "sqlite"
            else "UPDATE outbox SET identifier = 'gone' WHERE alert_id LIKE 'zinc%%'"
        )
    assert [p.notices[0].mineral for p in lease(store)] == ["nickel"]
    assert states(store) == {"dead": 1, "leased": 1}
