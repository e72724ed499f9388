from __future__ import annotations

from datetime import timedelta

import pytest

from g7warn.deliver.heartbeat import (
    EVERY,
    GRACE,
    Pulse,
    check_heartbeat,
    heartbeat_key,
    make_heartbeat,
)
from g7warn.deliver.render_email import render_email
from g7warn.deliver.render_text import render_text
from g7warn.deliver.render_webhook import render_webhook
from g7warn.deliver.signing import TokenSigner
from g7warn.domain.member import LANGUAGES
from g7warn.errors import ConfigurationError
from tests.support.messages import SENT_AT

SIGNER = TokenSigner(b"installation secret")
KEY = heartbeat_key(SIGNER)
SENDER = "g7warn@example.org"


def _beat(days: int = 0, signer: TokenSigner = SIGNER) -> str:
    return render_text(
        make_heartbeat(signer, sender=SENDER, sent_at=SENT_AT + timedelta(days=days))
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_heartbeat_is_genuine_in_every_form_and_language(language: str) -> None:
    message = make_heartbeat(SIGNER, sender=SENDER, sent_at=SENT_AT, language=language)
    mail = render_email(
        message, sender=SENDER, recipient="a@b.example", message_id="1@b", sent_at=SENT_AT
    )
    part = mail.get_body(("plain",))
    assert part is not None
    for text in (render_text(message), render_webhook(message).decode(), part.get_content()):
        found = check_heartbeat(text, public_key=KEY, as_of=SENT_AT)
        assert (found.pulse, found.sender, found.sent_at) == (Pulse.ALIVE, SENDER, SENT_AT)


def test_silence_beyond_the_promise_is_late() -> None:
    last = SENT_AT + EVERY + GRACE
    assert check_heartbeat(_beat(), public_key=KEY, as_of=last).pulse is Pulse.ALIVE
    late = check_heartbeat(_beat(), public_key=KEY, as_of=last + timedelta(seconds=1))
    assert (late.pulse, late.sent_at) == (Pulse.LATE, SENT_AT)


def test_the_newest_of_many_counts() -> None:
    text = "\n".join([_beat(2), _beat(0), _beat(1)])
    found = check_heartbeat(text, public_key=KEY, as_of=SENT_AT + timedelta(days=3))
    assert found.sent_at == SENT_AT + timedelta(days=2)


def test_a_forged_heartbeat_and_none_at_all_are_told_apart() -> None:
    forged = _beat(signer=TokenSigner(b"somebody else"))
    assert check_heartbeat(forged, public_key=KEY, as_of=SENT_AT).pulse is Pulse.FORGED
    assert check_heartbeat("nothing", public_key=KEY, as_of=SENT_AT).pulse is Pulse.MISSING


@pytest.mark.parametrize("key", ["", "g7hbkey1.", "g7hbkey1.c2hvcnQ", "ü"])
def test_a_malformed_key_is_an_error_that_says_where_to_get_it(key: str) -> None:
    with pytest.raises(ConfigurationError, match="heartbeat key"):
        check_heartbeat(_beat(), public_key=key, as_of=SENT_AT)
