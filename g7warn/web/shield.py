"""The shield around every answer: rate limit, security headers, errors without insides."""

from __future__ import annotations

import base64
import hashlib
import math
from typing import TYPE_CHECKING

from fastapi import HTTPException
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.status import (
    HTTP_401_UNAUTHORIZED,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_413_CONTENT_TOO_LARGE,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from g7warn.errors import ChannelRejected, G7WarnError, IllegalTransition, TransientError
from g7warn.web.pages import render_page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import FastAPI, Request

    from g7warn.clock import Clock
    from g7warn.web.limits import RateLimit

BODY_LIMIT = 1_000_000
"""Bytes of a request. Source: Slack's largest interaction payloads are a tenth of it."""


def hash_style(css: str) -> str:
    """Return the source by which a content security policy allows one inline style sheet."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(css.encode()).digest()).decode() + "'"


def raise_shield(app: FastAPI, *, limit: RateLimit, clock: Clock, css: str) -> None:
    """Add limit, headers and error answers to an app."""
    policy = (
        f"default-src 'none'; style-src {hash_style(css)}; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'self'; base-uri 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "X-Robots-Tag": "noindex, nofollow",
    }

    @app.middleware("http")
    async def _shield(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        client = request.client.host if request.client else ""
        wait = limit.wait_seconds(client, now=clock.now())
        if wait:
            text = "too many requests: wait and try again"
            answer: Response = PlainTextResponse(text, HTTP_429_TOO_MANY_REQUESTS)
            answer.headers["Retry-After"] = str(math.ceil(wait))
        elif _announces_too_much(request):
            answer = PlainTextResponse("the request is too long", HTTP_413_CONTENT_TOO_LARGE)
        else:
            answer = await call_next(request)
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    app.add_exception_handler(G7WarnError, _answer_error)
    app.add_exception_handler(StarletteHTTPException, _answer_refusal)


def not_found(what: str) -> HTTPException:
    """Return the answer for what is not there or not for this visitor: the two look alike."""
    return HTTPException(HTTP_404_NOT_FOUND, f"no such {what}")


def _announces_too_much(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    is_body_expected = request.method not in {"GET", "HEAD"}
    is_open_ended = is_body_expected and "transfer-encoding" in request.headers
    return is_open_ended or not length.isdigit() or int(length) > BODY_LIMIT


async def _answer_refusal(request: Request, error: Exception) -> Response:
    if not isinstance(error, StarletteHTTPException):
        raise error
    is_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if not is_page:
        return await http_exception_handler(request, error)
    status = error.status_code
    if status == HTTP_401_UNAUTHORIZED:
        return render_page(request, "login.html", status=status, is_wrong=False)
    text = str(error.detail)
    return render_page(request, "problem.html", status=status, code=status, text=text)


async def _answer_error(_: Request, error: Exception) -> Response:
    if isinstance(error, IllegalTransition):
        return PlainTextResponse("nothing to do for this alert", HTTP_409_CONFLICT)
    if isinstance(error, ChannelRejected):
        return PlainTextResponse(error.message, HTTP_401_UNAUTHORIZED)
    if isinstance(error, TransientError):
        return PlainTextResponse("try again in a minute", HTTP_503_SERVICE_UNAVAILABLE)
    return PlainTextResponse("the request cannot be served", 500)
