"""Acknowledgement: a clock for each member and alert; unanswered, others are told.

reminder -> second contact -> secretariat, one step each time the grade's own wait has passed since
the member was first told of it. Acknowledging, ending or silencing stops the chain; an escalation
starts it anew, because what was acknowledged was less.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from g7warn.alerts.entitlement import Verdict, check_endpoint
from g7warn.alerts.route import remind
from g7warn.alerts.silence import find_silence
from g7warn.domain.alert import Reason
from g7warn.domain.delivery import Acknowledgement, Decision
from g7warn.domain.member import ContactRole
from g7warn.domain.notice import MsgType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from g7warn.alerts.policy import Policy
    from g7warn.domain.delivery import Silence, Told
    from g7warn.domain.member import Endpoint, Member
    from g7warn.domain.notice import Notice


class ChainStep(IntEnum):
    """Who is told next; the number counts the waits that have passed."""

    REMINDER = 1
    SECOND_CONTACT = 2
    SECRETARIAT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one member stands to one alert.

    Attributes:
        told_at: When it was first told of the notice that asks for an answer; None if never.
        acknowledged_at: When it answered; None if it has not.
        steps: Steps of the chain that are due by now.
    """

    told_at: datetime | None
    acknowledged_at: datetime | None
    steps: tuple[ChainStep, ...]

    @property
    def time_to_acknowledge(self) -> timedelta | None:
        """From telling to answering; None while either is missing."""
        if self.told_at is None or self.acknowledged_at is None:
            return None
        return self.acknowledged_at - self.told_at


def index_acknowledgements(
    acknowledgements: Iterable[Acknowledgement],
) -> dict[tuple[str, str], int]:
    """Return the newest event that each member has acknowledged, by member and alert."""
    newest: dict[tuple[str, str], int] = defaultdict(int)
    for answer in acknowledgements:
        key = (answer.member_id, answer.alert_id)
        newest[key] = max(newest[key], answer.sequence)
    return dict(newest)


def judge_standing(
    notice: Notice,
    member_id: str,
    *,
    log: Iterable[Told],
    acknowledgements: Iterable[Acknowledgement],
    as_of: datetime,
    policy: Policy,
) -> Standing:
    """Return how a member stands to the newest notice of an alert.

    Args:
        notice: The newest notice; a cancel asks for no answer.
        member_id: Who.
        log: What was told to whom.
        acknowledgements: What was answered.
        as_of: Instant of the judgement. Before `told_at` (a clock set back) nothing is due.
        policy: How long a member has.
    """
    told_at = min(
        (
            line.told_at
            for line in log
            if line.member_id == member_id
            and line.alert_id == notice.alert_id
            and line.sequence == notice.sequence
            and not line.repeat
            and not line.has_failed
        ),
        default=None,
    )
    answered_at = min(
        (
            answer.at
            for answer in acknowledgements
            if answer.member_id == member_id
            and answer.alert_id == notice.alert_id
            and answer.sequence >= notice.sequence
        ),
        default=None,
    )
    within = policy.acknowledge_within(notice.grade)
    is_asked = within is not None and notice.msg_type != MsgType.CANCEL
    steps: tuple[ChainStep, ...] = ()
    if is_asked and within is not None and told_at is not None and answered_at is None:
        steps = tuple(step for step in ChainStep if as_of - told_at >= step * within)
    return Standing(told_at=told_at, acknowledged_at=answered_at, steps=steps)


def chase(
    notices: Sequence[Notice],
    *,
    members: Sequence[Member],
    log: Sequence[Told],
    acknowledgements: Sequence[Acknowledgement],
    silences: Sequence[Silence],
    as_of: datetime,
    policy: Policy,
) -> list[Decision]:
    """Return the reminders that unanswered notices ask for, each once.

    Args:
        notices: The newest notice of each open alert.
        members: Everybody who takes part; those marked as secretariat are told last.
        log: What was told to whom, reminders included.
        acknowledgements: What was answered.
        silences: What nobody wants to hear.
        as_of: Instant of the judgement.
        policy: How long a member has.
    """
    done = {(line.identifier, line.endpoint_id) for line in log}
    languages = {s.endpoint_id: s.language for m in members for s in m.subscriptions}
    by_reader: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for line in log:
        by_reader[line.alert_id, line.member_id].append(line)
    answers: dict[str, list[Acknowledgement]] = defaultdict(list)
    for answer in acknowledgements:
        answers[answer.alert_id].append(answer)
    decisions: list[Decision] = []
    for notice in notices:
        if find_silence(notice, silences=silences, as_of=as_of):
            continue
        for member in members:
            lines = by_reader.get((notice.alert_id, member.member_id))
            if not lines or find_silence(
                notice, silences=silences, as_of=as_of, member_id=member.member_id
            ):
                continue
            standing = judge_standing(
                notice,
                member.member_id,
                log=lines,
                acknowledgements=answers[notice.alert_id],
                as_of=as_of,
                policy=policy,
            )
            for step in standing.steps:
                reminder = _remind_of(notice, member, step, as_of=as_of)
                targets = _find_targets(member, step, members=members, lines=lines)
                decisions += _tell(reminder, targets, step, languages=languages)
    return [d for d in decisions if (d.notice.identifier, d.endpoint_id) not in done]


def _remind_of(notice: Notice, member: Member, step: ChainStep, *, as_of: datetime) -> Notice:
    """Return a step's reminder; to the secretariat it names the member that did not answer."""
    suffix = f"c{step:d}"
    if step == ChainStep.SECRETARIAT:
        suffix += f"-{member.member_id}"
    return remind(notice, number=step, as_of=as_of, suffix=suffix)


def _tell(
    reminder: Notice,
    targets: Iterable[tuple[Member, Endpoint]],
    step: ChainStep,
    *,
    languages: Mapping[str, str],
) -> Iterator[Decision]:
    for owner, endpoint in targets:
        if endpoint.realm != reminder.status.realm or not endpoint.is_enabled:
            continue
        verdict = check_endpoint(owner, endpoint, reminder)
        is_sent = verdict is Verdict.ENTITLED
        yield Decision(
            notice=reminder,
            reason=Reason.REPEAT_DUE if is_sent else Reason.NOT_ENTITLED,
            is_sent=is_sent,
            member_id=owner.member_id,
            endpoint_id=endpoint.endpoint_id,
            channel=endpoint.channel,
            language=languages.get(endpoint.endpoint_id, "en"),
            detail=step.name.lower(),
        )


def _find_targets(
    member: Member, step: ChainStep, *, members: Sequence[Member], lines: Sequence[Told]
) -> Iterator[tuple[Member, Endpoint]]:
    """Yield the endpoints of a step: where it was told, its second contacts, the secretariat."""
    if step == ChainStep.REMINDER:
        told = {line.endpoint_id for line in lines}
        yield from ((member, e) for e in member.endpoints if e.endpoint_id in told)
    elif step == ChainStep.SECOND_CONTACT:
        seconds = {c.contact_id for c in member.contacts if c.role == ContactRole.SECOND}
        yield from ((member, e) for e in member.endpoints if e.contact_id in seconds)
    else:
        for owner in members:
            if owner.is_secretariat and owner.member_id != member.member_id:
                yield from ((owner, endpoint) for endpoint in owner.endpoints)
