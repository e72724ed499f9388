"""Alerts: those that are open, the archive of all, and each with its life, evidence and chart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.status import HTTP_422_UNPROCESSABLE_CONTENT

from g7warn.deliver.language import open_words
from g7warn.deliver.wording import word_record
from g7warn.errors import ConfigurationError
from g7warn.web.access import visitor_of
from g7warn.web.alert_views import (
    FACETS,
    AlertPage,
    AlertQuery,
    describe_alert,
    describe_step,
    group_lives,
    mark_alert,
    search_alerts,
)
from g7warn.web.archive_views import describe_hit, read_archive_query, read_choices
from g7warn.web.pages import render_page
from g7warn.web.shield import not_found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.archive.query import ArchiveQuery
    from g7warn.archive.search import SearchPage
    from g7warn.clock import Clock
    from g7warn.deliver.message import Chart
    from g7warn.domain.alert import AlertEvent
    from g7warn.pipeline.charts import ChartDrawer
    from g7warn.web.access import Gate
    from g7warn.web.records import Records

_QUERY_LIMIT = 200
_MEDIA_TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def make_router(*, records: Records, gate: Gate, clock: Clock) -> APIRouter:
    """Return the routes of the archive; each page has a JSON twin under `.json`."""
    router = APIRouter(dependencies=[Depends(gate.require_visitor)])
    pages = _ArchivePages(records, clock)
    for path, endpoint in (
        ("/", pages.home),
        ("/alerts.json", pages.alerts_json),
        ("/alerts", pages.alerts),
        ("/archive.json", pages.archive_json),
        ("/archive", pages.archive),
        ("/alerts/{alert_id}.json", pages.alert_json),
        ("/alerts/{alert_id}/chart.{form}", pages.chart),
        ("/alerts/{alert_id}", pages.alert),
    ):
        router.add_api_route(path, endpoint, methods=["GET"], response_model=None)
    return router


@dataclass(frozen=True, slots=True)
class _ArchivePages:
    records: Records
    clock: Clock
    drawers: list[ChartDrawer] = field(default_factory=list)  # one, made when first needed

    def home(self, request: Request) -> Response:
        root = str(request.scope.get("root_path", "")).rstrip("/")
        return RedirectResponse(f"{root}/alerts")

    def alerts_json(self, request: Request) -> JSONResponse:
        page = self._find_alerts(request)
        return JSONResponse(
            {
                "alerts": page.rows,
                "total": page.total,
                "page": page.page,
                "pages": page.pages,
                "facets": page.facets,
            }
        )

    def alerts(self, request: Request) -> HTMLResponse:
        query, found = _read_query(request), self._find_alerts(request)
        return render_page(request, "alerts.html", query=query, found=found, facets=FACETS)

    def alert_json(self, request: Request, alert_id: str) -> JSONResponse:
        return JSONResponse(self._describe(self._find_life(request, alert_id)))

    def alert(self, request: Request, alert_id: str) -> HTMLResponse:
        life = self._find_life(request, alert_id)
        chart = self._draw(life)
        alt = chart.alt if chart else ""
        return render_page(request, "alert.html", alert=self._describe(life), chart_alt=alt)

    def chart(self, request: Request, alert_id: str, form: str) -> Response:
        life = self._find_life(request, alert_id)
        drawn = self._draw(life) if form in _MEDIA_TYPES else None
        if drawn is None:
            raise not_found("chart")
        picture = drawn.png if form == "png" else drawn.svg
        return Response(picture, media_type=_MEDIA_TYPES[form])

    def _describe(self, life: Sequence[AlertEvent]) -> dict[str, Any]:
        newest = life[-1]
        record = self.records.find_track_record(newest, as_of=self.clock.now())
        told = word_record(record, newest.assessment.certainty, open_words("en"))
        steps = [describe_step(event) for event in reversed(life)]
        return describe_alert(life) | {"track_record": told, "life": steps}

    def _draw(self, life: Sequence[AlertEvent]) -> Chart | None:
        from g7warn.pipeline.charts import ChartDrawer  # noqa: PLC0415 - loads matplotlib

        if not self.drawers:
            self.drawers.append(
                ChartDrawer(lambda name, as_of: self.records.read_prices(name, as_of=as_of))
            )
        return self.drawers[0].draw(life)

    def archive_json(self, request: Request) -> JSONResponse:
        query, found, facets = self._search(request)
        return JSONResponse(
            {
                "words": query.words,
                "events": [describe_hit(hit) for hit in found.hits],
                "next_cursor": found.next_cursor,
                "facets": facets,
            }
        )

    def archive(self, request: Request) -> HTMLResponse:
        query, found, facets = self._search(request)
        return render_page(
            request,
            "archive.html",
            query=query,
            chosen=read_choices(request.query_params),
            hits=[describe_hit(hit) for hit in found.hits],
            next_cursor=found.next_cursor,
            facets=facets,
        )

    def _search(
        self, request: Request
    ) -> tuple[ArchiveQuery, SearchPage, dict[str, dict[str, int]]]:
        query = read_archive_query(request.query_params)
        cursor = request.query_params.get("cursor", "")[:_QUERY_LIMIT]
        viewer, now = visitor_of(request).member, self.clock.now()
        try:
            found, facets = self.records.search(query, as_of=now, viewer=viewer, cursor=cursor)
        except ConfigurationError as error:
            raise HTTPException(HTTP_422_UNPROCESSABLE_CONTENT, error.message) from error
        return query, found, facets

    def _find_alerts(self, request: Request) -> AlertPage:
        visitor = visitor_of(request)
        lives = group_lives(self.records.read_open(as_of=self.clock.now())).values()
        seen = [life for life in lives if visitor.may_see(mark_alert(life))]
        return search_alerts(seen, _read_query(request))

    def _find_life(self, request: Request, alert_id: str) -> Sequence[AlertEvent]:
        life = self.records.read_life(alert_id, as_of=self.clock.now())
        if not life or not visitor_of(request).may_see(mark_alert(life)):
            raise not_found("alert")
        return life


def _read_query(request: Request) -> AlertQuery:
    parameters = request.query_params
    page = parameters.get("page", "1")
    return AlertQuery(
        q=parameters.get("q", "")[:_QUERY_LIMIT],
        chosen={facet: parameters.get(facet, "")[:_QUERY_LIMIT] for facet in FACETS},
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )
