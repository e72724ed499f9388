"""Builders of assessments and members, with facts that a test may replace."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from g7warn.domain.alert import Assessment, Fingerprint, Grade
from g7warn.domain.marking import Audience
from g7warn.domain.member import Contact, ContactRole, Endpoint, Member, Subscription
from g7warn.domain.signal import Certainty, Direction, Family, Severity

AS_OF = datetime(2022, 4, 5, tzinfo=UTC)


def make_fingerprint(mineral: str = "nickel", family: Family = Family.PRICE) -> Fingerprint:
    """Return an upward fingerprint of the mineral."""
    return Fingerprint(mineral=mineral, family=family, direction=Direction.UP)


def make_assessment(
    grade: Grade = Grade.WARNING,
    *,
    fingerprint: Fingerprint | None = None,
    as_of: datetime = AS_OF,
    **facts: Any,
) -> Assessment:
    """Return an assessment of nickel's price, or whatever the arguments say."""
    defaults: dict[str, Any] = {
        "severity": Severity.SEVERE,
        "certainty": Certainty.LIKELY,
        "probability": 0.7,
        "horizon_months": 6,
        "criterion": "monthly price at least +50 % within 6 months",
        "headline": "Nickel: a price spike is likely",
        "reasons": ("The price grew by 48 % in six months.",),
        "signals": (),
    }
    return Assessment(
        fingerprint=fingerprint or make_fingerprint(),
        as_of=as_of,
        grade=grade,
        **(defaults | facts),
    )


def make_member(member_id: str = "jp", *audiences: Audience, **facts: Any) -> Member:
    """Return a member with one person, one endpoint and one subscription to everything."""
    subscription = facts.pop("subscription", {})
    endpoint = facts.pop("endpoint", {})
    endpoint_id = f"{member_id}-mail"
    defaults: dict[str, Any] = {
        "name": member_id.upper(),
        "audiences": frozenset(audiences or {Audience.G7}),
        "contacts": (
            Contact(contact_id="first", name="First"),
            Contact(contact_id="second", name="Second", role=ContactRole.SECOND),
        ),
        "endpoints": (
            Endpoint(
                **(
                    {
                        "endpoint_id": endpoint_id,
                        "channel": "file",
                        "address": "mail",
                        "contact_id": "first",
                    }
                    | endpoint
                )
            ),
        ),
        "subscriptions": (
            Subscription(**({"subscription_id": "all", "endpoint_id": endpoint_id} | subscription)),
        ),
    }
    return Member(member_id=member_id, **(defaults | facts))
