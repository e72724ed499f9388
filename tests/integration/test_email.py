from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from g7warn.clock import FixedClock
from g7warn.deliver.channels.base import UnlockedEndpoint
from g7warn.deliver.channels.email import EmailChannel
from g7warn.deliver.message import ActualMessage, Chart
from g7warn.errors import ChannelRejected, ChannelUnavailable, ConfigurationError
from tests.support.mail_server import MailServer
from tests.support.messages import SENT_AT, make_content, make_message, make_poison

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JAPAN = UnlockedEndpoint(address="duty@meti.example")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path) as running:
        yield running


def _open(server: MailServer, **options: Any) -> EmailChannel[ActualMessage]:
    return EmailChannel(
        options=server.options(**options), clock=FixedClock(SENT_AT), accepts=ActualMessage
    )


def test_a_notice_arrives_encrypted_with_both_parts_and_its_inline_chart(
    server: MailServer,
) -> None:
    chart = Chart(png=b"\x89PNG", svg=b"<svg/>", alt="Price of nickel")
    receipt = _open(server).send(make_message(chart=chart), endpoint=JAPAN, idempotency_key="d-1")
    (mail,) = server.mails
    assert mail["Subject"] == "[TLP:GREEN] Nickel: Warning, price up"
    assert mail["Message-ID"] == f"<{receipt.reference}>" == "<d-1@g7.example>"
    assert mail["Date"] == "Tue, 05 Apr 2022 06:30:00 +0000"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().startswith("TLP:GREEN")
    assert 'alt="Price of nickel"' in html.get_content()
    assert 'src="cid:chart-d-1@g7.example"' in html.get_content()
    assert html.get_content().index(">TLP:GREEN<") < html.get_content().index("Probability")


def test_one_click_unsubscribe_is_offered(server: MailServer) -> None:
    _open(server).send(make_message(), endpoint=JAPAN, idempotency_key="d-1")
    assert server.mails[0]["List-Unsubscribe"] == "<https://g7.example/u/1>"
    assert server.mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_later_mail_of_the_alert_answers_its_first(server: MailServer) -> None:
    message = ActualMessage(content=make_content(), thread="d-1@g7.example")
    receipt = _open(server).send(message, endpoint=JAPAN, idempotency_key="d-2")
    assert server.mails[0]["In-Reply-To"] == "<d-1@g7.example>"
    assert receipt.thread == "d-1@g7.example"


def test_a_repeat_has_the_same_message_id(server: MailServer) -> None:
    for _ in range(2):
        _open(server).send(make_message(), endpoint=JAPAN, idempotency_key="d-1")
    assert len({mail["Message-ID"] for mail in server.mails}) == 1


def test_poison_adds_no_header_and_no_markup(server: MailServer) -> None:
    for message in (make_message(), make_poison()):
        _open(server).send(message, endpoint=JAPAN, idempotency_key="d-1")
    first, second = server.mails
    assert first.keys() == second.keys()
    html = second.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()
    assert "javascript:" not in html.get_content()
    assert len(server.raw[1]) < 200_000


@pytest.mark.parametrize(
    "address", ["a@b\r\nBcc: c@d.example", "a b@c", "a@", "<a@b>", "a@b,c@d", ""]
)
def test_an_address_that_is_none_is_refused_before_any_connection(
    server: MailServer, address: str
) -> None:
    with pytest.raises(ChannelRejected, match="name@host"):
        _open(server).send(
            make_message(), endpoint=UnlockedEndpoint(address=address), idempotency_key="d-1"
        )
    assert server.mails == []


@pytest.mark.parametrize(
    ("answers", "error", "is_gone"),
    [
        ({"rcpt": "451 try later"}, ChannelUnavailable, False),
        ({"data": "452 disk full"}, ChannelUnavailable, False),
        ({"rcpt": "550 no such mailbox"}, ChannelRejected, True),
        ({"data": "554 refused"}, ChannelRejected, False),
    ],
)
def test_replies_lead_to_another_try_or_to_the_end(
    tmp_path: Path, answers: dict[str, str], error: type[Exception], is_gone: bool
) -> None:
    with MailServer(tmp_path, **answers) as server, pytest.raises(error) as caught:
        _open(server).send(make_message(), endpoint=JAPAN, idempotency_key="d-1")
    assert getattr(caught.value, "is_endpoint_gone", False) is is_gone


def test_a_login_is_used_and_a_wrong_password_is_final_and_not_shown(server: MailServer) -> None:
    _open(server, user="g7", password="right").send(
        make_message(), endpoint=JAPAN, idempotency_key="d-1"
    )
    assert server.logins == ["g7"]
    with pytest.raises(ChannelRejected) as caught:
        _open(server, user="g7", password="wr0ng-secret").send(
            make_message(), endpoint=JAPAN, idempotency_key="d-2"
        )
    assert "wr0ng-secret" not in str(caught.value)


def test_a_certificate_that_nobody_vouches_for_stops_the_mail(server: MailServer) -> None:
    with pytest.raises(ChannelUnavailable, match="SSLCertVerificationError"):
        _open(server, certificates=None).send(make_message(), endpoint=JAPAN, idempotency_key="d-1")
    assert server.mails == []


def test_a_server_without_encryption_gets_no_mail(tmp_path: Path) -> None:
    with MailServer(tmp_path, is_encrypted=False) as server:
        with pytest.raises(ChannelRejected, match="STARTTLS"):
            _open(server).send(make_message(), endpoint=JAPAN, idempotency_key="d-1")
        assert server.mails == []


def test_mail_beyond_loopback_is_never_sent_in_the_clear() -> None:
    with pytest.raises(ConfigurationError, match="must be encrypted"):
        EmailChannel(
            options={"host": "mail.example", "security": "none"},
            clock=FixedClock(SENT_AT),
            accepts=ActualMessage,
        )


def test_a_server_that_is_not_there_is_worth_another_try(tmp_path: Path) -> None:
    with MailServer(tmp_path) as server:
        channel = _open(server)
    with pytest.raises(ChannelUnavailable, match="ConnectionRefusedError"):
        channel.send(make_message(), endpoint=JAPAN, idempotency_key="d-1")
