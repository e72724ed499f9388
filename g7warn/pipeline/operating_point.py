"""Operating point: what a member's choice of probability would have caught, before it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from g7warn.errors import ConfigurationError
from g7warn.pipeline.shelf import ModelShelf
from g7warn.pipeline.wiring import open_workspace
from g7warn.store.members import put_members, read_member

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.domain.member import Member, Subscription
    from g7warn.domain.record import OperatingRecord
    from g7warn.settings import Settings


def preview(
    member_id: str,
    subscription_id: str,
    probability: float,
    *,
    as_of: datetime,
    settings: Settings | None = None,
) -> list[dict[str, Any]]:
    """Return the record that a choice would have had, one entry a subscribed direction.

    Args:
        member_id: Whose.
        subscription_id: Which of its subscriptions.
        probability: Lowest one at which to be told, 0 to 1.
        as_of: Models fitted later are not asked.
        settings: In place of the environment's.

    Returns:
        Mappings: direction, months, series, episodes, caught, alerts, right, alerts_per_year,
        median_lead_months. Empty where no fitted model has a record: there is nothing to judge by.

    Raises:
        ConfigurationError: No such member or subscription, or no probability.
    """
    with open_workspace(settings) as workspace:
        member = read_member(workspace.engine, member_id)
        chosen = _choose(member, subscription_id, probability)
        model = ModelShelf.open(workspace.engine, as_of=as_of).find(as_of)
    records = model.records if model else ()
    return [
        describe_point(record, probability)
        for record in records
        if record.direction in chosen.directions
    ]


def describe_point(record: OperatingRecord, probability: float) -> dict[str, Any]:
    """Return what alerts from `probability` on would have been, as a JSON-safe mapping."""
    point = record.at(probability)
    return {
        "direction": str(record.direction),
        "probability": point.probability,
        "first_month": record.first_month,
        "last_month": record.last_month,
        "series": record.series,
        "episodes": record.episodes,
        "caught": point.caught,
        "alerts": point.alerts,
        "right": point.right,
        "alerts_per_year": point.alerts / record.series_years if record.series_years else 0.0,
        "median_lead_months": point.median_lead_months,
    }


def choose(
    member_id: str,
    subscription_id: str,
    probability: float,
    *,
    as_of: datetime,
    settings: Settings | None = None,
) -> None:
    """Keep a member's choice.

    Raises:
        ConfigurationError: No such member or subscription, or no probability; nothing is changed.
    """
    with open_workspace(settings) as workspace:
        member = read_member(workspace.engine, member_id)
        chosen = _choose(member, subscription_id, probability)
        others = (
            chosen if s.subscription_id == subscription_id else s for s in member.subscriptions
        )
        changed = replace(member, subscriptions=tuple(others))
        put_members(workspace.engine, [changed], at=as_of)


def _choose(member: Member, subscription_id: str, probability: float) -> Subscription:
    for subscription in member.subscriptions:
        if subscription.subscription_id == subscription_id:
            return replace(subscription, operating_point=probability)
    known = sorted(subscription.subscription_id for subscription in member.subscriptions)
    message = f"member {member.member_id!r} has no subscription {subscription_id!r}: it has {known}"
    raise ConfigurationError(message, member=member.member_id, subscription=subscription_id)
