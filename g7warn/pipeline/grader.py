"""Grader: from everything known of some instants to their assessments and what changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from g7warn.alerts.lifecycle import advance, find_latest, is_revised_away
from g7warn.domain.signal import Family
from g7warn.grade.combine import Finding, find_stress, settle_grade
from g7warn.grade.explain import explain_finding
from g7warn.signals.base import SignalBatch, compute_signals, list_indicators
from g7warn.signals.panel import build_panel
from g7warn.signals.publication import Publications

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from g7warn.domain.alert import AlertEvent, Assessment, Fingerprint
    from g7warn.domain.frames import ObservationFrame
    from g7warn.domain.marking import Tlp
    from g7warn.domain.place import Bloc
    from g7warn.grade.rubric import Rubric
    from g7warn.signals.panel import Panel
    from g7warn.signals.trained import TrainedModel

REPLAYED = frozenset({Family.PRICE})
"""Families whose findings change from month to month and must last to be raised. The others rest on
yearly figures and dated facts, which last by themselves."""


def months_before(instant: datetime, months: int) -> datetime:
    """Return the same day and hour so many months earlier, or the last day of a shorter month."""
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
        minerals: Those that are graded, the others are context; empty: all.
    """

    frame: ObservationFrame
    rubric: Rubric
    bloc: Bloc
    tlp_by_source: Mapping[str, Tlp]
    find_model: Callable[[datetime], TrainedModel | None] = lambda _: None
    publications: Publications = field(default_factory=Publications)
    minerals: frozenset[str] = frozenset()

    def look(self, instants: Sequence[datetime]) -> list[Step]:
        """Return a step for each instant, given oldest first and a month apart.

        Prices of the months before the first are looked at too, so that persistence and hysteresis
        do not depend on when the service was started. Of all but the last instant prices alone are
        looked at: what rests on yearly figures stands where it stood.
        """
        replay = self.rubric.replay_steps.value
        before = [months_before(instants[0], months) for months in range(replay, 0, -1)]
        batches = [*map(self._replay, [*before, *instants[:-1]]), self._compute(instants[-1])]
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
        return self._keep(compute_signals(self._build_panel(self._known, instant)))

    def _replay(self, instant: datetime) -> SignalBatch:
        """Return the price signals of an earlier month."""
        panel = self._build_panel(self.prices, instant)
        chosen = [one for one in list_indicators() if one.family in REPLAYED]
        return self._keep(compute_signals(panel, indicators=chosen))

    def _keep(self, batch: SignalBatch) -> SignalBatch:
        """Return the signals of the minerals that are graded."""
        if not self.minerals:
            return batch
        kept = tuple(signal for signal in batch.signals if signal.mineral in self.minerals)
        return replace(batch, signals=kept)

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
        """The observations that price indicators read: those of all minerals, models pool them."""
        return self.frame.where(self._is_price)

    @cached_property
    def _known(self) -> ObservationFrame:
        """The prices, and the facts of the minerals that are graded."""
        if not self.minerals:
            return self.frame
        mineral = self.frame.table["series_id"].str.split(".", n=1).str[0]
        return self.frame.where(self._is_price | mineral.isin(self.minerals))

    @cached_property
    def _is_price(self) -> pd.Series:
        return self.frame.table["series_id"].str.contains(".market.price.", regex=False)

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
