"""An app over records in memory, with one member, one other, and one of everything to look at."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr

from g7warn.alerts.entitlement import is_entitled
from g7warn.archive.search import Hit, SearchPage
from g7warn.clock import FixedClock
from g7warn.deliver.signing import TokenSigner
from g7warn.domain.alert import (
    AlertEvent,
    Assessment,
    EventKind,
    Fingerprint,
    Grade,
    Reason,
)
from g7warn.domain.marking import Audience, MessageStatus, Tlp
from g7warn.domain.member import Endpoint, Member
from g7warn.domain.notice import TrackRecord
from g7warn.domain.signal import Certainty, Direction, Evidence, Family, Severity, Signal
from g7warn.errors import ConfigurationError, IllegalTransition
from g7warn.settings import Settings
from g7warn.store.holds import Hold, HoldState
from g7warn.store.quarantine import QuarantinedRow, QuarantineState
from g7warn.store.runs import Run, RunState
from g7warn.web.alert_views import MarkedAlert
from g7warn.web.app import create_app
from g7warn.web.records import Access, Pause
from tests.support.notices import make_notice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI

    from g7warn.archive.query import ArchiveQuery
    from g7warn.domain.notice import Notice

NOW = datetime(2022, 4, 5, 12, tzinfo=UTC)
KEY = "a secret key of enough length"
SLACK_SECRET = "slack signing secret"
TOKEN = "jp-feed~jp-secret"
OTHER_TOKEN = "kr-feed~kr-secret"


REPORT: dict[str, Any] = {
    "suite": "worldbank",
    "version": 1,
    "title": "Prices",
    "rows": 2,
    "accepted": 1,
    "quarantined": 1,
    "critical": [],
    "corrections": ["nickel 2022-03: 1 corrected to 2 (a slip)"],
    "outdated_corrections": [],
    "expectations": [
        {
            "defect": "not a number",
            "type": "expect_column_values_to_be_in_set",
            "severity": "warning",
            "source": "",
            "is_met": False,
            "rows": 1,
            "observed": "",
            "examples": ["nickel: <script>alert(1)</script>"],
        }
    ],
}


def make_member(name: str, audience: Audience) -> Member:
    endpoints = (
        Endpoint(endpoint_id=f"{name}-feed", channel="feed", address=name, secret_ref=name),
        Endpoint(endpoint_id=f"{name}-slack", channel="slack", address=f"C-{name}"),
    )
    return Member(
        member_id=name, name=name.upper(), audiences=frozenset({audience}), endpoints=endpoints
    )


def make_event(mineral: str = "nickel", **changes: Any) -> AlertEvent:
    kind = changes.pop("kind", EventKind.RAISED)
    sequence = changes.pop("sequence", 1)
    as_of = changes.pop("as_of", NOW - timedelta(days=10 - sequence))
    grade = changes.pop("grade", Grade.WARNING)
    tlp = changes.pop("tlp", Tlp.CLEAR)
    signal = Signal(
        mineral=mineral,
        area="world",
        family=Family.PRICE,
        indicator="observed_move",
        direction=Direction.UP,
        score=0.5,
        percentile=float("nan"),
        probability=1.0,
        severity=Severity.SEVERE,
        is_observed=True,
        horizon_months=0,
        criterion="price +50 % or more within 12 months",
        reason=f"{mineral} moved +50 % in 3 months.",
        evidence=Evidence(
            series_ids=(f"{mineral}.market.price.world.worldbank",),
            periods=("2021-12", "2022-03"),
            vintage_at=as_of,
            values={"change_pct": 50.0},
            thresholds={"step_pct": 50.0},
            tlp=tlp,
        ),
    )
    assessment = Assessment(
        fingerprint=Fingerprint(mineral=mineral, family=Family.PRICE, direction=Direction.UP),
        as_of=as_of,
        grade=grade,
        severity=Severity.SEVERE,
        certainty=Certainty.OBSERVED,
        probability=1.0,
        horizon_months=0,
        criterion=signal.criterion,
        headline=changes.pop("headline", f"{grade.label.capitalize()}: {mineral}, price rise"),
        reasons=(signal.reason,),
        signals=(signal,),
        tlp=tlp,
    )
    facts: dict[str, Any] = {
        "alert_id": f"{mineral}-price-up-1",
        "sequence": sequence,
        "kind": kind,
        "reason": Reason.FIRST,
        "grade": grade,
        "previous_grade": Grade.NORMAL,
        "raised_at": NOW - timedelta(days=9),
        "as_of": as_of,
        "assessment": assessment,
        "status": MessageStatus.ACTUAL,
    }
    return AlertEvent(**(facts | changes))


class MemoryRecords:
    """Records in memory; `done` holds what was done through the pages."""

    def __init__(self) -> None:
        self.members = {
            "jp": make_member("jp", Audience.G7),
            "kr": make_member("kr", Audience.LIKE_MINDED),
        }
        self.secrets = {"jp-feed": ("jp-secret", "jp-older"), "kr-feed": ("kr-secret",)}
        self.events: list[AlertEvent] = [make_event(tlp=Tlp.AMBER), make_event("tin")]
        self.notices: list[Notice] = [make_notice(tlp=Tlp.AMBER)]
        self.done: list[tuple[object, ...]] = []
        self.mandatory = False
        self.beats: dict[tuple[str, date], datetime] = {}

    def find_access(self, endpoint_id: str) -> Access | None:
        for member in self.members.values():
            for endpoint in member.endpoints:
                if endpoint.endpoint_id == endpoint_id and endpoint_id in self.secrets:
                    secrets = tuple(SecretStr(s) for s in self.secrets[endpoint_id])
                    return Access(member=member, endpoint=endpoint, secrets=secrets)
        return None

    def find_slack_member(self, channel: str) -> Member | None:
        return self.members.get(channel.removeprefix("C-"))

    def read_member(self, member_id: str) -> Member | None:
        return self.members.get(member_id)

    def acknowledge(
        self, alert_id: str, member_id: str, *, at: datetime, by: str, via: str
    ) -> None:
        if not any(notice.alert_id == alert_id for notice in self.notices):
            raise IllegalTransition("never told")
        self.done.append(("acknowledge", alert_id, member_id, by, via))

    def mute(self, alert_id: str, member_id: str, *, at: datetime, by: str) -> None:
        self.done.append(("mute", alert_id, member_id, by))

    def pause(self, member_id: str, endpoint_id: str, *, at: datetime) -> Pause:
        self.done.append(("pause", member_id, endpoint_id))
        return Pause(paused=0 if self.mandatory else 1, mandatory=int(self.mandatory))

    def read_delivered(self, endpoint_id: str, *, limit: int) -> Sequence[tuple[Notice, str]]:
        return [(notice, "de") for notice in self.notices][:limit]

    def read_beat(self, endpoint_id: str, *, on: date) -> datetime | None:
        return self.beats.get((endpoint_id, on))

    def read_notice(self, identifier: str) -> Notice | None:
        return next((n for n in self.notices if n.identifier == identifier), None)

    def read_open(self, *, as_of: datetime) -> Sequence[AlertEvent]:
        known = [event for event in self.events if event.as_of <= as_of]
        over = {event.alert_id for event in known if not event.is_open}
        return [event for event in known if event.alert_id not in over]

    def read_life(self, alert_id: str, *, as_of: datetime) -> Sequence[AlertEvent]:
        return [e for e in self.events if e.alert_id == alert_id and e.as_of <= as_of]

    def search(
        self, query: ArchiveQuery, *, as_of: datetime, viewer: Member | None, cursor: str
    ) -> tuple[SearchPage, dict[str, dict[str, int]]]:
        if cursor:
            raise ConfigurationError("no cursor")
        hits = [
            Hit(
                alert_id=e.alert_id,
                sequence=e.sequence,
                status=e.status,
                mineral=e.assessment.fingerprint.mineral,
                family="price",
                direction="up",
                area="world",
                kind=e.kind,
                grade=e.grade,
                tlp=e.assessment.tlp,
                raised_at=e.raised_at,
                as_of=e.as_of,
                headline=e.assessment.headline,
                excerpt=e.assessment.reasons[0],
            )
            for e in self.events
            if (not query.grades or int(e.grade) in query.grades)
            and (viewer is None or is_entitled(viewer, MarkedAlert(e, e.assessment.tlp)))
        ]
        return SearchPage(hits=tuple(hits)), {"grades": {"3": len(hits)}, "years": {"2022": 1}}

    def read_prices(self, series_id: str, *, as_of: datetime) -> Sequence[tuple[str, float, str]]:
        months = [f"{year}-{month:02d}" for year in range(2018, 2022) for month in range(1, 13)]
        rising = [(m, 20_000.0 + 100 * (i * 37 % 31), "USD/t") for i, m in enumerate(months)]
        return [*rising, ("2022-01", 22_000.0, "USD/t"), ("2022-03", 33_000.0, "USD/t")]

    def find_track_record(self, event: AlertEvent, *, as_of: datetime) -> TrackRecord | None:
        return TrackRecord(alerts=9, hits=6, median_lead_months=4.0)

    def read_feeds(self, *, as_of: datetime) -> Sequence[Mapping[str, Any]]:
        about = {
            "publisher": "a publisher",
            "state": "fresh",
            "last_period": "2022-03",
            "age_days": 5,
            "expected_at": NOW.isoformat(),
            "last_payload_at": NOW.isoformat(),
            "last_change_at": None,
            "accepted": 900,
            "quarantined": 3,
            "held": 1,
            "last_run": NOW.isoformat(),
            "last_run_state": "held",
            "message": "the cell held 4711",
        }
        labels = {"member_submission": "TLP:RED", "worldbank": "TLP:CLEAR"}
        return [{"feed": feed, "tlp": label, **about} for feed, label in labels.items()]

    def read_held(self, feed: str) -> Sequence[Hold]:
        return [
            Hold(
                key=7,
                feed=feed,
                payload="1" * 64,
                released_at=NOW,
                found_at=NOW,
                reason="the release ends in 2021-12, the last one in 2022-03",
                state=HoldState.HELD,
            )
        ]

    def read_refused(self, feed: str) -> Sequence[QuarantinedRow]:
        return [
            QuarantinedRow(
                key=key,
                feed=feed,
                payload="0" * 64,
                found_at=NOW,
                series_id="nickel.market.price.world.worldbank",
                period="2022-03",
                raw="<script>1</script>",
                expectation=defect,
                reason=f"nickel: {defect}",
                row={},
                state=QuarantineState.QUARANTINED,
            )
            for key, defect in enumerate(["straight line", *["not a number"] * 9])
        ]

    def read_run_history(self, feed: str) -> Sequence[Run]:
        run = Run(
            feed=feed,
            payload="0" * 64,
            state=RunState.STORED,
            ran_at=NOW,
            accepted=900,
            quarantined=3,
            new=12,
            last_period="2022-03",
            report=REPORT,
        )
        return [run] if feed == "worldbank" else []

    def read_queue(self) -> dict[str, int]:
        return {"delivered": 12, "dead": 1}


class PageClient:
    """A browser without windows: requests go to the app in this process; cookies are kept."""

    def __init__(self, app: FastAPI, headers: dict[str, str]) -> None:
        self._app, self._headers, self._cookies = app, headers, httpx.Cookies()

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return asyncio.run(self._request(method, path, **more))

    async def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app),
            base_url="http://127.0.0.1",
            headers=self._headers,
            cookies=self._cookies,
        ) as client:
            answer = await client.request(method, path, **more)
            self._cookies = client.cookies
            return answer


class Site:
    """An app with its records, clock and clients."""

    def __init__(self, **settings: Any) -> None:
        self.records = MemoryRecords()
        self.clock = FixedClock(NOW)
        self.signer = TokenSigner(KEY.encode())
        facts: dict[str, Any] = {
            "secret_key": SecretStr(KEY),
            "slack_signing_secret": SecretStr(SLACK_SECRET),
        }
        self.settings = Settings(**(facts | settings))
        self.app = create_app(self.settings, clock=self.clock, records=self.records)
        self.operator_token: str = self.app.state.gate.make_operator_token(as_of=NOW)

    def client(self, token: str = "") -> PageClient:
        return PageClient(self.app, {"Authorization": f"Bearer {token}"} if token else {})

    def token_for(self, purpose: str, **claims: str) -> str:
        facts = {"alert": "nickel-price-up-1", "sequence": "1", "member": "jp", "contact": "duty"}
        until = NOW + timedelta(days=30)
        return self.signer.make(purpose, facts | claims, expires_at=until)
