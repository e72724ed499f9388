"""Buttons pressed in Slack: acknowledge and mute, in the name of the channel's member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import JSONResponse, Response
from starlette.status import HTTP_403_FORBIDDEN, HTTP_422_UNPROCESSABLE_CONTENT

from g7warn.deliver.language import open_words
from g7warn.deliver.links import ACKNOWLEDGE, MUTE
from g7warn.deliver.slack_requests import read_slack_action, verify_slack_request
from g7warn.errors import ChannelRejected

if TYPE_CHECKING:
    from pydantic import SecretStr

    from g7warn.clock import Clock
    from g7warn.web.records import Records


def make_router(*, records: Records, clock: Clock, secret: SecretStr) -> APIRouter:
    """Return the route for Slack's interactions; Slack's signature is the authentication."""
    router = APIRouter()

    @router.post("/slack/interactions")
    async def interact(request: Request) -> Response:
        body = await request.body()
        verify_slack_request(
            body,
            timestamp=request.headers.get("x-slack-request-timestamp", ""),
            signature=request.headers.get("x-slack-signature", ""),
            secret=secret,
            now=clock.now(),
        )
        try:
            pressed = read_slack_action(body)
        except ChannelRejected as error:
            raise HTTPException(HTTP_422_UNPROCESSABLE_CONTENT, error.message) from error
        member = records.find_slack_member(pressed.channel)
        if member is None:
            raise HTTPException(HTTP_403_FORBIDDEN, "this Slack channel belongs to no member")
        words, now = open_words("en"), clock.now()
        text = ""
        if pressed.action == ACKNOWLEDGE:
            records.acknowledge(
                pressed.alert_id, member.member_id, at=now, by=pressed.user, via="slack"
            )
            text = words.say("web.acknowledge.done")
        elif pressed.action == MUTE:
            records.mute(pressed.alert_id, member.member_id, at=now, by=pressed.user)
            text = words.say("web.mute.done")
        return JSONResponse({"response_type": "ephemeral", "replace_original": False, "text": text})

    return router
