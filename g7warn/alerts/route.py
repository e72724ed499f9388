"""Routing: which of a member's subscriptions a notice is for, and what they were told before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from g7warn.domain.alert import Grade, Reason
from g7warn.domain.member import ALL
from g7warn.domain.notice import MsgType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from g7warn.alerts.policy import Policy
    from g7warn.domain.delivery import Told
    from g7warn.domain.member import Subscription
    from g7warn.domain.notice import Notice

BUDGET_WINDOW = timedelta(days=1)


def index_log(log: Iterable[Told]) -> dict[tuple[str, str], list[Told]]:
    """Return the delivery log by endpoint and alert, oldest first."""
    index: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for line in sorted(log, key=lambda told: (told.told_at, told.sequence, told.repeat)):
        index[line.endpoint_id, line.alert_id].append(line)
    return index


def is_wanted(notice: Notice, subscription: Subscription, *, told: Sequence[Told]) -> bool:
    """Return whether a subscription asks for `notice`.

    An easing goes to whoever was told the higher grade, even where the new one is below its
    minimum: otherwise the reader would go on believing the old one.
    """
    about = notice.fingerprint
    is_about = (
        (subscription.minerals == ALL or about.mineral in subscription.minerals)
        and about.family in subscription.families
        and about.direction in subscription.directions
    )
    if subscription.is_paused or not is_about:
        return False
    if told:
        return True
    if notice.grade == Grade.BLIND:
        return subscription.wants_blind
    is_loud = notice.grade >= subscription.minimum_grade
    return is_loud and notice.probability >= subscription.operating_point


def compare_with_log(
    notice: Notice,
    told: Sequence[Told],
    *,
    as_of: datetime,
    policy: Policy,
    is_acknowledged: bool,
) -> tuple[Notice, Reason, bool]:
    """Return what to send to an endpoint that was told `told` of the alert, and why or why not.

    Args:
        notice: Newest notice of the alert.
        told: What the endpoint was told of this alert, oldest first.
        as_of: Instant of the decision.
        policy: Cool-downs and repeats.
        is_acknowledged: Whether the member has taken note; it then needs no reminder.

    Returns:
        The notice (a reminder where one is due), the reason, and whether to send it. A grade above
        the last one told is never held by a cool-down.
    """
    same = [line for line in told if line.sequence == notice.sequence]
    reached = [line for line in told if not line.has_failed]
    if not reached:
        return notice, Reason.UNCHANGED if same else notice.reason, not same
    last = reached[-1]
    if same:
        wait = policy.repeat_after(notice.grade)
        is_due = wait is not None and as_of - last.told_at >= wait and not is_acknowledged
        if not is_due or notice.msg_type == MsgType.CANCEL:
            return notice, Reason.UNCHANGED, False
        number = max(line.repeat for line in same) + 1
        return remind(notice, number=number, as_of=as_of), Reason.REPEAT_DUE, True
    if notice.msg_type == MsgType.CANCEL or notice.grade > last.grade:
        return notice, notice.reason, True
    if notice.grade == last.grade:
        return notice, Reason.UNCHANGED, False
    is_cooling = as_of - last.told_at < policy.cool_down(notice.grade)
    return notice, Reason.COOL_DOWN if is_cooling else notice.reason, not is_cooling


def remind(notice: Notice, *, number: int, as_of: datetime, suffix: str = "") -> Notice:
    """Return the reminder of a notice: an update that refers to it.

    Args:
        notice: What to remind of.
        number: Number of the reminder, from 1.
        as_of: When it is issued.
        suffix: What makes the identifier unique beyond the number; none for all readers alike.
    """
    return replace(
        notice,
        identifier=f"{notice.identifier}-{suffix or f'r{number}'}",
        sent=as_of,
        msg_type=MsgType.UPDATE,
        reason=Reason.REPEAT_DUE,
        repeat=number,
        references=(*notice.references, notice.reference),
    )


def is_over_budget(notice: Notice, subscription: Subscription, *, opened: int) -> bool:
    """Return whether a new alert exceeds a subscription's daily budget; critical ones never do.

    Args:
        notice: The first notice of its alert for the endpoint.
        subscription: Whose budget.
        opened: Alerts first told to the endpoint within the last day, this run's included.
    """
    if not subscription.daily_budget or notice.grade == Grade.CRITICAL:
        return False
    return opened >= subscription.daily_budget


def count_opened(log: Iterable[Told], *, as_of: datetime) -> dict[str, int]:
    """Return how many alerts each endpoint was first told of within the day before `as_of`."""
    first: dict[tuple[str, str], datetime] = {}
    for line in log:
        key = (line.endpoint_id, line.alert_id)
        first[key] = min(first.get(key, line.told_at), line.told_at)
    opened: dict[str, int] = defaultdict(int)
    for (endpoint_id, _), told_at in first.items():
        opened[endpoint_id] += as_of - told_at < BUDGET_WINDOW
    return opened
