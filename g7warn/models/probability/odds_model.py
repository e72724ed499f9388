"""What first passage leaves to learn of one stress target: a regression and small boosted trees.

Both learn a correction of the first-passage log odds, not the odds themselves. Where events are
few a penalised correction stays near zero, and what is said stays near the arithmetic.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.domain.signal import Direction
from g7warn.errors import InsufficientHistory
from g7warn.models.boosting import BoostSettings, TreeEnsemble, fit_odds_trees
from g7warn.models.calibrate import log_odds_to_probability, probability_to_log_odds
from g7warn.models.compiled import BoolArray, FloatArray
from g7warn.models.forecast.features import FEATURES, FeaturePanel
from g7warn.models.probability.onset import SIGN, mark_running
from g7warn.models.probability.rank_paths import PATH_MONTHS
from g7warn.models.probability.standard_passage import passage_share
from g7warn.models.probability.targets import Target, TargetKind, label_rows, row_barriers

COMMON_MONTHS: Final = (3, 6, 12)
"""Spans of the common movement beside the forecasters' one month: a broad rise or fall lasts."""

KIND_FEATURES: Final = frozenset(
    {
        "volatility_level",
        "share_flat_12",
        "autocorrelation",
        "expected_change_1",
        "variance_ratio_12",
        "own_drift",
        "season_1",
        "season_3",
        "season_6",
    }
)
"""What tells one kind of commodity from another and changes slowly. Left out: with these, what is
learned of posted food prices is held against traded ones. Without them the correction lowers no
group of kin's skill of onsets (crashes of grains and oilseeds within 6 months: 0.42 against 0.41,
first passage 0.41)."""

_LEARNED: Final = [k for k, name in enumerate(FEATURES) if name not in KIND_FEATURES]

ODDS_FEATURES: Final = (
    "passage_log_odds",
    "needed_over_reach",
    *(FEATURES[k] for k in _LEARNED),
    *(f"common_change_{months}" for months in COMMON_MONTHS),
)
"""Columns of a row: odds by first passage, the smallest needed move in volatilities x sqrt(month),
what the forecasters know of the price now, and what the whole panel did."""

CRASH_FEATURES: Final = frozenset(
    {
        "passage_log_odds",
        "needed_over_reach",
        "above_mean_60",
        "above_mean_120",
        "below_high_24",
        "above_low_24",
    }
)
"""What is learned of crashes: how far there is to fall. The simplest set within one standard error
of the best (resampled kin and years, 1991-2024, World Bank commodities that are no metals): with
momentum, volatility and the common movement the Brier skill of crashes within 6 and 12 months is
0.005 (error 0.005) and 0.006 (0.007) higher, since 2013 0.001 lower and 0.004 (0.010) higher. One
month of the panel is one observation of its common movement, and of few crashes it taught what did
not hold for prices of another kind. Of spikes the same set lost 0.011 (0.009)."""

TREES: Final = BoostSettings(trees=60, bags=2, depth=3, shrink_rows=100.0, leaf_rows=200)
PENALTY: Final = 300.0
"""Ridge on standardised columns. 100 to 1,000 differ by less than 0.005 of Brier skill."""

SHARE: Final = 0.25
"""Share of the regression's and of the trees' correction that is added to first passage. Chosen on
the World Bank commodities that are no metals, 2001-2024, four groups of kin left out in turn:
taken together above first passage for every target (Brier skill +0.01 for spikes and tails, +0.02
and +0.03 for crashes within 6 and 12 months), and for the onsets of no group more than 0.005 below
it. The gain is flat from 0.2 to 0.4; larger shares cost the tails of two groups. Corrections
learned from cross-fitted forecasts, from every month or with deeper trees were no better."""

FIRST_ORIGIN: Final = 36
ORIGIN_STEP: Final = 3
LEAST_EVENTS: Final = 30
NEEDED_LIMITS: Final = (-3.0, 6.0)
NEWTON_STEPS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class OddsModel:
    """Fitted correction of one target's first-passage log odds.

    Attributes:
        centre: Mean of each column in training.
        spread: Standard deviation of each column.
        coefficients: Intercept, then one weight a standardised column.
        trees: Log odds to add, from the columns.
    """

    centre: FloatArray
    spread: FloatArray
    coefficients: FloatArray
    trees: TreeEnsemble

    def linear_terms(self, rows: FloatArray) -> FloatArray:
        """Return row x column: what each column adds to the log odds by the regression."""
        return np.asarray(SHARE * (rows - self.centre) / self.spread * self.coefficients[1:])

    def combine_log_odds(self, passage: FloatArray, rows: FloatArray) -> FloatArray:
        """Return log odds: first passage and a share of both corrections."""
        line = SHARE * self.coefficients[0] + self.linear_terms(rows).sum(axis=1)
        boosted = SHARE * self.trees.predict(rows)[:, 0]
        return np.asarray(probability_to_log_odds(passage) + line + boosted)


