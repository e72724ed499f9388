"""Members, their secrets and what people said, on both databases."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from g7warn.domain.alert import Grade, Reason
from g7warn.domain.delivery import ApprovalState, Decision, Silence
from g7warn.domain.marking import Audience
from g7warn.domain.member import Mode, QuietHours
from g7warn.domain.signal import Family
from g7warn.errors import ConfigurationError, IllegalTransition
from g7warn.store.deliveries import enqueue
from g7warn.store.delivery_schema import SECRETS
from g7warn.store.desk import (
    acknowledge,
    decide_approval,
    end_silence,
    put_silence,
    read_acknowledgements,
    read_approvals,
    read_silences,
)
from g7warn.store.engine import begin_writing
from g7warn.store.member_codec import members_to_yaml, yaml_to_members
from g7warn.store.members import enable_endpoint, put_members, read_member, read_members
from g7warn.store.outbox import OutboxQueue
from g7warn.store.vault import Vault, put_secret, read_secret
from tests.support.assessments import make_member
from tests.support.notices import make_notice
from tests.support.postmen import START, queue_notices

if TYPE_CHECKING:
    from sqlalchemy import Engine

NORWAY = """
members:
  - member_id: no
    name: Norway
    audiences: [like_minded]
    contacts: [{contact_id: first, name: Duty desk, email: duty@example.no}]
    endpoints: [{endpoint_id: no-mail, channel: email, address: duty@example.no, contact_id: first}]
    subscriptions:
      - subscription_id: all
        endpoint_id: no-mail
        minimum_grade: advisory
        mode: digest
        digest_at: 22:30
        quiet_hours: {starts: 22:00, ends: 07:00, zone: Europe/Oslo, broken_by: warning}
        is_mandatory: yes
