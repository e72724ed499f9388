from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.deliver.signing import TokenSigner
from g7warn.errors import ChannelRejected, ConfigurationError

NOW = datetime(2022, 4, 5, tzinfo=UTC)
SIGNER = TokenSigner(b"installation secret of enough length")
TOKEN = SIGNER.make("acknowledge", {"member": "jp"}, expires_at=NOW + timedelta(days=30))


def test_a_token_says_what_was_put_into_it() -> None:
    assert SIGNER.read("acknowledge", TOKEN, as_of=NOW) == {"member": "jp"}


def test_a_token_serves_one_purpose_only() -> None:
    with pytest.raises(ChannelRejected, match="not valid"):
        SIGNER.read("unsubscribe", TOKEN, as_of=NOW)


def test_a_token_of_another_installation_is_refused() -> None:
    with pytest.raises(ChannelRejected, match="not valid"):
        TokenSigner(b"another").read("acknowledge", TOKEN, as_of=NOW)


def test_a_token_ends_at_its_instant_and_says_that_it_has_expired() -> None:
    last = NOW + timedelta(days=30)
    assert SIGNER.read("acknowledge", TOKEN, as_of=last - timedelta(seconds=1))
    with pytest.raises(ChannelRejected, match="expired") as caught:
        SIGNER.read("acknowledge", TOKEN, as_of=last)
    assert caught.value.context["is_expired"] is True


@given(st.text(max_size=200))
def test_no_text_but_a_token_is_a_token(text: str) -> None:
    with pytest.raises(ChannelRejected):
        SIGNER.read("acknowledge", text, as_of=NOW)


@given(st.integers(min_value=0, max_value=len(TOKEN) - 1), st.sampled_from("AZaz09-_"))
def test_a_token_with_one_character_changed_is_refused(place: int, character: str) -> None:
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]
    if changed != TOKEN:
        try:
            claims = SIGNER.read("acknowledge", changed, as_of=NOW)
        except ChannelRejected:
            return
        assert claims == {"member": "jp"}  # only padding bits of the last character may differ


def test_without_a_secret_key_no_token_is_made() -> None:
    with pytest.raises(ConfigurationError, match="G7WARN_SECRET_KEY"):
        TokenSigner(b"").make("acknowledge", {}, expires_at=NOW)
