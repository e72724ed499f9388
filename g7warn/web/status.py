"""How deliveries stand: the outbox, for operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, JSONResponse

from g7warn.web.pages import render_page

if TYPE_CHECKING:
    from g7warn.web.access import Gate
    from g7warn.web.records import Records


def make_router(*, records: Records, gate: Gate) -> APIRouter:
    """Return the routes of the outbox; the page has a JSON twin under `.json`."""
    router = APIRouter(dependencies=[Depends(gate.require_operator)])

    @router.get("/queue.json")
    def queue_json() -> JSONResponse:
        return JSONResponse(records.read_queue())

    @router.get("/queue")
    def queue(request: Request) -> HTMLResponse:
        return render_page(request, "queue.html", states=records.read_queue())

    return router
