"""From a kernel's score to signals: own percentile, and how often a move followed such a score."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Direction, Severity, Signal
from g7warn.models.anomaly.calibrate import calibrate_score
from g7warn.models.kernels.growth import expanding_percentile
from g7warn.signals.evidence import price_evidence
from g7warn.signals.price.followed import HORIZON_MONTHS, Followed
from g7warn.signals.wording import mineral_name, plain_pct, signed_pct

if TYPE_CHECKING:
    from collections.abc import Callable

    from g7warn.models.compiled import FloatArray
    from g7warn.signals.base import Indicator
    from g7warn.signals.panel import Panel

NO_PAST: Final = "history too short for this score"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTable:
    """Scores of all rows in one direction.

    Attributes:
        direction: Which way high scores point.
        scores: Series x month; higher is more unusual in this direction.
        name: Name of the score with its unit as suffix, for the evidence.
        threshold: Score from which it is notable.
    """

    direction: Direction
    scores: FloatArray
    name: str
    threshold: float


def two_sided(
    rises: FloatArray, falls: FloatArray, *, name: str, threshold: float
) -> tuple[ScoreTable, ScoreTable]:
    """Return the tables of a score that has a version for rises and one for falls."""
    up = ScoreTable(direction=Direction.UP, scores=rises, name=name, threshold=threshold)
    down = ScoreTable(direction=Direction.DOWN, scores=falls, name=name, threshold=threshold)
    return up, down


def score_signals(
    panel: Panel,
    indicator: Indicator,
    tables: tuple[ScoreTable, ...],
    describe: Callable[[float, str, Direction], str],
) -> list[Signal]:
    """Return one signal a mineral and table.

    The consequence is the first step of the price scale within `HORIZON_MONTHS`; its probability
    is how often it followed a score this high in all public series of the panel, up to windows that
    have closed by now. The severity counts once the score is notable.

    Args:
        panel: What is known.
        indicator: Whose signals these are.
        tables: Usually one for rises and one for falls.
        describe: Score, month and direction -> what it means, a clause without mineral and dot.
    """
    readings = [_Reading.of(panel, table) for table in tables]
    return [
        _signal(panel, indicator, mineral, row, reading, describe)
        for mineral, row in panel.current_benchmarks().items()
        for reading in readings
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    table: ScoreTable
    step: float
    percentiles: FloatArray
    chances: FloatArray
    base_rate: float

    @classmethod
    def of(cls, panel: Panel, table: ScoreTable) -> _Reading:
        log_prices, is_public = panel.monthly.log_prices, panel.monthly.mark_public()
        followed = Followed.of(log_prices, table.direction)
        calibration = calibrate_score(table.scores[is_public], followed.reached[is_public])
        newest = [panel.monthly.newest_value(table.scores, row) for row in range(len(log_prices))]
        return cls(
            table=table,
            step=followed.step,
            percentiles=expanding_percentile(table.scores),
            chances=np.array([calibration.read(score) for score in newest]),
            base_rate=calibration.base_rate,
        )


def _signal(
    panel: Panel,
    indicator: Indicator,
    mineral: str,
    row: int,
    reading: _Reading,
    describe: Callable[[float, str, Direction], str],
) -> Signal:
    table = reading.table
    score = panel.monthly.newest_value(table.scores, row)
    is_notable = score >= table.threshold
    chance = float(reading.chances[row])
    criterion = f"price {signed_pct(reading.step)} or more within {HORIZON_MONTHS} months"
    month = panel.monthly.periods[panel.monthly.newest_column(row)]
    followed = f"{signed_pct(reading.step)} followed within {HORIZON_MONTHS} months"
    about = f"{NO_PAST}; {followed} in {plain_pct(reading.base_rate)} of all cases"
    if not math.isnan(score):
        about = (
            f"{describe(score, month, table.direction)}; after such scores {followed} in "
            f"{plain_pct(chance)} of cases ({plain_pct(reading.base_rate)} at any time)"
        )
    return Signal(
        mineral=mineral,
        area=panel.monthly.rows[row].area,
        family=indicator.family,
        indicator=indicator.name,
        direction=table.direction,
        score=score,
        percentile=panel.monthly.newest_value(reading.percentiles, row),
        probability=chance,
        severity=Severity.MODERATE if is_notable else Severity.NONE,
        is_observed=False,
        horizon_months=HORIZON_MONTHS,
        criterion=criterion,
        reason=f"{mineral_name(mineral)}: {about}.",
        evidence=price_evidence(
            panel.monthly,
            row,
            values={
                table.name: score,
                "followed_share": chance,
                "base_rate_share": reading.base_rate,
            },
            thresholds={table.name: table.threshold, "step_pct": reading.step * 100.0},
            notes=(f"{NO_PAST}: base rate of all series stands in",) if math.isnan(score) else (),
        ),
    )
