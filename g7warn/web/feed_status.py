"""How the feeds stand: freshness for every visitor; runs, refusals and held releases for operators.

A member sees the feeds whose label it may read, and of them no message and no value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, JSONResponse

from g7warn.domain.marking import MessageStatus, Tlp
from g7warn.domain.notice import Scope
from g7warn.web.access import visitor_of
from g7warn.web.pages import render_page
from g7warn.web.shield import not_found

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from g7warn.clock import Clock
    from g7warn.store.holds import Hold
    from g7warn.store.quarantine import QuarantinedRow
    from g7warn.store.runs import Run
    from g7warn.web.access import Gate
    from g7warn.web.records import Records

EXAMPLES = 5
"""Refused rows shown of each defect; `g7warn quarantine list` shows them all."""

_FOR_OPERATORS = ("message", "last_run_state")


@dataclass(frozen=True, slots=True, kw_only=True)
class _MarkedFeed:
    """A feed's marking, as entitlement asks for it."""

    tlp: Tlp
    status: MessageStatus = MessageStatus.ACTUAL
    mineral: str = ""
    scope: Scope = Scope.RESTRICTED
    addresses: tuple[str, ...] = ()


def make_router(*, records: Records, gate: Gate, clock: Clock) -> APIRouter:
    """Return the routes of the feeds' pages; each has a JSON twin under `.json`."""
    router = APIRouter()
    pages = _FeedStatusPages(records, clock)
    visitors, operators = [Depends(gate.require_visitor)], [Depends(gate.require_operator)]
    for path, endpoint, known in (
        ("/feeds.json", pages.feeds_json, visitors),
        ("/feeds", pages.feeds, visitors),
        ("/feeds/{feed}.json", pages.feed_json, operators),
        ("/feeds/{feed}", pages.feed, operators),
        ("/feeds/{feed}/reports/{payload}", pages.report, operators),
    ):
        router.add_api_route(path, endpoint, dependencies=known, response_model=None)
    return router


@dataclass(frozen=True, slots=True)
class _FeedStatusPages:
    records: Records
    clock: Clock

    def feeds_json(self, request: Request) -> JSONResponse:
        return JSONResponse(self._list_feeds(request))

    def feeds(self, request: Request) -> HTMLResponse:
        return render_page(request, "feeds.html", feeds=self._list_feeds(request))

    def feed_json(self, feed: str) -> JSONResponse:
        return JSONResponse(self._describe(feed))

    def feed(self, request: Request, feed: str) -> HTMLResponse:
        return render_page(request, "feed.html", **self._describe(feed))

    def report(self, request: Request, feed: str, payload: str) -> HTMLResponse:
        run = next((r for r in self.records.read_run_history(feed) if r.payload == payload), None)
        if run is None or not run.report:
            raise not_found("validation report")
        return render_page(request, "report.html", feed=feed, run=run, result=run.report)

    def _list_feeds(self, request: Request) -> list[dict[str, Any]]:
        visitor = visitor_of(request)
        rows = [
            dict(row)
            for row in self.records.read_feeds(as_of=self.clock.now())
            if visitor.may_see(_MarkedFeed(tlp=Tlp.parse(row["tlp"])))
        ]
        if not visitor.is_operator:
            for row in rows:
                for name in _FOR_OPERATORS:
                    del row[name]
        return rows

    def _describe(self, feed: str) -> dict[str, Any]:
        rows = self.records.read_feeds(as_of=self.clock.now())
        about = next((dict(row) for row in rows if row["feed"] == feed), None)
        if about is None:
            raise not_found("feed")
        return {
            "about": about,
            "held": [_describe_hold(hold) for hold in self.records.read_held(feed)],
            "defects": group_refused(self.records.read_refused(feed)),
            "runs": [_describe_run(run) for run in self.records.read_run_history(feed)],
        }


def group_refused(rows: Sequence[QuarantinedRow]) -> list[dict[str, Any]]:
    """Return the refused rows by defect, the most frequent first, each with some examples."""
    groups: dict[str, list[QuarantinedRow]] = {}
    for row in rows:
        groups.setdefault(row.expectation, []).append(row)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        {
            "defect": defect,
            "rows": len(found),
            "examples": [
                {"key": row.key, "raw": row.raw, "reason": row.reason} for row in found[:EXAMPLES]
            ],
        }
        for defect, found in ranked
    ]


def _describe_hold(hold: Hold) -> dict[str, Any]:
    return {
        "key": hold.key,
        "released_at": hold.released_at.isoformat(),
        "found_at": hold.found_at.isoformat(),
        "reason": hold.reason,
    }


def _describe_run(run: Run) -> Mapping[str, Any]:
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
        "has_report": bool(run.report),
    }
