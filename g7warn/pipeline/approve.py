"""Approve: what a duty officer sees, is asked and decides about the gravest notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from g7warn.domain.delivery import Approval, ApprovalState
from g7warn.pipeline.alerts import describe_event
from g7warn.pipeline.wiring import open_workspace
from g7warn.store import alerts, desk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Engine

    from g7warn.settings import Settings

APPROVE = "Approve"
"""The answer that sends a notice; any other one of a person holds it back."""


def list_waiting(*, as_of: datetime, settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return the notices that wait for a duty officer, the longest waiting first."""
    with open_workspace(settings) as workspace:
        return _read_waiting(workspace.engine, as_of=as_of)


def claim_waiting(
    *, as_of: datetime, asker: str, settings: Settings | None = None
) -> list[dict[str, Any]]:
    """Return the waiting notices that nobody has been asked about yet, now claimed by `asker`.

    Args:
        as_of: Present instant.
        asker: Who asks; kept with the request, so that one question is asked about each notice.
        settings: In place of the environment's.

    Returns:
        Mappings with identifier, subject and body (Markdown).
    """
    with open_workspace(settings) as workspace:
        return [
            waiting
            for waiting in _read_waiting(workspace.engine, as_of=as_of)
            if desk.claim_approval(workspace.engine, waiting["identifier"], asker=asker)
        ]


def _read_waiting(engine: Engine, *, as_of: datetime) -> list[dict[str, Any]]:
    requests = desk.read_approvals(engine, state=ApprovalState.WAITING)
    events = {
        f"{event.alert_id}-{event.sequence}": event
        for event in alerts.read_events(engine, as_of=as_of, open_only=True)
    }
    waiting = []
    for identifier, request in requests.items():
        if identifier not in events:
            continue  # ended or superseded meanwhile: there is nothing left to decide
        told = describe_event(events[identifier])
        reasons = "\n".join(f"* {reason}" for reason in told["reasons"])
        waiting.append(
            {
                "identifier": identifier,
                "subject": told["headline"],
                "body": f"{reasons}\n\n`g7warn alerts show {told['alert_id']}`",
                "requested_at": request.requested_at.isoformat(),
            }
        )
    return waiting


def decide(
    identifier: str,
    *,
    is_approved: bool,
    by: str,
    why: str,
    as_of: datetime,
    settings: Settings | None = None,
) -> str:
    """Keep a duty officer's decision, and return what it is.

    Raises:
        ConfigurationError: Nothing of this name waits, nobody signs, or a rejection has no reason.
        IllegalTransition: It was decided before, otherwise than now.
    """
    state = ApprovalState.APPROVED if is_approved else ApprovalState.REJECTED
    with open_workspace(settings) as workspace:
        done: Approval = desk.decide_approval(
            workspace.engine, identifier, state=state, by=by, why=why, at=as_of
        )
    return done.state.value


def record_answer(
    waiting: Mapping[str, Any],
    answer: Mapping[str, Any],
    *,
    as_of: datetime,
    settings: Settings | None = None,
) -> str:
    """Keep the answer to a question of the orchestrator; no answer leaves it to the deadline.

    Args:
        waiting: What was asked about, as `claim_waiting` gave it.
        answer: chosen_options, params_input (comment) and responded_by_user, which is absent
            where nobody answered in time.
        as_of: When the answer is recorded.
        settings: In place of the environment's.
    """
    person = answer.get("responded_by_user")
    if not person:
        return ApprovalState.WAITING.value
    name = person.get("name") or person.get("id") if isinstance(person, dict) else str(person)
    comment = (answer.get("params_input") or {}).get("comment") or ""
    return decide(
        waiting["identifier"],
        is_approved=APPROVE in answer.get("chosen_options", ()),
        by=str(name),
        why=comment or "no comment given",
        as_of=as_of,
        settings=settings,
    )
