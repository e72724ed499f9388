"""Builders of notices, with facts that a test may replace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from g7warn.domain.alert import EventKind, Fingerprint, Grade, Reason
from g7warn.domain.marking import MessageStatus, Tlp
from g7warn.domain.notice import (
    ActualNotice,
    ExerciseNotice,
    Finding,
    MsgType,
    Notice,
    ResponseType,
    Scope,
    Urgency,
)
from g7warn.domain.signal import Certainty, Direction, Family, Severity

SENT = datetime(2022, 4, 5, 6, 30, tzinfo=UTC)
STATUS: dict[type[Notice], MessageStatus] = {
    ActualNotice: MessageStatus.ACTUAL,
    ExerciseNotice: MessageStatus.EXERCISE,
}


def make_notice(kind: type[Notice] = ActualNotice, /, **facts: Any) -> Any:
    """Return a warning about nickel, or whatever `facts` say."""
    mineral = facts.pop("mineral", "nickel")
    tlp = facts.get("tlp", Tlp.CLEAR)
    scope = {Tlp.CLEAR: Scope.PUBLIC, Tlp.RED: Scope.PRIVATE}.get(tlp, Scope.RESTRICTED)
    alert_id = facts.pop("alert_id", f"{mineral}-price-up-1")
    sequence = facts.pop("sequence", 1)
    defaults: dict[str, Any] = {
        "identifier": f"{alert_id}-{sequence}",
        "sender": "g7warn@example.org",
        "sent": SENT,
        "status": STATUS[kind],
        "msg_type": MsgType.ALERT,
        "scope": scope,
        "restriction": tlp.label if scope == Scope.RESTRICTED else "",
        "tlp": tlp,
        "fingerprint": Fingerprint(mineral=mineral, family=Family.PRICE, direction=Direction.UP),
        "alert_id": alert_id,
        "sequence": sequence,
        "kind": EventKind.RAISED,
        "reason": Reason.FIRST,
        "grade": Grade.WARNING,
        "previous_grade": Grade.NORMAL,
        "severity": Severity.SEVERE,
        "certainty": Certainty.LIKELY,
        "probability": 0.72,
        "horizon_months": 6,
        "urgency": Urgency.FUTURE,
        "response": ResponseType.PREPARE,
        "mineral": mineral,
        "hs": ("2604", "7502"),
        "onset": SENT,
        "expires": SENT + timedelta(days=183),
        "criterion": "monthly price at least +50 % above March 2022 by September 2022",
        "headline": f"{mineral}: price spike of 50 % likely within 6 months (72 %)",
        "findings": (
            Finding(
                key="growth_percentile",
                text="The price grew by 48 % in six months, above 97 % of its past.",
                values={"growth_6m_pct": 48.0, "percentile": 0.97},
                thresholds={"percentile": 0.9},
            ),
        ),
        "rule": "severe_likely",
        "evidence_ref": f"{alert_id}/{sequence}",
    }
    return kind(**(defaults | facts))
