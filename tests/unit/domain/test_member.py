"""What a member, an endpoint or a subscription cannot be."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from g7warn.domain.marking import Realm
from g7warn.domain.member import Endpoint, QuietHours, Subscription
from g7warn.errors import ConfigurationError
from tests.support.assessments import make_member


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"member_id": "a b"}, id="member name with a space"),
        pytest.param({"endpoint": {"endpoint_id": "../x"}}, id="endpoint name that is a path"),
        pytest.param({"endpoint": {"realm": Realm.DESK}}, id="endpoint on the desk"),
        pytest.param({"endpoint": {"contact_id": "nobody"}}, id="endpoint of nobody"),
        pytest.param({"subscription": {"endpoint_id": "x"}}, id="subscription to nowhere"),
        pytest.param({"subscription": {"language": "xx"}}, id="unknown language"),
        pytest.param({"subscription": {"operating_point": 1.5}}, id="impossible probability"),
        pytest.param({"subscription": {"daily_budget": -1}}, id="negative budget"),
        pytest.param({"subscription": {"digest_zone": "Mars"}}, id="unknown time zone"),
        pytest.param(
            {"subscription": {"is_mandatory": True, "is_paused": True}},
            id="paused mandatory stream",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        make_member(**({"member_id": "jp"} | facts))


def test_quiet_hours_of_no_length_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="no time or all day"):
        QuietHours(starts=time(7), ends=time(7), zone="UTC")


def test_an_address_stands_in_no_repr() -> None:
    endpoint = Endpoint(endpoint_id="e", channel="webhook", address="https://x.example/?token=abc")
    assert "abc" not in repr(endpoint)


def test_a_new_subscription_hears_every_mineral_and_a_member_without_minerals_sees_none() -> None:
    assert Subscription(subscription_id="s", endpoint_id="e").minerals == {"*"}
    assert make_member("jp", minerals=frozenset()).minerals == frozenset()
