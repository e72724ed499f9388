"""Ingest: feeds from their publishers into the store, one transaction a release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from g7warn.domain.frames import ObservationFrame
from g7warn.errors import G7WarnError, ValidationFailed
from g7warn.feeds.base import get_source
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.requests import fetch_request, plan_requests
from g7warn.feeds.vintage import release_time, stamp_known_at
from g7warn.pipeline.wiring import open_workspace
from g7warn.store import observations, payloads, quarantine, runs
from g7warn.store.engine import begin_writing
from g7warn.store.runs import Run, RunState
from g7warn.validate import validate_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from g7warn.feeds.base import Payload
    from g7warn.feeds.catalog import Dataset
    from g7warn.pipeline.wiring import Workspace
    from g7warn.settings import Settings
    from g7warn.validate import ValidationReport

_COUNTS = ("accepted", "quarantined", "new", "revised", "unchanged")


def ingest(feed: str, *, as_of: datetime, settings: Settings | None = None) -> dict[str, Any]:
    """Bring one feed up to date and return what was done.

    Every recorded release that is not stored yet is taken, oldest first. Releases later than
    `as_of` are taken too: each observation carries the instant from which it may be used, so an
    assessment of an earlier day does not see them.

    Args:
        feed: Name in the catalogue.
        as_of: Instant the run stands for; handed on with the result.
        settings: In place of the environment's.

    Returns:
        feed, as_of, state (`stored`, `unchanged`, `held`, `absent`), releases, accepted,
        quarantined, new, revised and unchanged rows.

    Raises:
        TransientError: The publisher did not answer: try again.
        PermanentError: The address or the layout is refused: a person must act.
        ValidationFailed: A release failed a critical expectation; nothing of it was stored.
    """
    dataset = get_dataset(feed)
    with open_workspace(settings) as workspace:
        done = _Ingestion(workspace=workspace, dataset=dataset).bring_up_to_date()
    return {"feed": feed, "as_of": as_of.isoformat(), **done}


def ingest_many(
    feeds: Sequence[str],
    *,
    as_of: datetime,
    settings: Settings | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> list[dict[str, Any]]:
    """Ingest several feeds; one that fails is told of in its row and harms no other.

    Args:
        feeds: Names in the catalogue.
        as_of: Instant the run stands for.
        settings: In place of the environment's.
        report: Called with the name of each feed as it begins.
    """
    results: list[dict[str, Any]] = []
    for feed in feeds:
        report(feed)
        try:
            results.append(ingest(feed, as_of=as_of, settings=settings))
        except G7WarnError as error:
            results.append(
                {
                    "feed": feed,
                    "state": "failed",
                    "branch": error.branch(),
                    "error": type(error).__name__,
                    "message": error.message,
                }
            )
    return results


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ingestion:
    """The bringing up to date of one feed."""

    workspace: Workspace
    dataset: Dataset

    def bring_up_to_date(self) -> dict[str, Any]:
        """Take every release that is not stored yet, and return the sums."""
        transport = self.workspace.open_transport()
        requests = plan_requests(self.dataset, transport, until=self.workspace.clock.now())
        taken = [self._take(fetch_request(transport, request)) for request in requests]
        runs_done = [run for run in taken if run is not None]
        states = {run.state for run in runs_done}
        state = next((s for s in (RunState.HELD, RunState.STORED) if s in states), "unchanged")
        return {
            "state": str(state) if requests else "absent",
            "releases": len(runs_done),
            **{name: sum(getattr(run, name) for run in runs_done) for name in _COUNTS},
        }

    def _take(self, payload: Payload) -> Run | None:
        """Validate and store one release; None where it is stored already."""
        engine, feed = self.workspace.engine, self.dataset.feed
        if payloads.is_ingested(engine, payload.sha256, feed):
            return None
        payloads.put(engine, payload, feed)
        run = Run(
            feed=feed,
            payload=payload.sha256,
            state=RunState.STORED,
            ran_at=self.workspace.clock.now(),
            fetched_at=payload.fetched_at,
        )
        try:
            parsed = get_source(self.dataset.source).parse(payload, self.dataset)
            stamped = stamp_known_at(parsed, self.dataset, payload)
            report = validate_batch(stamped.assign(payload=payload.sha256), dataset=self.dataset)
        except G7WarnError as error:
            self._note_failure(run, error)
            raise
        released_at = release_time(parsed, payload)
        return self._store(replace(run, released_at=released_at), report)

    def _store(self, run: Run, report: ValidationReport) -> Run:
        """Keep what passed and what did not in one transaction, so that nothing is stored half."""
        frame = ObservationFrame.from_table(report.accepted)
        with begin_writing(self.workspace.engine) as connection:
            counts = observations.append(
                connection, frame, released_at=run.released_at or run.ran_at, feed=run.feed
            )
            quarantine.add(
                connection,
                report.quarantined,
                feed=run.feed,
                payload=run.payload,
                found_at=run.ran_at,
            )
            done = replace(
                run,
                accepted=len(frame),
                quarantined=len(report.quarantined),
                new=counts.new,
                revised=counts.revised,
                unchanged=counts.unchanged,
                last_period=frame.table["period"].max() if len(frame) else "",
                report=report.result,
            )
            runs.add(connection, done)
        return done

    def _note_failure(self, run: Run, error: G7WarnError) -> None:
        is_refusal = isinstance(error, ValidationFailed)
        state = RunState.REFUSED if is_refusal else RunState.FAILED
        failed = replace(run, state=state, error=error.message)
        with begin_writing(self.workspace.engine) as connection:
            runs.add(connection, failed)
