"""Assess: from what was known at an instant to graded findings and appended alert events."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from g7warn.alerts.lifecycle import advance, find_latest, is_revised_away
from g7warn.domain.marking import Tlp
from g7warn.domain.place import Bloc
from g7warn.domain.signal import Family
from g7warn.errors import IllegalTransition
from g7warn.feeds.catalog import load_catalog
from g7warn.grade.combine import Finding, find_stress, settle_grade
from g7warn.grade.explain import explain_finding
from g7warn.grade.rubric import Rubric, load_rubric
from g7warn.pipeline.shelf import ModelShelf
from g7warn.pipeline.wiring import open_workspace
from g7warn.signals.base import SignalBatch, compute_signals, list_indicators
from g7warn.signals.contributions import POOLED, pool_contributions
from g7warn.signals.panel import build_panel
from g7warn.signals.publication import Publications
from g7warn.store import alerts, holds, observations, series, signals
from g7warn.store.engine import begin_writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from g7warn.domain.alert import AlertEvent, Assessment, Fingerprint
    from g7warn.domain.frames import ObservationFrame
    from g7warn.settings import Settings
    from g7warn.signals.panel import Panel
    from g7warn.signals.trained import TrainedModel

CATCH_UP_MONTHS = 24
"""Months without an assessment that are made up for, so that an alert which ended meanwhile is
seen to end. Judgement: longer than any horizon; a longer gap begins that many months back."""

OVERTAKEN = timedelta(hours=1)
"""An assessment that comes so much later than a newer one was overtaken in a queue: it looks at
what the newer one saw, so that nothing is told twice. Judgement: longer than any run takes."""

REPLAYED = frozenset({Family.PRICE})
"""Families whose findings change from month to month and must last to be raised. The others rest on
yearly figures and dated facts, which last by themselves."""


def assess(*, as_of: datetime, settings: Settings | None = None) -> dict[str, Any]:
    """Grade every mineral by what was known at `as_of`, and append what changed.

    Months since the last assessment are made up for, each from what was known in it. Run again
    for the same instant it appends nothing. Each month uses the newest fitted model that learned
    from nothing later; without one, quantiles pooled over the prices at hand.

    Args:
        as_of: Observations known later are not seen. A day before events that the store holds
            belongs into a store of its own: lives of alerts are appended to, in order of time.
        settings: In place of the environment's.

    Returns:
        as_of, signals, assessments, events by kind, digest of the model (empty: none), failures:
        indicators that could not be computed and models that could not be read.

    Raises:
        StoreUnavailable: The database does not answer.
        ConfigurationError: A setting or the rubric is wrong.
        IllegalTransition: An alert that would change has gone on after `as_of`; nothing is kept.
    """
    with open_workspace(settings) as workspace:
        newest = signals.find_last(workspace.engine, before=as_of + OVERTAKEN)
        as_of = max(as_of, newest) if newest else as_of
        shelf = ModelShelf.open(workspace.engine, as_of=as_of)
        grader = Grader(
            frame=pool_contributions(observations.read_history(workspace.engine, until=as_of)),
            rubric=load_rubric(),
            bloc=Bloc(like_minded=workspace.settings.like_minded),
            tlp_by_source=label_sources(workspace.engine),
            find_model=shelf.find,
            publications=read_publications(workspace.engine),
        )
        previous = alerts.read_events(workspace.engine, as_of=as_of)
        last = signals.find_last(workspace.engine, before=as_of)
        steps = grader.look(list_due(last, as_of=as_of))
        events = grader.follow(previous, steps)
        check_order(events, ahead=alerts.find_ahead(workspace.engine, after=as_of))
        with begin_writing(workspace.engine) as connection:
            for step in steps:
                signals.put(connection, step.as_of, step.batch.signals)
            added = alerts.append(connection, events)
        model = shelf.find(as_of)
    kinds = [event.kind.value for event in added]
    return {
        "as_of": as_of.isoformat(),
        "months": len(steps),
        "signals": len(steps[-1].batch.signals),
        "assessments": len(steps[-1].assessments),
        "events": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "model": model.digest if model else "",
        "failures": {**steps[-1].batch.failures, **shelf.failures},
    }


def check_order(events: Sequence[AlertEvent], *, ahead: Mapping[Fingerprint, datetime]) -> None:
    """Refuse events of alerts whose life has gone on in the store.

    Args:
        events: About to be appended.
        ahead: Fingerprint -> newest later event of it in the store.

    Raises:
        IllegalTransition: There is one; the message says what to do.
    """
    for event in events:
        fingerprint = event.assessment.fingerprint
        if fingerprint in ahead:
            message = (
                f"{fingerprint} has events up to {ahead[fingerprint].date()} in this store, "
                f"{event.as_of.date()} lies before: lives are appended to and not rewritten. "
                "Replay earlier days in a store of their own: set G7WARN_DATABASE_URL, ingest "
                "and assess there"
            )
            raise IllegalTransition(message, fingerprint=str(fingerprint))


def label_sources(engine: Engine) -> dict[str, Tlp]:
    """Return the label of everything derived from a source: the strictest of its feeds.

    A feed that the catalogue no longer knows is treated as a secret. Sums of members' contributions
    are for members of the mechanism.
    """
    catalog = load_catalog()
    return {POOLED: Tlp.AMBER_STRICT} | {
        source: Tlp.strictest(catalog[feed].tlp if feed in catalog else Tlp.RED for feed in feeds)
        for source, feeds in series.read_feeds(engine).items()
    }


def read_publications(engine: Engine) -> Publications:
    """Return the calendars of the sources in the store, and the releases that wait for a person."""
    catalog = load_catalog()
    known = {
        source: tuple(catalog[feed] for feed in sorted(feeds) if feed in catalog)
        for source, feeds in series.read_feeds(engine).items()
    }
    return Publications(
        datasets={source: datasets for source, datasets in known.items() if datasets},
        holds=holds.list_holds(engine),
    )


def list_due(last: datetime | None, *, as_of: datetime) -> list[datetime]:
    """Return the instants to assess, a month apart, oldest first; the last one is `as_of`.

    Args:
        last: When the newest assessment before `as_of` was made; None: there was none.
        as_of: The instant asked for.

    Example:
        >>> from datetime import UTC, datetime
        >>> last, as_of = datetime(2024, 1, 9, tzinfo=UTC), datetime(2024, 3, 31, tzinfo=UTC)
        >>> due = list_due(last, as_of=as_of)
        >>> [instant.date().isoformat() for instant in due]
        ['2024-01-31', '2024-02-29', '2024-03-31']
    """
    if last is None:
        return [as_of]
    back = [_months_before(as_of, months) for months in range(CATCH_UP_MONTHS, -1, -1)]
    return [instant for instant in back if instant > last] or [as_of]


def _months_before(instant: datetime, months: int) -> datetime:
    earlier: datetime = (pd.Timestamp(instant) - pd.DateOffset(months=months)).to_pydatetime()
    return earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One instant with its signals and the assessments that follow from it and those before."""

    as_of: datetime
    batch: SignalBatch
    assessments: tuple[Assessment, ...]


