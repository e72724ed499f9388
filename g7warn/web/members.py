"""Members' links: acknowledge, mute, unsubscribe. Opening one changes nothing; its button does.

Mail scanners follow links, so a GET only asks. One-click unsubscription is the POST that RFC 8058
defines, with the body `List-Unsubscribe=One-Click`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse  # noqa: TC002 - FastAPI resolves annotations
from starlette.status import HTTP_401_UNAUTHORIZED

from g7warn.deliver.language import Words, open_words
from g7warn.deliver.links import ACKNOWLEDGE, MUTE, UNSUBSCRIBE
from g7warn.domain.member import LANGUAGES
from g7warn.errors import ChannelRejected
from g7warn.web.pages import render_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from g7warn.clock import Clock
    from g7warn.deliver.signing import TokenSigner
    from g7warn.web.records import Records


def make_router(*, records: Records, signer: TokenSigner, clock: Clock) -> APIRouter:
    """Return the routes of members' links; the token in the path is the authentication."""
    router = APIRouter()

    def acknowledge(claims: dict[str, str], at: datetime) -> str:
        by, alert, member = claims["contact"], claims["alert"], claims["member"]
        records.acknowledge(alert, member, at=at, by=by, via="link")
        return "acknowledge.done"

    def mute(claims: dict[str, str], at: datetime) -> str:
        records.mute(claims["alert"], claims["member"], at=at, by=claims["contact"])
        return "mute.done"

    def unsubscribe(claims: dict[str, str], at: datetime) -> str:
        pause = records.pause(claims["member"], claims["endpoint"], at=at)
        return "unsubscribe.done" if pause.paused else "unsubscribe.mandatory"

    for purpose, act in ((ACKNOWLEDGE, acknowledge), (MUTE, mute), (UNSUBSCRIBE, unsubscribe)):
        ask_page, act_page = _make_pages(purpose, act, records=records, signer=signer, clock=clock)
        router.add_api_route(f"/{purpose}/{{token}}", ask_page, methods=["GET"], name=purpose)
        name = f"{purpose} (act)"
        router.add_api_route(f"/{purpose}/{{token}}", act_page, methods=["POST"], name=name)
    return router


def _make_pages(
    purpose: str,
    act: Callable[[dict[str, str], datetime], str],
    *,
    records: Records,
    signer: TokenSigner,
    clock: Clock,
) -> tuple[Callable[..., HTMLResponse], Callable[..., HTMLResponse]]:
    def ask_page(request: Request, token: str) -> HTMLResponse:
        words = _choose_words(request)
        try:
            claims = signer.read(purpose, token, as_of=clock.now())
        except ChannelRejected as error:
            return _refuse(request, words, error)
        member = records.read_member(claims["member"])
        name = member.name if member else claims["member"]
        who = {"address": name} if purpose == UNSUBSCRIBE else {"member": name}
        question = words.say(f"web.{purpose}.question", **who)
        button = words.say(f"link.{purpose}")
        subject = claims.get("alert", "")
        return render_page(
            request, "ask.html", words=words, question=question, button=button, subject=subject
        )

    def act_page(request: Request, token: str) -> HTMLResponse:
        words = _choose_words(request)
        try:
            claims = signer.read(purpose, token, as_of=clock.now())
        except ChannelRejected as error:
            return _refuse(request, words, error)
        text = words.say(f"web.{act(claims, clock.now())}")
        return render_page(request, "said.html", words=words, text=text)

    return ask_page, act_page


def _refuse(request: Request, words: Words, error: ChannelRejected) -> HTMLResponse:
    key = "web.link.expired" if error.context.get("is_expired") else "web.link.wrong"
    text = words.say(key)
    return render_page(request, "said.html", words=words, text=text, status=HTTP_401_UNAUTHORIZED)


def _choose_words(request: Request) -> Words:
    wanted = request.headers.get("accept-language", "").lower().split(",")
    codes = [entry.split(";")[0].strip()[:2] for entry in wanted]
    return open_words(next((code for code in codes if code in LANGUAGES), "en"))