"""
KEY = SecretStr("correct horse battery staple")
HOUR = timedelta(hours=1)


def rich_member() -> Any:
    return make_member(
        "jp",
        Audience.G7,
        Audience.NAMED,
        minerals=frozenset({"nickel", "lithium"}),
        endpoint={"secret_ref": "jp-hook", "options": {"format": "thin"}},
        subscription={
            "families": frozenset({Family.PRICE}),
            "minimum_grade": Grade.WARNING,
            "language": "ja",
            "mode": Mode.DIGEST,
            "operating_point": 0.25,
            "quiet_hours": QuietHours(starts=time(22), ends=time(7), zone="Asia/Tokyo"),
        },
    )


def test_a_member_comes_back_from_store_and_file_as_it_was(store: Engine) -> None:
    members = (make_member("ca"), rich_member())
    put_members(store, members, at=START)
    put_members(store, members, at=START)
    assert read_members(store) == members
    assert yaml_to_members(members_to_yaml(read_members(store))) == members


def test_a_file_written_by_hand_means_what_it_says() -> None:
    (member,) = yaml_to_members(NORWAY)
    wish = member.subscriptions[0]
    assert member.member_id == "no"
    assert (wish.minimum_grade, wish.digest_at, wish.is_mandatory) == (
        Grade.ADVISORY,
        time(22, 30),
        True,
    )
    assert wish.quiet_hours == QuietHours(
        starts=time(22), ends=time(7), zone="Europe/Oslo", broken_by=Grade.WARNING
    )


def test_the_documented_example_is_a_file_of_members() -> None:
    example = Path(__file__).resolve().parents[3] / "docs" / "members.yaml"
    german, japanese = yaml_to_members(example.read_text("utf-8"))
    assert german.subscriptions[0].minimum_grade is Grade.ADVISORY
    assert japanese.subscriptions[0].mode is Mode.DIGEST


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("- a", "no list `members:`", id="no members"),
        pytest.param("members: [{]", "no YAML", id="no YAML"),
        pytest.param("members: []\nother: 1", "unknown keys", id="unknown key at the top"),
        pytest.param(NORWAY.replace("mode:", "modus:"), "modus", id="misspelt key"),
        pytest.param(NORWAY.replace("digest\n", "sometimes\n"), "mode", id="unknown mode"),
        pytest.param(NORWAY.replace("Europe/Oslo", "Oslo"), "IANA", id="unknown zone"),
        pytest.param(NORWAY.replace("advisory", "loud"), "minimum_grade", id="unknown grade"),
        pytest.param(NORWAY + NORWAY[NORWAY.index("  -") :], "named twice", id="twice"),
    ],
)
def test_a_file_that_is_wrong_is_refused_as_a_whole(text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        yaml_to_members(text)


def test_two_members_cannot_share_an_endpoint(store: Engine) -> None:
    put_members(store, [make_member("jp")], at=START)
    thief = make_member(
        "ca", endpoint={"endpoint_id": "jp-mail"}, subscription={"endpoint_id": "jp-mail"}
    )
    with pytest.raises(ConfigurationError, match="named twice"):
        put_members(store, [thief], at=START)
    assert [member.member_id for member in read_members(store)] == ["jp"]


def test_an_endpoint_that_is_gone_is_disabled_until_it_is_enabled_again(store: Engine) -> None:
    put_members(store, [make_member("jp")], at=START)
    OutboxQueue(store).disable_endpoint("jp-mail", at=START, reason="410")
    assert not read_member(store, "jp").endpoints[0].is_enabled
    assert enable_endpoint(store, "jp-mail")
    assert not enable_endpoint(store, "jp-mail")
    assert read_member(store, "jp").endpoints[0].is_enabled
    with pytest.raises(ConfigurationError, match="no member"):
        read_member(store, "atlantis")


def test_a_secret_is_sealed_at_rest_and_opens_with_its_key_alone(store: Engine) -> None:
    vault = Vault(KEY)
    secrets = (SecretStr("whsec_new"), SecretStr("whsec_old"))
    put_secret(store, "jp-hook", secrets[1:], vault=vault, at=START)
    put_secret(store, "jp-hook", secrets, vault=vault, at=START)
    assert read_secret(store, "jp-hook", vault=vault) == secrets
    with store.connect() as connection:
        (row,) = connection.execute(SECRETS.select()).all()
    assert b"whsec" not in bytes(row.sealed)
    with pytest.raises(ConfigurationError, match="another G7WARN_SECRET_KEY") as caught:
        read_secret(store, "jp-hook", vault=Vault(SecretStr("another long enough key")))
    assert "whsec" not in str(caught.value)
    renewed = Vault(SecretStr(f"a newer and longer key,{KEY.get_secret_value()}"))
    assert read_secret(store, "jp-hook", vault=renewed) == secrets
    with pytest.raises(ConfigurationError, match="no secret"):
        read_secret(store, "other", vault=vault)


@pytest.mark.parametrize(
    "key", [None, SecretStr(""), SecretStr("short"), SecretStr("a" * 20 + ",b")]
)
def test_without_a_sound_key_there_is_no_vault(key: SecretStr | None) -> None:
    with pytest.raises(ConfigurationError, match="G7WARN_SECRET_KEY"):
        Vault(key)


def test_a_key_stands_in_no_repr() -> None:
    assert "horse" not in repr(Vault(KEY))


def test_an_export_names_secrets_and_shows_none(sqlite_store: Engine) -> None:
    put_secret(sqlite_store, "jp-hook", [SecretStr("whsec_new")], vault=Vault(KEY), at=START)
    text = members_to_yaml([rich_member()])
    assert "jp-hook" in text
    assert "whsec" not in text


def hold(store: Engine, identifier_of: Any, *, at: Any = START) -> None:
    with begin_writing(store) as connection:
        enqueue(
            connection,
            [Decision(notice=identifier_of, reason=Reason.AWAITING_APPROVAL)],
            at=at,
        )


def test_an_approval_is_asked_for_once_and_decided_once(store: Engine) -> None:
    notice = make_notice(grade=Grade.CRITICAL)
    hold(store, notice)
    hold(store, notice, at=START + HOUR)
    (waiting,) = read_approvals(store, state=ApprovalState.WAITING).values()
    assert waiting.requested_at == START

    def decide(state: ApprovalState, by: str, why: str = "seen") -> Any:
        return decide_approval(
            store, notice.identifier, state=state, by=by, why=why, at=START + HOUR
        )

    with pytest.raises(ConfigurationError, match="why a rejection"):
        decide(ApprovalState.REJECTED, "duty", "")
    with pytest.raises(ConfigurationError, match="who decides"):
        decide(ApprovalState.APPROVED, " ")
    decided = decide(ApprovalState.APPROVED, "duty")
    assert decided == decide(ApprovalState.APPROVED, "somebody else")
    assert read_approvals(store)[notice.identifier] == decided
    assert (decided.decided_by, decided.decided_at, decided.why) == ("duty", START + HOUR, "seen")
    with pytest.raises(IllegalTransition, match="approved by duty"):
        decide(ApprovalState.REJECTED, "other")
    with pytest.raises(ConfigurationError, match="no notice"):
        decide_approval(store, "x", state=ApprovalState.APPROVED, by="duty", why="", at=START)


def test_a_silence_is_signed_and_ends(store: Engine) -> None:
    silence = Silence(
        silence_id="s1",
        author="duty",
        reason="known outage",
        starts_at=START,
        ends_at=START + 5 * HOUR,
        mineral="nickel",
    )
    put_silence(store, silence)
    assert read_silences(store, as_of=START + HOUR) == (silence,)
    end_silence(store, "s1", at=START + 2 * HOUR)
    end_silence(store, "s1", at=START + 3 * HOUR)
    assert read_silences(store, as_of=START + 2 * HOUR) == ()
    assert read_silences(store)[0].ends_at == START + 2 * HOUR
    with pytest.raises(ConfigurationError, match="no silence"):
        end_silence(store, "s2", at=START)


@pytest.mark.parametrize("facts", [{"author": ""}, {"reason": " "}, {"ends_at": START}])
def test_an_unsigned_or_endless_silence_is_refused(
    sqlite_store: Engine, facts: dict[str, Any]
) -> None:
    plain = {"author": "a", "reason": "r", "starts_at": START, "ends_at": START + HOUR}
    with pytest.raises(ConfigurationError):
        put_silence(sqlite_store, Silence(silence_id="s", **(plain | facts)))


def test_a_member_acknowledges_what_it_was_told_and_nothing_else(store: Engine) -> None:
    notice, members = make_notice(), [make_member("jp"), make_member("ca")]
    queue_notices(store, [notice], members[:1])
    with pytest.raises(IllegalTransition, match="told of no alert"):
        acknowledge(store, notice.alert_id, "jp", at=START)  # queued, not yet handed over
    OutboxQueue(store).lease(channel="file", now=START, limit=1, owner="w")
    first = acknowledge(store, notice.alert_id, "jp", at=START, by="Sato", via="email")
    acknowledge(store, notice.alert_id, "jp", at=START + HOUR)
    assert read_acknowledgements(store, alert_ids=[notice.alert_id]) == (first,)
    for member_id, alert_id in (("ca", notice.alert_id), ("jp", "other"), ("jp", "")):
        with pytest.raises(IllegalTransition, match="told of no alert"):
            acknowledge(store, alert_id, member_id, at=START)
