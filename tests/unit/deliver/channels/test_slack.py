from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from g7warn.clock import FixedClock
from g7warn.deliver.channels.base import UnlockedEndpoint
from g7warn.deliver.channels.slack import SlackChannel
from g7warn.deliver.message import ActualMessage, Chart
from g7warn.errors import ChannelRejected, ChannelUnavailable
from tests.support.messages import SENT_AT, make_content, make_exercise, make_message
from tests.support.slack_server import Answer, SlackServer

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = UnlockedEndpoint(address="C1", secrets=(SecretStr("xoxb-made-up"),))
KEY = "delivery-17"


@pytest.fixture
def server() -> Iterator[SlackServer]:
    with SlackServer() as running:
        yield running


def _open(server: SlackServer, **options: Any) -> SlackChannel[ActualMessage]:
    return SlackChannel(
        options={"base_url": server.base_url, "timeout_seconds": 20} | options,
        clock=FixedClock(SENT_AT),
        accepts=ActualMessage,
    )


def test_a_message_is_posted_with_blocks_fallback_text_and_key(server: SlackServer) -> None:
    receipt = _open(server).send(make_message(), endpoint=HERE, idempotency_key=KEY)
    (call,) = server.posted()
    assert call.body["text"] == "[TLP:GREEN] Nickel: Warning, price up"
    assert call.body["blocks"]
    assert call.body["metadata"]["event_payload"]["key"] == KEY  # type: ignore[index]
    assert call.headers["Authorization"] == "Bearer xoxb-made-up"
    assert receipt.reference == receipt.thread == "1700000000.000001"


def test_a_repeat_carries_the_same_message_id(server: SlackServer) -> None:
    channel = _open(server)
    for _ in range(2):
        channel.send(make_message(), endpoint=HERE, idempotency_key=KEY)
    channel.send(make_message(), endpoint=HERE, idempotency_key="other")
    first, second, third = (call.body["client_msg_id"] for call in server.posted())
    assert first == second != third


def test_a_later_message_goes_into_the_alerts_thread(server: SlackServer) -> None:
    message = ActualMessage(content=make_content(), thread="1699.1")
    receipt = _open(server).send(message, endpoint=HERE, idempotency_key=KEY)
    assert server.posted()[0].body["thread_ts"] == "1699.1"
    assert receipt.thread == "1699.1"


def test_the_chart_is_uploaded_into_the_thread_with_its_alternative_text(
    server: SlackServer,
) -> None:
    chart = Chart(png=b"\x89PNG-bytes", svg=b"<svg/>", alt="Price of nickel")
    receipt = _open(server).send(make_message(chart=chart), endpoint=HERE, idempotency_key=KEY)
    assert [call.method for call in server.calls] == [
        "chat.postMessage",
        "files.getUploadURLExternal",
        "upload",
        "files.completeUploadExternal",
    ]
    assert b"Price+of+nickel" in server.calls[1].raw
    assert server.calls[2].raw == b"\x89PNG-bytes"
    assert receipt.detail == "posted with chart"


def test_a_chart_that_is_not_taken_does_not_undo_the_message(server: SlackServer) -> None:
    server.script = [Answer(body=b'{"ok": true, "ts": "1.1"}'), Answer.refused("missing_scope")]
    chart = Chart(png=b"png", svg=b"<svg/>", alt="Price")
    receipt = _open(server).send(make_message(chart=chart), endpoint=HERE, idempotency_key=KEY)
    assert (receipt.reference, "not taken" in receipt.detail) == ("1.1", True)


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("soon", 30.0), ("-1", 30.0)], ids=["named", "text", "neg"]
)
def test_a_rate_limit_says_how_long_to_wait(
    server: SlackServer, header: str, seconds: float
) -> None:
    server.script = [Answer.rate_limited(header)]
    with pytest.raises(ChannelUnavailable) as caught:
        _open(server).send(make_message(), endpoint=HERE, idempotency_key=KEY)
    assert caught.value.retry_after_seconds == seconds
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(500, b"oops"), id="500"),
        pytest.param(Answer(503, b'{"ok": false, "error": "service_unavailable"}'), id="503"),
        pytest.param(Answer(200, b"<html>proxy</html>"), id="html"),
        pytest.param(Answer(200, b"{"), id="cut JSON"),
        pytest.param(Answer(200, b"[]"), id="no object"),
        pytest.param(Answer(200, b""), id="empty"),
        pytest.param(Answer(200, b'{"ok": true}'), id="no timestamp"),
        pytest.param(Answer(200, b'{"ok": false}'), id="no code"),
        pytest.param(Answer.refused("internal_error"), id="internal error"),
        pytest.param(Answer(200, b'{"ok": true, "ts": "1"}', delay_seconds=5), id="slow"),
    ],
)
def test_trouble_on_slacks_side_is_worth_another_try(server: SlackServer, answer: Answer) -> None:
    server.script = [answer]
    patience = 1 if answer.delay_seconds else 20
    with pytest.raises(ChannelUnavailable):
        _open(server, timeout_seconds=patience).send(
            make_message(), endpoint=HERE, idempotency_key=KEY
        )


@pytest.mark.parametrize(
    ("code", "is_gone"),
    [("invalid_auth", False), ("channel_not_found", True), ("is_archived", True)],
)
def test_a_refusal_is_final_and_tells_whether_the_endpoint_is_gone(
    server: SlackServer, code: str, is_gone: bool
) -> None:
    server.script = [Answer.refused(code)]
    with pytest.raises(ChannelRejected, match=code) as caught:
        _open(server).send(make_message(), endpoint=HERE, idempotency_key=KEY)
    assert caught.value.is_endpoint_gone is is_gone
    assert "xoxb" not in str(caught.value)


def test_a_dead_server_is_unavailable_and_not_an_error_of_another_library() -> None:
    with SlackServer() as server:
        channel = _open(server)
    with pytest.raises(ChannelUnavailable, match="did not answer"):
        channel.send(make_message(), endpoint=HERE, idempotency_key=KEY)


def test_without_a_token_nothing_is_sent(server: SlackServer) -> None:
    with pytest.raises(ChannelRejected, match="G7WARN_SLACK_TOKEN"):
        _open(server).send(
            make_message(), endpoint=UnlockedEndpoint(address="C1"), idempotency_key=KEY
        )
    assert server.calls == []


def test_an_exercise_does_not_reach_a_channel_for_real_messages(server: SlackServer) -> None:
    with pytest.raises(ChannelRejected, match="nothing was sent"):
        _open(server).send(make_exercise(), endpoint=HERE, idempotency_key=KEY)  # type: ignore[arg-type]
    assert server.calls == []
