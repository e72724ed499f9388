"""Builders of what a decision depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from g7warn.alerts.decide import Circumstances, decide
from g7warn.domain.delivery import Decision, Told
from tests.support.notices import SENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.domain.member import Member
    from g7warn.domain.notice import Notice


def decide_for(
    notices: Notice | Sequence[Notice], members: Member | Sequence[Member], **facts: Any
) -> list[Decision]:
    """Return the decisions an instant after the notices were issued, or at `as_of`."""
    given = Circumstances(**({"as_of": SENT} | facts))
    batch = list(notices) if isinstance(notices, list | tuple) else [notices]
    circle = list(members) if isinstance(members, list | tuple) else [members]
    return decide(batch, members=circle, given=given)


def reasons_of(decisions: Sequence[Decision]) -> list[str]:
    """Return the reasons, those of sent notices with a plus before them."""
    return [("+" if d.is_sent else "") + d.reason for d in decisions]


def make_told(notice: Notice, member: Member, **facts: Any) -> Told:
    """Return the log's line for a notice that the member's first endpoint was told."""
    defaults: dict[str, Any] = {
        "member_id": member.member_id,
        "endpoint_id": member.endpoints[0].endpoint_id,
        "alert_id": notice.alert_id,
        "identifier": notice.identifier,
        "sequence": notice.sequence,
        "repeat": notice.repeat,
        "grade": notice.grade,
        "msg_type": notice.msg_type,
        "told_at": notice.sent,
    }
    return Told(**(defaults | facts))
