"""Assess: from what was known at an instant to graded findings and appended alert events."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from g7warn.domain.marking import Tlp
from g7warn.domain.period import refuse_far_future
from g7warn.domain.place import Bloc
from g7warn.errors import IllegalTransition
from g7warn.feeds.catalog import load_catalog
from g7warn.grade.rubric import load_rubric
from g7warn.pipeline.grader import Grader, months_before
from g7warn.pipeline.shards import Shard
from g7warn.pipeline.shelf import ModelShelf
from g7warn.pipeline.wiring import open_workspace
from g7warn.signals.contributions import POOLED, pool_contributions
from g7warn.signals.publication import Publications
from g7warn.store import alerts, holds, observations, series, signals
from g7warn.store.engine import begin_writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from g7warn.domain.alert import AlertEvent, Fingerprint
    from g7warn.settings import Settings

CATCH_UP_MONTHS = 24
"""Months without an assessment that are made up for, so that an alert which ended meanwhile is
seen to end. Judgement: longer than any horizon; a longer gap begins that many months back."""

OVERTAKEN = timedelta(hours=1)
"""An assessment that comes so much later than a newer one was overtaken in a queue: it looks at
what the newer one saw, so that nothing is told twice. Judgement: longer than any run takes."""


def assess(
    *, as_of: datetime, settings: Settings | None = None, shard: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Grade every mineral by what was known at `as_of`, and append what changed.

    Prices of months since the last assessment are made up for, each month from what was known in
    it. Run again for the same instant it appends nothing. Each month uses the newest fitted model
    that learned from nothing later; without one, quantiles pooled over the prices at hand.

    Args:
        as_of: Observations known later are not seen. A day before events that the store holds
            belongs into a store of its own: lives of alerts are appended to, in order of time.
        settings: In place of the environment's.
        shard: One of `list_shards`; None: everything in one piece.

    Returns:
        as_of, signals, assessments, events by kind, digest of the model (empty: none), failures:
        indicators that could not be computed and models that could not be read.

    Raises:
        StoreUnavailable: The database does not answer.
        ConfigurationError: A setting or the rubric is wrong, or `as_of` lies far ahead.
        IllegalTransition: An alert that would change has gone on after `as_of`; nothing is kept.
    """
    with open_workspace(settings) as workspace:
        refuse_far_future(as_of, now=workspace.clock.now())
        newest = signals.find_last(workspace.engine, before=as_of + OVERTAKEN)
        as_of = max(as_of, newest) if newest else as_of
        part = Shard.parse(shard) if shard else Shard.whole(workspace.engine, as_of=as_of)
        shelf = ModelShelf.open(workspace.engine, as_of=as_of)
        grader = Grader(
            frame=pool_contributions(observations.read_history(workspace.engine, until=as_of)),
            rubric=load_rubric(),
            bloc=Bloc(like_minded=workspace.settings.like_minded),
            tlp_by_source=label_sources(workspace.engine),
            find_model=shelf.find,
            publications=read_publications(workspace.engine),
            minerals=part.minerals,
        )
        previous = alerts.read_events(workspace.engine, as_of=as_of)
        steps = grader.look(list_due(part.last, as_of=as_of))
        events = grader.follow([event for event in previous if part.holds(event)], steps)
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
    back = [months_before(as_of, months) for months in range(CATCH_UP_MONTHS, -1, -1)]
    return [instant for instant in back if instant > last] or [as_of]
