"""Dispatch: from the alerts that stand to rows of the outbox and lines of the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from g7warn.alerts.acknowledge import chase
from g7warn.alerts.compose import compose_notice
from g7warn.alerts.decide import Circumstances, decide
from g7warn.alerts.policy import Policy, load_policy
from g7warn.alerts.route import BUDGET_WINDOW
from g7warn.domain.marking import MessageStatus, Realm
from g7warn.domain.notice import MsgType
from g7warn.store.deliveries import enqueue, read_log
from g7warn.store.desk import read_acknowledgements, read_approvals, read_silences
from g7warn.store.engine import begin_writing
from g7warn.store.members import read_members
from g7warn.store.newest_events import read_newest_events
from g7warn.store.notices import read_earlier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from g7warn.domain.alert import AlertEvent
    from g7warn.domain.delivery import Decision
    from g7warn.domain.notice import ActualNotice, ExerciseNotice, Notice, TrackRecord

CLOSED_LATELY = timedelta(days=31)
"""How long the end of an alert is still told. Judgement: longer than any outage of this program
that nobody notices; a cancel later than that confuses more than it tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What an installation is called, and how it goes about telling.

    Attributes:
        sender: CAP sender.
        policy: Waits and limits.
        red_readers: Members to whom TLP:RED goes.
        is_simulated: Whether the data are simulated; said on every notice.
        is_replay: Whether a past day is replayed: every notice is then a Test by type.
        find_track_record: How earlier alerts like this one turned out; None where none closed.
    """

    sender: str
    policy: Policy = field(default_factory=load_policy)
    red_readers: tuple[str, ...] = ()
    is_simulated: bool = False
    is_replay: bool = False
    find_track_record: Callable[[AlertEvent], TrackRecord | None] = lambda _event: None


def dispatch(engine: Engine, *, office: Office, as_of: datetime) -> dict[str, int]:
    """Decide what members are told at `as_of`, and queue it. Run again, it adds nothing.

    Args:
        engine: The store.
        office: Who tells.
        as_of: Present instant, or the instant that is replayed.

    Returns:
        Counts: alerts looked at, notices queued, digests, and lines added to the ledger.

    Raises:
        StoreUnavailable: The database did not answer; nothing was queued.
    """
    events = read_newest_events(engine, as_of=as_of, closed_since=as_of - CLOSED_LATELY)
    events = tuple(event for event in events if event.status.realm != Realm.DESK)
    if office.is_replay:
        events = tuple(_mark_as_test(event) for event in events)
    notices = _compose(engine, events, office=office)
    decisions = _decide(engine, events, notices, policy=office.policy, as_of=as_of)
    with begin_writing(engine) as connection:
        counts = enqueue(connection, decisions, at=as_of)
    return {
        "alerts": len(events),
        "queued": counts.queued,
        "digests": counts.digests,
        "withheld": counts.withheld,
    }


def _mark_as_test(event: AlertEvent) -> AlertEvent:
    """Return the event as a test of its own, which shares no log or approval with the real one."""
    return replace(event, alert_id=f"test-{event.alert_id}", status=MessageStatus.TEST)


def _compose(
    engine: Engine, events: Sequence[AlertEvent], *, office: Office
) -> list[ActualNotice | ExerciseNotice]:
    """Return the notice of each event; one that has gone out to somebody stays as it was."""
    kept = read_earlier(engine, [event.alert_id for event in events])
    notices = []
    for event in events:
        known = [notice for notice in kept[event.alert_id] if not notice.repeat]
        same = [notice for notice in known if notice.sequence == event.sequence]
        notices.append(
            same[0]
            if same
            else compose_notice(
                event,
                sender=office.sender,
                earlier=[notice for notice in known if notice.sequence < event.sequence],
                named=office.red_readers,
                track_record=office.find_track_record(event),
                is_simulated=office.is_simulated,
            )
        )
    return notices


def _decide(
    engine: Engine,
    events: Sequence[AlertEvent],
    notices: Sequence[Notice],
    *,
    policy: Policy,
    as_of: datetime,
) -> list[Decision]:
    alert_ids = [event.alert_id for event in events]
    members = read_members(engine)
    log = read_log(engine, alert_ids=alert_ids, since=as_of - BUDGET_WINDOW)
    silences = read_silences(engine, as_of=as_of)
    answers = read_acknowledgements(engine, alert_ids=alert_ids)
    given = Circumstances(
        as_of=as_of,
        log=log,
        open_alerts=[event for event in events if event.is_open],
        silences=silences,
        approvals=read_approvals(engine),
        acknowledgements=answers,
        policy=policy,
    )
    decisions = decide(notices, members=members, given=given)
    told = {line.identifier for line in log}
    standing = [n for n in notices if n.msg_type != MsgType.CANCEL and n.identifier in told]
    return decisions + chase(
        standing,
        members=members,
        log=log,
        acknowledgements=answers,
        silences=silences,
        as_of=as_of,
        policy=policy,
    )
