"""Pooled logistic regression and small boosted trees for one stress target."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from g7warn.errors import InsufficientHistory
from g7warn.models.boosting import BoostSettings, TreeEnsemble, fit_odds_trees
from g7warn.models.calibrate import probability_to_log_odds
from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.features import FEATURES, FeaturePanel
from g7warn.models.probability.onset import SIGN, mark_running
from g7warn.models.probability.rank_paths import PATH_MONTHS
from g7warn.models.probability.standard_passage import passage_share
from g7warn.models.probability.targets import Target, TargetKind, label_rows, row_barriers

ODDS_FEATURES: Final = ("passage_log_odds", "needed_over_reach", *FEATURES)
"""Columns of a row: odds by first passage, the smallest needed move in volatilities x sqrt(month),
then what the forecasters know."""

TREES: Final = BoostSettings(trees=60, bags=2, depth=3, shrink_rows=100.0, leaf_rows=200)
PENALTY: Final = 0.01
"""Inverse ridge of the logistic regression: twenty correlated inputs, some hundred events."""

WEIGHTS: Final = {TargetKind.ONSET: (0.5, 0.1, 0.4), TargetKind.TAIL: (0.1, 0.2, 0.7)}
"""Weights of the log odds of first passage, regression and trees. Arithmetic carries an onset and
says little about a series' own tail. All three are calibrated by construction on sixty years; a
further Platt scaling on the last ten made every target worse: event rates drift from decade to
decade (Brier skill of spikes 0.27 in place of 0.32)."""

FIRST_ORIGIN: Final = 36
ORIGIN_STEP: Final = 3
LEAST_EVENTS: Final = 30
NEEDED_LIMITS: Final = (-3.0, 6.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OddsModel:
    """Fitted models of one target.

    Attributes:
        centre: Mean of each column in training.
        spread: Standard deviation of each column.
        coefficients: Intercept, then one weight a standardised column.
        trees: Log odds from the columns.
        weights: Of first passage, regression and trees.
    """

    centre: FloatArray
    spread: FloatArray
    coefficients: FloatArray
    trees: TreeEnsemble
    weights: tuple[float, float, float]

    def linear_terms(self, rows: FloatArray) -> FloatArray:
        """Return row x column: what each column adds to the log odds of the regression."""
        return np.asarray((rows - self.centre) / self.spread * self.coefficients[1:])

    def combine_log_odds(self, passage: FloatArray, rows: FloatArray) -> FloatArray:
        """Return log odds: the weighted mean of first passage, regression and trees."""
        untrained, line, boosted = self.weights
        regression = self.coefficients[0] + self.linear_terms(rows).sum(axis=1)
        mean = untrained * probability_to_log_odds(passage) + line * regression
        return np.asarray(mean + boosted * self.trees.predict(rows)[:, 0])


def build_rows(
    features: FloatArray, volatility: FloatArray, barriers: FloatArray, passage: FloatArray
) -> FloatArray:
    """Return row x `ODDS_FEATURES`, no NaN.

    Args:
        features: Row x `FEATURES`.
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
                np.nan_to_num(features),
            ]
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    rows: FloatArray
    passage: FloatArray
    labels: FloatArray


def fit_odds_model(
    panel: FeaturePanel, target: Target, table: FloatArray, *, seed: int
) -> OddsModel:
    """Fit one target on the whole pool.

    Args:
        panel: Features of all months.
        target: The question.
        table: The pool's own shape, from `scale_table`.
        seed: Fixes the trees' choice of columns.

    Raises:
        InsufficientHistory: The pool holds fewer than `LEAST_EVENTS` event rows.
    """
    sample = _collect(panel, target, table)
    if sample.labels.sum() < LEAST_EVENTS:
        raise InsufficientHistory(
            f"the training pool holds {int(sample.labels.sum())} rows with {target.name}, "
            f"{LEAST_EVENTS} are needed; add series or use first passage alone",
            target=target.name,
        )
    return _fit(sample, WEIGHTS[target.kind], seed)


def _collect(panel: FeaturePanel, target: Target, table: FloatArray) -> _Sample:
    """Gather origins where the event can still happen and where it is known whether it did."""
    n_months = panel.filled.shape[1]
    origins = np.arange(n_months - 1 - target.months, FIRST_ORIGIN, -ORIGIN_STEP)
    barriers = row_barriers(panel.filled, target)[:, origins]
    labels = label_rows(panel.filled, target)[:, origins]
    usable = ~np.isnan(labels) & ~np.isnan(barriers).all(axis=2)
    if target.kind is TargetKind.ONSET:
        usable &= ~mark_running(panel.filled, target.direction)[:, origins]
    volatility = panel.volatility[:, origins][usable]
    scaled = barriers[usable] / volatility[:, None]
    sign = SIGN[target.direction]
    passage = passage_share(table, scaled, sign)
    features = panel.values[:, origins][usable]
    rows = build_rows(features, volatility, sign * barriers[usable], passage)
    return _Sample(rows=rows, passage=passage, labels=labels[usable])


def _fit(sample: _Sample, weights: tuple[float, float, float], seed: int) -> OddsModel:
    rows, labels = sample.rows, sample.labels
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    line = LogisticRegression(C=PENALTY, max_iter=500).fit((rows - centre) / spread, labels)
    return OddsModel(
        centre=centre,
        spread=spread,
        coefficients=np.concatenate([line.intercept_, line.coef_[0]]),
        trees=fit_odds_trees(rows, labels[:, None], settings=TREES, seed=seed),
        weights=weights,
    )