def sum_common(common: FloatArray) -> FloatArray:
    """Return month x `COMMON_MONTHS`: the common movement over each span, over its square root.

    Args:
        common: One value a month, from `read_common`.
    """
    total = np.concatenate([np.zeros(max(COMMON_MONTHS)), np.cumsum(common)])
    newest = total[-common.size :]
    spans = [
        (newest - total[max(COMMON_MONTHS) - months :][: common.size]) / np.sqrt(months)
        for months in COMMON_MONTHS
    ]
    return np.column_stack(spans)


def build_rows(
    features: FloatArray,
    common: FloatArray,
    volatility: FloatArray,
    barriers: FloatArray,
    passage: FloatArray,
) -> FloatArray:
    """Return row x `ODDS_FEATURES`, no NaN.

    Args:
        features: Row x `FEATURES`.
        common: Row x `COMMON_MONTHS`, from `sum_common`.
        volatility: One value a row.
        barriers: Row x 12, log change to be reached, counted in the direction of the event: a
            negative one is reached by standing still.
        passage: First-passage probability a row.
    """
    months = np.sqrt(np.arange(1, PATH_MONTHS + 1))
    reach = barriers / (volatility[:, None] * months)
    needed = np.where(np.isnan(reach), np.inf, reach).min(axis=1)
    return np.ascontiguousarray(
        np.column_stack(
            [
                probability_to_log_odds(np.nan_to_num(passage)),
                np.clip(needed, *NEEDED_LIMITS),
                np.nan_to_num(features[:, _LEARNED]),
                common,
            ]
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    rows: FloatArray
    start: FloatArray
    labels: FloatArray


def fit_odds_model(
    panel: FeaturePanel, target: Target, table: FloatArray, *, common: FloatArray, seed: int
) -> OddsModel:
    """Fit one target on the whole pool.

    Args:
        panel: Features of all months.
        target: The question.
        table: The pool's own shape, from `scale_table`.
        common: The pool's common movement, one value a month.
        seed: Fixes the trees' choice of columns.

    Raises:
        InsufficientHistory: The pool holds fewer than `LEAST_EVENTS` event rows.
    """
    sample = _collect(panel, target, table, common)
    if sample.labels.sum() < LEAST_EVENTS:
        raise InsufficientHistory(
            f"the training pool holds {int(sample.labels.sum())} rows with {target.name}, "
            f"{LEAST_EVENTS} are needed; add series or use first passage alone",
            target=target.name,
        )
    return _fit(sample, seed)


def _collect(panel: FeaturePanel, target: Target, table: FloatArray, common: FloatArray) -> _Sample:
    """Gather origins where the event can still happen and where it is known whether it did."""
    n_months = panel.filled.shape[1]
    origins = np.arange(n_months - 1 - target.months, FIRST_ORIGIN, -ORIGIN_STEP)
    barriers = row_barriers(panel.filled, target)[:, origins]
    labels = label_rows(panel.filled, target)[:, origins]
    usable = ~np.isnan(labels) & ~np.isnan(barriers).all(axis=2)
    if target.kind is TargetKind.ONSET:
        usable &= ~mark_running(panel.filled, target.direction)[:, origins]
    volatility = panel.volatility[:, origins][usable]
    sign = SIGN[target.direction]
    passage = passage_share(table, barriers[usable] / volatility[:, None], sign)
    rows = build_rows(
        panel.values[:, origins][usable],
        sum_common(common)[origins][np.nonzero(usable)[1]],
        volatility,
        sign * barriers[usable],
        passage,
    )
    return _Sample(
        rows=np.where(_mark_read(target), rows, 0.0),
        start=probability_to_log_odds(passage),
        labels=labels[usable],
    )


def _mark_read(target: Target) -> BoolArray:
    """Return one flag a column: is it learned from? One that is not weighs nothing later."""
    is_crash = target.kind is TargetKind.ONSET and target.direction is Direction.DOWN
    return np.array([not is_crash or name in CRASH_FEATURES for name in ODDS_FEATURES])


def _fit(sample: _Sample, seed: int) -> OddsModel:
    rows, labels = sample.rows, sample.labels
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    return OddsModel(
        centre=centre,
        spread=spread,
        coefficients=_fit_line((rows - centre) / spread, labels, sample.start),
        trees=fit_odds_trees(
            rows, labels[:, None], start=sample.start[:, None], settings=TREES, seed=seed
        ),
    )


def _fit_line(columns: FloatArray, labels: FloatArray, start: FloatArray) -> FloatArray:
    """Return intercept and weights of a ridge logistic correction of `start`, by Newton steps."""
    design = np.column_stack([np.ones(len(columns)), columns])
    ridge = np.full(design.shape[1], PENALTY)
    ridge[0] = 1e-6  # the level is not shrunk
    weights = np.zeros(design.shape[1])
    for _ in range(NEWTON_STEPS):
        odds = log_odds_to_probability(start + design @ weights)
        bend = (design * (odds * (1.0 - odds))[:, None]).T @ design + np.diag(ridge)
        weights += np.linalg.solve(bend, design.T @ (labels - odds) - ridge * weights)
    return weights
