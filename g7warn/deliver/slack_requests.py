"""Requests that Slack sends: signed by it, refused after five minutes.

Source: Slack, "Verifying requests from Slack" (v0 signatures), seen 2026-11.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from g7warn.errors import ChannelRejected

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import SecretStr

REPLAY_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackAction:
    """A button that somebody pressed.

    Attributes:
        action: acknowledge, mute or page.
        alert_id: What the button carries.
        channel: Id of the Slack channel.
        user: Name or id of the person.
    """

    action: str
    alert_id: str
    channel: str
    user: str


def verify_slack_request(
    body: bytes, *, timestamp: str, signature: str, secret: SecretStr, now: datetime
) -> None:
    """Accept a request that Slack signed within the last five minutes.

    Raises:
        ChannelRejected: Not signed by Slack, too old or too new, or no secret is set.
    """
    key = secret.get_secret_value().encode()
    expected = hmac.new(key, f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    is_genuine = hmac.compare_digest(f"v0={expected}".encode(), signature.encode())
    is_fresh = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len("9999999999")
    is_fresh = is_fresh and abs(now.timestamp() - int(timestamp)) <= REPLAY_SECONDS
    if not (key and is_genuine and is_fresh):
        message = "the request does not carry a fresh signature of Slack"
        raise ChannelRejected(message, channel="slack")


def read_slack_action(body: bytes) -> SlackAction:
    """Return the button pressed, from the form that Slack posts.

    Raises:
        ChannelRejected: The form holds no button of ours.
    """
    try:
        payload = json.loads(parse_qs(body.decode())["payload"][0])
        pressed = payload["actions"][0]
        user = payload["user"]
        return SlackAction(
            action=str(pressed["action_id"]).removeprefix("g7warn_"),
            alert_id=str(pressed["value"]),
            channel=str(payload["channel"]["id"]),
            user=str(user.get("name") or user["id"]),
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        message = "the request holds no button of ours"
        raise ChannelRejected(message, channel="slack") from error
