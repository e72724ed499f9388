"""A member's feed and its CAP documents, the full text of notices, and CAP acknowledgements.

Feed readers cannot send headers: the feed and the documents it points to carry the member's token
in their path. Conditional GET spares both sides: an unchanged feed is answered with 304.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import JSONResponse, Response
from starlette.status import HTTP_304_NOT_MODIFIED, HTTP_401_UNAUTHORIZED

from g7warn.deliver.compose import compose_content, describe_notice
from g7warn.deliver.heartbeat import make_heartbeat
from g7warn.deliver.render_atom import CAP_TYPE, render_feed
from g7warn.deliver.render_cap import render_cap
from g7warn.web.access import visitor_of
from g7warn.web.acknowledgement import read_cap_ack
from g7warn.web.shield import not_found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.clock import Clock
    from g7warn.deliver.message import Content
    from g7warn.deliver.signing import CapSigner, TokenSigner
    from g7warn.domain.notice import Notice
    from g7warn.web.access import Gate, Visitor
    from g7warn.web.records import Records

ENTRIES = 100
"""Entries of a feed, newest first. Judgement: weeks of a busy time; readers poll more often."""


def make_router(
    *,
    records: Records,
    gate: Gate,
    clock: Clock,
    sender: str,
    cap_signer: CapSigner | None,
    base_url: str,
) -> APIRouter:
    """Return the routes of feeds, notices and CAP acknowledgements."""
    router = APIRouter()
    pages = _FeedPages(records, gate, clock, gate.signer, sender, cap_signer, base_url)
    known, answering = [Depends(gate.require_visitor)], [Depends(gate.require_member)]
    router.add_api_route("/feed/{token}", pages.feed)
    router.add_api_route("/feed/{token}/{identifier}.cap", pages.feed_document)
    router.add_api_route(
        "/notices/{identifier}.cap", pages.document, name="notice as CAP", dependencies=known
    )
    router.add_api_route("/notices/{identifier}", pages.notice, dependencies=known)
    router.add_api_route("/cap", pages.acknowledge, methods=["POST"], dependencies=answering)
    return router


@dataclass(frozen=True, slots=True)
class _FeedPages:
    records: Records
    gate: Gate
    clock: Clock
    signer: TokenSigner
    sender: str
    cap_signer: CapSigner | None
    base_url: str

    def feed(self, request: Request, token: str) -> Response:
        visitor = _require_token(self.gate, token)
        root = self.base_url or str(request.base_url).rstrip("/")
        return _answer_unless_known(request, self._render(visitor, root, token))

    def feed_document(self, request: Request, token: str, identifier: str) -> Response:
        notice = self._find_notice(_require_token(self.gate, token), identifier)
        document = render_cap(notice, signer=self.cap_signer)
        return _answer_unless_known(request, document, media_type=CAP_TYPE)

    def document(self, request: Request, identifier: str) -> Response:
        notice = self._find_notice(visitor_of(request), identifier)
        return Response(render_cap(notice, signer=self.cap_signer), media_type=CAP_TYPE)

    def notice(self, request: Request, identifier: str) -> Response:
        return JSONResponse(describe_notice(self._find_notice(visitor_of(request), identifier)))

    async def acknowledge(self, request: Request) -> Response:
        visitor, now = visitor_of(request), self.clock.now()
        identifiers = read_cap_ack(await request.body())
        notices = [self._find_notice(visitor, identifier) for identifier in identifiers]
        if visitor.member is not None:
            for notice in notices:
                self.records.acknowledge(
                    notice.alert_id, visitor.member.member_id, at=now, by="", via="cap"
                )
        return JSONResponse({"acknowledged": [notice.alert_id for notice in notices]})

    def _find_notice(self, visitor: Visitor, identifier: str) -> Notice:
        found = self.records.read_notice(identifier)
        if found is None or not visitor.may_see(found):
            raise not_found("notice")
        return found

    def _render(self, visitor: Visitor, root: str, token: str) -> bytes:
        name = visitor.endpoint.endpoint_id if visitor.endpoint else ""
        told = self.records.read_delivered(name, limit=ENTRIES)
        seen = [(notice, language) for notice, language in told if visitor.may_see(notice)]
        contents = [
            (
                compose_content(notice, language=language, urls={}, chart=None),
                f"{root}/feed/{token}/{notice.identifier}.cap",
            )
            for notice, language in seen
        ]
        contents += [(beat, "") for beat in self._list_beats(name, seen)]
        # An empty feed was last updated at some instant that stays the same for a day.
        today = self.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return render_feed(
            contents,
            title=f"g7warn: {visitor.name}",
            feed_id=f"{root}/{name}",
            self_url=f"{root}/feed/{token}",
            updated=today,
            language=seen[0][1] if seen else "en",
        )

    def _list_beats(self, endpoint_id: str, seen: Sequence[tuple[Notice, str]]) -> list[Content]:
        """Return the heartbeats of today and yesterday, as far as the chain gave them."""
        now = self.clock.now()
        days = [now.date(), now.date() - timedelta(days=1)]
        given = [self.records.read_beat(endpoint_id, on=day) for day in days]
        language = seen[0][1] if seen else "en"
        return [
            make_heartbeat(self.signer, sender=self.sender, sent_at=at, language=language).content
            for at in given
            if at is not None
        ]


def _require_token(gate: Gate, token: str) -> Visitor:
    visitor = gate.identify(token)
    if visitor is None or visitor.is_operator:
        raise HTTPException(HTTP_401_UNAUTHORIZED, "no valid feed token")
    return visitor


def _answer_unless_known(
    request: Request, body: bytes, *, media_type: str = "application/atom+xml"
) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = [part.strip() for part in request.headers.get("if-none-match", "").split(",")]
    if tag in known or f"W/{tag}" in known:
        return Response(status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
