"""The two kinds of notices, and what CAP and the marking rules refuse."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.domain.marking import MessageStatus, Realm, Tlp
from g7warn.domain.notice import ActualNotice, ExerciseNotice, Notice, Scope, kind_of, require_kind
from g7warn.errors import ConfigurationError
from tests.support.notices import make_notice


@given(
    status=st.sampled_from(MessageStatus),
    kind=st.sampled_from([ActualNotice, ExerciseNotice]),
    scope=st.sampled_from(Scope),
)
def test_the_status_alone_decides_the_kind(
    status: MessageStatus, kind: type[Notice], scope: Scope
) -> None:
    facts: dict[str, Any] = {
        "status": status,
        "scope": scope,
        "restriction": "G7",
        "addresses": ("jp",),
    }
    if status.realm == kind.REALM:
        assert type(make_notice(kind, **facts)) is kind
        return
    with pytest.raises(ConfigurationError, match="cannot be made"):
        make_notice(kind, **facts)


def test_every_status_has_a_realm_and_a_draft_makes_no_notice() -> None:
    assert {status.realm for status in MessageStatus} == set(Realm)
    with pytest.raises(ConfigurationError, match="stays on the desk"):
        kind_of(MessageStatus.DRAFT)
    assert kind_of(MessageStatus.SYSTEM) is ActualNotice
    assert kind_of(MessageStatus.TEST) is ExerciseNotice


def test_the_common_base_cannot_be_made() -> None:
    facts = {f.name: getattr(make_notice(), f.name) for f in dataclasses.fields(Notice)}
    with pytest.raises(ConfigurationError):
        Notice(**facts)


@pytest.mark.parametrize(
    ("notice", "kind"),
    [
        pytest.param(make_notice(ExerciseNotice), ActualNotice, id="exercise on a real channel"),
        pytest.param(make_notice(ActualNotice), ExerciseNotice, id="real on an exercise channel"),
    ],
)
def test_a_carrier_of_one_kind_refuses_the_other(notice: Notice, kind: type[Any]) -> None:
    with pytest.raises(ConfigurationError, match="Nothing was sent"):
        require_kind(notice, kind)
    assert require_kind(notice, type(notice)) is notice


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"identifier": "a b"}, id="space in the identifier"),
        pytest.param({"sender": "a,b"}, id="comma in the sender"),
        pytest.param({"sent": datetime(2022, 1, 1)}, id="time without offset"),  # noqa: DTZ001
        pytest.param({"tlp": Tlp.GREEN, "scope": Scope.PUBLIC}, id="public beyond clear"),
        pytest.param({"scope": Scope.RESTRICTED, "restriction": ""}, id="restricted to nobody"),
        pytest.param({"scope": Scope.PRIVATE}, id="private to nobody"),
        pytest.param(
            {"tlp": Tlp.RED, "scope": Scope.RESTRICTED, "restriction": "G7"}, id="red not private"
        ),
    ],
)
def test_a_notice_cap_or_the_marking_refuses_cannot_be_made(facts: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="cannot be made"):
        make_notice(**facts)
