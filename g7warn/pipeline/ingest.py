"""Ingest: feeds from their publishers into the store, one transaction a release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from g7warn.domain.frames import ObservationFrame
from g7warn.domain.series import ObsStatus
from g7warn.errors import G7WarnError, TransientError, ValidationFailed
from g7warn.feeds.base import get_source
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.requests import fetch_request, plan_requests
from g7warn.feeds.vintage import release_time, stamp_known_at
from g7warn.pipeline.wiring import open_workspace
from g7warn.store import holds, observations, payloads, quarantine, runs, vintages
from g7warn.store.engine import begin_writing
from g7warn.store.holds import HoldState
from g7warn.store.runs import Run, RunState
from g7warn.store.vintages import Vintage
from g7warn.validate import validate_batch
from g7warn.validate.corrections import apply_corrections
from g7warn.validate.vintage import compare_vintages, find_hold_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from g7warn.domain.vintage import VintageDiff
    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset
    from g7warn.pipeline.wiring import Workspace
    from g7warn.settings import Settings
    from g7warn.validate import ValidationReport

BUG = "Bug"
"""Branch of a failure that is none of the project's errors: the program is at fault."""

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
        feed, as_of, state (`stored`, `unchanged`, `held`, `absent`), releases taken and refused,
        and accepted, quarantined, new, revised and unchanged rows.

    Raises:
        TransientError: The publisher did not answer: try again.
        PermanentError: The address or the layout is refused: a person must act.
        ValidationFailed: The newest release failed a critical expectation; nothing of it was
            stored.
    """
    dataset = get_dataset(feed)
    with open_workspace(settings) as workspace:
        done = _Ingestion(workspace=workspace, dataset=dataset).bring_up_to_date()
    return {"feed": feed, "as_of": as_of.isoformat(), **done}


def ingest_payload(workspace: Workspace, payload: Payload, *, feed: str) -> None:
    """Take one payload that was handed over, as if its feed had delivered it just now.

    What becomes of it stands in its run, also where it is refused.

    Raises:
        G7WarnError: It could not be read, or was refused as a whole.
    """
    _Ingestion(workspace=workspace, dataset=get_dataset(feed)).take(payload)


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
            results.append(_describe_failure(feed, error, branch=error.branch()))
        except Exception as error:  # noqa: BLE001 - a fault in one feed must not stop the others
            results.append(_describe_failure(feed, error, branch=BUG))
    return results


def _describe_failure(feed: str, error: Exception, *, branch: str) -> dict[str, Any]:
    name = type(error).__name__
    message = error.message if isinstance(error, G7WarnError) else f"a fault of g7warn: {error}"
    return {"feed": feed, "state": "failed", "branch": branch, "error": name, "message": message}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ingestion:
    """The bringing up to date of one feed."""

    workspace: Workspace
    dataset: Dataset

    def bring_up_to_date(self) -> dict[str, Any]:
        """Take every release that is not stored yet, and return the sums.

        A release that is refused stops no later one. It is told of in the counts; where it is the
        newest of its address, its error is raised once everything else is stored.
        """
        transport = self.workspace.open_transport()
        requests = plan_requests(self.dataset, transport, until=self.workspace.clock.now())
        newest = {request.address: request for request in requests}
        taken: list[Run] = []
        refused = 0
        failures: list[G7WarnError] = []
        for request in requests:
            is_newest = newest[request.address] is request
            try:
                run = self.take(fetch_request(transport, request), is_newest=is_newest)
            except TransientError:
                raise
            except G7WarnError as error:
                refused += 1
                if is_newest:
                    failures.append(error)
                continue
            taken += [run] if run is not None else []
        if failures:
            raise failures[-1]
        return {
            "state": self._sum_up(taken) if requests else "absent",
            "releases": len(taken),
            "refused": refused,
            **{name: sum(getattr(run, name) for run in taken) for name in _COUNTS},
        }

    def _sum_up(self, taken: Sequence[Run]) -> str:
        states = {run.state for run in taken}
        return str(next((s for s in (RunState.HELD, RunState.STORED) if s in states), "unchanged"))

    def take(self, payload: Payload, *, is_newest: bool = True) -> Run | None:
        """Validate and store one release; None where that has been settled before.

        A refused release is tried again only while it is the newest: a newer release of the
        program may read it.
        """
        engine, feed = self.workspace.engine, self.dataset.feed
        if payloads.is_ingested(engine, payload.sha256, feed):
            return None
        decided = holds.find_state(engine, feed=feed, payload=payload.sha256)
        if decided in {HoldState.HELD, HoldState.REJECTED}:
            return None
        if not is_newest and runs.has_run(engine, payload.sha256, feed):
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
            released_at = release_time(parsed, payload)
            known = self._read_known(released_at)
            report = self._validate(parsed, payload, known=known)
        except G7WarnError as error:
            self._note_failure(run, error)
            raise
        return self._store(
            replace(run, released_at=released_at),
            report,
            diff=compare_vintages(known, report.accepted),
            is_passed=decided is HoldState.RELEASED,
        )

    def _validate(
        self, parsed: ParsedPayload, payload: Payload, *, known: ObservationFrame
    ) -> ValidationReport:
        stamped = stamp_known_at(parsed, self.dataset, payload).assign(payload=payload.sha256)
        corrected = apply_corrections(stamped, feed=self.dataset.feed)
        report = validate_batch(corrected.table, dataset=self.dataset, known=known.table)
        report.result["corrections"] = list(corrected.applied)
        report.result["outdated_corrections"] = [one.message for one in corrected.outdated]
        return report

    def _read_known(self, released_at: datetime) -> ObservationFrame:
        """Return what the store knew of the feed when the release came out."""
        return observations.read(self.workspace.engine, as_of=released_at, feed=self.dataset.feed)

    def _store(
        self, run: Run, report: ValidationReport, *, diff: VintageDiff, is_passed: bool
    ) -> Run:
        """Keep what passed and what did not in one transaction, so that nothing is stored half.

        A release that goes back in time, or changes too much, is held for a person instead.
        """
        released_at = run.released_at or run.ran_at
        may_pass = is_passed or self.dataset.may_rewrite
        reason = "" if may_pass else find_hold_reason(diff)
        with begin_writing(self.workspace.engine) as connection:
            done = replace(run, quarantined=len(report.quarantined), report=report.result)
            if reason:
                holds.add(
                    connection,
                    feed=run.feed,
                    payload=run.payload,
                    released_at=released_at,
                    reason=reason,
                    found_at=run.ran_at,
                )
                done = replace(done, state=RunState.HELD, quarantined=0, error=reason)
                runs.add(connection, done)
                return done
            frame = ObservationFrame.from_table(report.accepted)
            counts = observations.append(connection, frame, released_at=released_at, feed=run.feed)
            quarantine.add(
                connection,
                report.quarantined,
                feed=run.feed,
                payload=run.payload,
                found_at=run.ran_at,
            )
            vintage = Vintage(
                feed=run.feed, payload=run.payload, released_at=released_at, diff=diff
            )
            vintages.add(connection, vintage)
            done = replace(
                done,
                accepted=len(frame),
                new=counts.new,
                revised=counts.revised,
                unchanged=counts.unchanged,
                last_period=_last_period(frame),
            )
            runs.add(connection, done)
        return done

    def _note_failure(self, run: Run, error: G7WarnError) -> None:
        state = RunState.REFUSED if isinstance(error, ValidationFailed) else RunState.FAILED
        report: Any = error.context.get("report", {})
        failed = replace(run, state=state, error=error.message, report=report)
        with begin_writing(self.workspace.engine) as connection:
            runs.add(connection, failed)


def _last_period(frame: ObservationFrame) -> str:
    """Return the newest period that has been observed; projections are of no age."""
    observed = frame.table.loc[frame.table["status"] != ObsStatus.FORECAST, "period"]
    return str(observed.max()) if len(observed) else ""
