"""Login: the one page for those who are not known yet; the token goes into a cookie."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.status import HTTP_303_SEE_OTHER, HTTP_401_UNAUTHORIZED

from g7warn.web.access import COOKIE, OPERATOR_HOURS
from g7warn.web.pages import render_page

if TYPE_CHECKING:
    from g7warn.web.access import Gate


def make_router(*, gate: Gate) -> APIRouter:
    """Return the routes of logging in and out."""
    router = APIRouter()

    @router.get("/login")
    def ask(request: Request) -> HTMLResponse:
        return render_page(request, "login.html", is_wrong=False)

    @router.post("/login")
    def enter(request: Request, token: Annotated[str, Form(max_length=1000)] = "") -> Response:
        if gate.identify(token.strip()) is None:
            return render_page(request, "login.html", is_wrong=True, status=HTTP_401_UNAUTHORIZED)
        root = str(request.scope.get("root_path", "")).rstrip("/")
        answer = RedirectResponse(f"{root}/alerts", HTTP_303_SEE_OTHER)
        answer.set_cookie(
            COOKIE,
            token.strip(),
            max_age=int(timedelta(hours=OPERATOR_HOURS).total_seconds()),
            path=root or "/",
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    @router.post("/logout")
    def leave(request: Request) -> Response:
        root = str(request.scope.get("root_path", "")).rstrip("/")
        answer = RedirectResponse(f"{root}/login", HTTP_303_SEE_OTHER)
        answer.delete_cookie(COOKIE, path=root or "/")
        return answer

    return router
