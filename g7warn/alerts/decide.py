"""The decision: inhibit -> silence -> approve -> route -> deduplicate against the delivery log.

Stateless: what waits (quiet hours, digest, cool-down, budget, approval) is not queued for later
but decided again at the next run, so that an alert that ends in the night is never told of in the
morning. Whatever is not sent is returned with its reason.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from g7warn.alerts.acknowledge import index_acknowledgements
from g7warn.alerts.approval import judge_approval
from g7warn.alerts.entitlement import Verdict, check_endpoint, check_entitlement
from g7warn.alerts.hours import is_quiet, last_digest_at
from g7warn.alerts.inhibit import find_inhibitor, load_inhibit_rules
from g7warn.alerts.policy import Policy, load_policy
from g7warn.alerts.route import (
    compare_with_log,
    count_opened,
    index_log,
    is_over_budget,
    is_wanted,
)
from g7warn.alerts.silence import find_silence
from g7warn.domain.alert import Reason
from g7warn.domain.delivery import Decision
from g7warn.domain.member import Mode
from g7warn.domain.notice import MsgType
from g7warn.domain.signal import Direction, Family

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from g7warn.alerts.inhibit import InhibitRule
    from g7warn.domain.alert import AlertEvent
    from g7warn.domain.delivery import Acknowledgement, Approval, Silence, Told
    from g7warn.domain.member import Endpoint, Member, Subscription
    from g7warn.domain.notice import Notice

SIGHTS_APART = 3
"""Losses of sight that an endpoint is told of one by one in a run. Judgement: a member can read
three; more have one cause, the feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a decision depends on beside the notices and the members.

    Attributes:
        as_of: Instant of the decision.
        log: What endpoints were told before: every line of the alerts at hand, and those of the
            last day where a subscription has a budget.
        open_alerts: Newest events of all open alerts.
        silences: All that have not ended.
        approvals: By notice identifier.
        acknowledgements: Those of the alerts at hand.
        policy: Waits and limits.
        inhibit_rules: What mutes what.
    """

    as_of: datetime
    log: Sequence[Told] = ()
    open_alerts: Sequence[AlertEvent] = ()
    silences: Sequence[Silence] = ()
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    acknowledgements: Sequence[Acknowledgement] = ()
    policy: Policy = field(default_factory=load_policy)
    inhibit_rules: Sequence[InhibitRule] = field(default_factory=load_inhibit_rules)


def decide(
    notices: Sequence[Notice], *, members: Sequence[Member], given: Circumstances
) -> list[Decision]:
    """Return, for each notice and each wish it meets, whether it goes out and why or why not.

    Args:
        notices: The newest notice of each alert; of an open one, or of one that was closed lately.
        members: Everybody who takes part.
        given: What else counts.

    Returns:
        Loudest first. At most one decision to send for a notice and an endpoint. A reason that
        holds for everybody comes once, without a member.
    """
    told = index_log(given.log)
    opened = count_opened(given.log, as_of=given.as_of)
    taken = index_acknowledgements(given.acknowledgements)
    decisions: list[Decision] = []
    for notice in sorted(notices, key=lambda n: (-n.grade, -n.probability, n.identifier)):
        approved, held = _hold_for_everybody(notice, given=given)
        if held is not None:
            decisions.append(held)
            continue
        for member in members:
            case = _Case(
                notice=approved,
                member=member,
                told=told,
                opened=opened,
                is_taken=(member.member_id, notice.alert_id) in taken
                and taken[member.member_id, notice.alert_id] >= notice.sequence,
            )
            decisions.extend(_decide_for_member(case, given=given))
    return _gather_lost_sight(decisions)


def _gather_lost_sight(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions, with many losses of sight for one endpoint as one digest.

    One feed that fails hides every mineral it tells of, and shows them again when it comes back: a
    notice each would bury what else is said that day.
    """
    lost = [d for d in decisions if d.is_sent and _is_about_sight(d.notice)]
    counts = Counter(decision.endpoint_id for decision in lost)
    many = {id(d) for d in lost if counts[d.endpoint_id] > SIGHTS_APART}
    return [replace(d, mode=Mode.DIGEST) if id(d) in many else d for d in decisions]


def _is_about_sight(notice: Notice) -> bool:
    about = notice.fingerprint
    return about.family is Family.DATA and about.direction is Direction.DOWN


def _hold_for_everybody(notice: Notice, *, given: Circumstances) -> tuple[Notice, Decision | None]:
    rule = find_inhibitor(notice, open_alerts=given.open_alerts, rules=given.inhibit_rules)
    if rule:
        return notice, Decision(notice=notice, reason=Reason.INHIBITED, detail=rule)
    silence = find_silence(notice, silences=given.silences, as_of=given.as_of)
    if silence is not None:
        return notice, _silenced(notice, silence)
    approval = given.approvals.get(notice.identifier)
    approved, reason = judge_approval(notice, approval, as_of=given.as_of, policy=given.policy)
    if reason is not None:
        detail = approval.why if approval else "nobody has been asked yet"
        return notice, Decision(notice=notice, reason=reason, detail=detail)
    return approved, None


