"""How the installation stands: feeds for every visitor, the outbox for operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, JSONResponse

from g7warn.web.pages import render_page
from g7warn.web.shield import not_found

if TYPE_CHECKING:
    from g7warn.store.runs import Run
    from g7warn.web.access import Gate
    from g7warn.web.records import Records


def make_router(*, records: Records, gate: Gate) -> APIRouter:
    """Return the routes of status pages; each has a JSON twin under `.json`."""
    router = APIRouter()
    for_visitors = [Depends(gate.require_visitor)]
    for_operators = [Depends(gate.require_operator)]

    @router.get("/feeds.json", dependencies=for_visitors)
    def feeds_json() -> JSONResponse:
        return JSONResponse([_describe(run) for run in records.read_runs().values()])

    @router.get("/feeds", dependencies=for_visitors)
    def feeds(request: Request) -> HTMLResponse:
        runs = [_describe(run) for run in records.read_runs().values()]
        return render_page(request, "feeds.html", runs=sorted(runs, key=lambda r: r["feed"]))

    @router.get("/feeds/{feed}.json", dependencies=for_visitors)
    def feed_json(feed: str) -> JSONResponse:
        return JSONResponse(_history(feed))

    @router.get("/feeds/{feed}", dependencies=for_visitors)
    def one_feed(request: Request, feed: str) -> HTMLResponse:
        return render_page(request, "feed.html", feed=feed, runs=_history(feed))

    @router.get("/queue.json", dependencies=for_operators)
    def queue_json() -> JSONResponse:
        return JSONResponse(records.read_queue())

    @router.get("/queue", dependencies=for_operators)
    def queue(request: Request) -> HTMLResponse:
        return render_page(request, "queue.html", states=records.read_queue())

    def _history(feed: str) -> list[dict[str, Any]]:
        runs = [_describe(run) for run in records.read_run_history(feed)]
        if not runs:
            raise not_found("feed")
        return runs

    return router


def _describe(run: Run) -> dict[str, Any]:
    return {
        "feed": run.feed,
        "state": str(run.state),
        "ran_at": run.ran_at.isoformat(),
        "fetched_at": run.fetched_at.isoformat() if run.fetched_at else None,
        "released_at": run.released_at.isoformat() if run.released_at else None,
        "accepted": run.accepted,
        "quarantined": run.quarantined,
        "new": run.new,
        "revised": run.revised,
        "unchanged": run.unchanged,
        "last_period": run.last_period,
        "error": run.error,
        "payload": run.payload,
    }
