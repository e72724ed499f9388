"""Approval: the highest grades wait for a duty officer, but not for ever."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from g7warn.domain.alert import Reason
from g7warn.domain.delivery import Approval, ApprovalState
from g7warn.domain.marking import MessageStatus
from g7warn.domain.notice import MsgType
from g7warn.errors import ConfigurationError, IllegalTransition

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.alerts.policy import Policy
    from g7warn.domain.notice import Notice


def needs_approval(notice: Notice, *, policy: Policy) -> bool:
    """Return whether `notice` waits for a duty officer. Cancels, System and Test never do."""
    return (
        notice.grade in policy.approval_grades
        and notice.msg_type != MsgType.CANCEL
        and notice.status not in {MessageStatus.SYSTEM, MessageStatus.TEST}
    )


def judge_approval(
    notice: Notice, approval: Approval | None, *, as_of: datetime, policy: Policy
) -> tuple[Notice, Reason | None]:
    """Return the notice as it would go out, and the reason why it does not go now.

    Args:
        notice: What would be sent.
        approval: What the store knows of it; None where nobody was asked yet.
        as_of: Instant of the decision.
        policy: Who waits, and how long.

    Returns:
        The notice, marked as reviewed where an officer approved it and automatic otherwise; and
        AWAITING_APPROVAL before the deadline, REJECTED, or None.
    """
    if not needs_approval(notice, policy=policy):
        return notice, None
    if approval is None:
        return notice, Reason.AWAITING_APPROVAL
    if approval.state == ApprovalState.REJECTED:
        return notice, Reason.REJECTED
    if approval.state == ApprovalState.APPROVED:
        return replace(notice, is_reviewed=True, reviewed_by=approval.decided_by), None
    is_waiting = as_of < approval.requested_at + policy.approval_deadline
    return notice, Reason.AWAITING_APPROVAL if is_waiting else None


def settle_approval(
    approval: Approval, *, state: ApprovalState, by: str, why: str, at: datetime
) -> Approval:
    """Return `approval` with an officer's decision; given once, it stands.

    Raises:
        IllegalTransition: It was decided before, otherwise than now.
        ConfigurationError: Nobody signs, or a rejection has no reason.
    """
    if not by.strip() or (state == ApprovalState.REJECTED and not why.strip()):
        message = f"approval of {approval.identifier!r}: say who decides, and why a rejection"
        raise ConfigurationError(message, identifier=approval.identifier)
    if approval.state == state:
        return approval
    if approval.state != ApprovalState.WAITING or state == ApprovalState.WAITING:
        message = f"notice {approval.identifier!r} was {approval.state} by {approval.decided_by}"
        raise IllegalTransition(message, identifier=approval.identifier)
    return replace(approval, state=state, decided_at=at, decided_by=by, why=why)