def _silenced(notice: Notice, silence: Silence, *, member_id: str = "") -> Decision:
    return Decision(
        notice=notice,
        reason=Reason.SILENCED,
        member_id=member_id,
        detail=f"{silence.silence_id} by {silence.author}: {silence.reason}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One notice and one member, with what all cases of a run share."""

    notice: Notice
    member: Member
    told: Mapping[tuple[str, str], list[Told]]
    opened: dict[str, int]
    is_taken: bool

    def told_at(self, endpoint_id: str) -> list[Told]:
        return self.told.get((endpoint_id, self.notice.alert_id), [])


def _decide_for_member(case: _Case, *, given: Circumstances) -> Iterator[Decision]:
    notice, member = case.notice, case.member
    verdict = check_entitlement(member, notice)
    if verdict is not Verdict.ENTITLED:
        if notice.msg_type != MsgType.CANCEL or _has_been_told(case):
            yield Decision(
                notice=notice,
                reason=Reason.NOT_ENTITLED,
                member_id=member.member_id,
                detail=verdict,
            )
        return
    silence = find_silence(
        notice, silences=given.silences, as_of=given.as_of, member_id=member.member_id
    )
    if silence is not None:
        yield _silenced(notice, silence, member_id=member.member_id)
        return
    yield from _decide_for_endpoints(case, given=given)


def _has_been_told(case: _Case) -> bool:
    return any(case.told_at(endpoint.endpoint_id) for endpoint in case.member.endpoints)


def _decide_for_endpoints(case: _Case, *, given: Circumstances) -> Iterator[Decision]:
    """Decide wish by wish; the first wish that sends to an endpoint settles it."""
    settled: set[str] = set()
    endpoints = {endpoint.endpoint_id: endpoint for endpoint in case.member.endpoints}
    held: dict[str, Decision] = {}
    for subscription in case.member.subscriptions:
        endpoint = endpoints[subscription.endpoint_id]
        if endpoint.endpoint_id in settled or endpoint.realm != case.notice.status.realm:
            continue
        decision = _decide_for_wish(case, subscription, endpoint, given=given)
        if decision is None:
            continue
        if decision.is_sent or decision.reason == Reason.UNCHANGED:
            settled.add(endpoint.endpoint_id)
            held.pop(endpoint.endpoint_id, None)
            yield decision
        else:
            held.setdefault(endpoint.endpoint_id, decision)
    yield from held.values()


def _decide_for_wish(
    case: _Case, subscription: Subscription, endpoint: Endpoint, *, given: Circumstances
) -> Decision | None:
    """Return the decision for one subscription; None for a cancel of what it never got."""
    told = case.told_at(endpoint.endpoint_id)
    is_cancel = case.notice.msg_type == MsgType.CANCEL
    if is_cancel and all(line.has_failed for line in told):
        return None
    is_wish = is_cancel or is_wanted(case.notice, subscription, told=told)
    notice, reason, is_due = compare_with_log(
        case.notice, told, as_of=given.as_of, policy=given.policy, is_acknowledged=case.is_taken
    )
    detail = ""
    verdict = check_endpoint(case.member, endpoint, notice)
    if verdict is not Verdict.ENTITLED:
        reason, is_due, detail = Reason.NOT_ENTITLED, False, str(verdict)
    elif not endpoint.is_enabled:
        reason, is_due = Reason.ENDPOINT_DISABLED, False
    elif not is_wish:
        reason, is_due = Reason.BELOW_SUBSCRIPTION, False
    elif is_due and (wait := _find_wait(notice, subscription, case, given=given)) is not None:
        reason, is_due = wait, False
    if is_due and not told:
        case.opened[endpoint.endpoint_id] = case.opened.get(endpoint.endpoint_id, 0) + 1
    is_small = notice.grade <= given.policy.digest_up_to
    return Decision(
        notice=notice,
        reason=reason,
        is_sent=is_due,
        member_id=case.member.member_id,
        endpoint_id=endpoint.endpoint_id,
        subscription_id=subscription.subscription_id,
        channel=endpoint.channel,
        language=subscription.language,
        mode=subscription.mode if is_small else Mode.IMMEDIATE,
        detail=detail,
    )


def _find_wait(
    notice: Notice, subscription: Subscription, case: _Case, *, given: Circumstances
) -> Reason | None:
    """Return why a notice that is due goes out later, or None where it goes now."""
    if is_quiet(subscription.quiet_hours, grade=notice.grade, as_of=given.as_of):
        return Reason.QUIET_HOURS
    if subscription.mode == Mode.DIGEST and notice.grade <= given.policy.digest_up_to:
        hour = last_digest_at(subscription.digest_at, subscription.digest_zone, as_of=given.as_of)
        if notice.sent > hour:
            return Reason.AWAITING_DIGEST
    is_new = not case.told_at(subscription.endpoint_id)
    opened = case.opened.get(subscription.endpoint_id, 0)
    if is_new and is_over_budget(notice, subscription, opened=opened):
        return Reason.OVER_BUDGET
    return None