@dataclass(frozen=True, kw_only=True)
class Grader:
    """Grades instants of one frame.

    Attributes:
        frame: Every version of every observation known at the last instant.
        rubric: The rules.
        bloc: Countries on whose supply members may rely.
        tlp_by_source: Last word of a series id -> label of what is derived from it.
        find_model: Returns the fitted model that an instant may use; None: untrained.
        publications: How the sources are published.
    """

    frame: ObservationFrame
    rubric: Rubric
    bloc: Bloc
    tlp_by_source: Mapping[str, Tlp]
    find_model: Callable[[datetime], TrainedModel | None] = lambda _: None
    publications: Publications = field(default_factory=Publications)

    def look(self, instants: Sequence[datetime]) -> list[Step]:
        """Return a step for each instant, given oldest first and a month apart.

        Prices of the months before the first are looked at too, so that persistence and hysteresis
        do not depend on when the service was started.
        """
        replay = self.rubric.replay_steps.value
        before = [_months_before(instants[0], months) for months in range(replay, 0, -1)]
        batches = [*map(self._replay, before), *map(self._compute, instants)]
        seen = [find_stress(batch.signals, rubric=self.rubric) for batch in batches]
        return [
            Step(
                as_of=instant,
                batch=batches[replay + place],
                assessments=self._settle(seen[place : replay + place + 1], as_of=instant),
            )
            for place, instant in enumerate(instants)
        ]

    def _compute(self, instant: datetime) -> SignalBatch:
        return compute_signals(self._build_panel(self.frame, instant))

    def _replay(self, instant: datetime) -> SignalBatch:
        """Return the price signals of an earlier month."""
        panel = self._build_panel(self.prices, instant)
        chosen = [one for one in list_indicators() if one.family in REPLAYED]
        return compute_signals(panel, indicators=chosen)

    def _build_panel(self, frame: ObservationFrame, instant: datetime) -> Panel:
        return build_panel(
            frame,
            as_of=instant,
            bloc=self.bloc,
            tlp_by_source=self.tlp_by_source,
            model=self.find_model(instant),
            publications=self.publications,
        )

    @cached_property
    def prices(self) -> ObservationFrame:
        """The observations that price indicators read."""
        return self.frame.where(self.frame.table["series_id"].str.contains(".market.price."))

    def _settle(
        self, path: Sequence[dict[Fingerprint, Finding]], *, as_of: datetime
    ) -> tuple[Assessment, ...]:
        """Return an assessment for each fingerprint that the last step of the path speaks about."""
        return tuple(
            explain_finding(
                fingerprint,
                finding,
                grade=settle_grade(
                    [step.get(fingerprint) for step in path]
                    if fingerprint.family in REPLAYED
                    else [finding] * len(path),
                    rubric=self.rubric,
                ),
                as_of=as_of,
                rubric=self.rubric,
            )
            for fingerprint, finding in path[-1].items()
        )

    def follow(self, previous: Sequence[AlertEvent], steps: Sequence[Step]) -> list[AlertEvent]:
        """Return the events that the steps add to those before."""
        events: list[AlertEvent] = []
        for step in steps:
            so_far = [*previous, *events]
            revised = self._find_revised_away(so_far, step) if step is steps[-1] else set()
            events += advance(
                so_far,
                step.assessments,
                as_of=step.as_of,
                revised_away=revised,
                rearm_months=self.rubric.rearm_months.value,
            )
        return events

    def _find_revised_away(self, events: Sequence[AlertEvent], step: Step) -> set[str]:
        """Return the ids of open alerts that today's values for their own day do not support.

        A doubt about the data is no claim about the market: it ends, no later value withdraws it.
        """
        alive = [
            event
            for event in find_latest(events).values()
            if event.is_open and event.assessment.fingerprint.family is not Family.DATA
        ]
        revised: set[str] = set()
        for raised_at in sorted({e.raised_at for e in alive if e.raised_at < step.as_of}):
            restated = self.frame.restate(seen_at=raised_at)
            if restated is None:
                continue
            grader = replace(self, frame=restated)
            again = {a.fingerprint: a for a in grader.look([raised_at])[0].assessments}
            revised |= {
                event.alert_id
                for event in alive
                if event.raised_at == raised_at
                and is_revised_away(event, again.get(event.assessment.fingerprint))
            }
        return revised
