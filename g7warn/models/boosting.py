"""Gradient boosting of symmetric trees with many outputs: all quantiles, or all odds, at once.

One tree serves all outputs: its splits are chosen on the summed gain, its leaves hold one value an
output. A symmetric tree asks the same question on each level, which regularises, keeps quantiles
nearly parallel and makes scoring a table look-up. Against scikit-learn's boosting with one model a
quantile (World Bank commodities, metals held out, 2001-2024) it lost 0.950/0.958/0.960 of the
random walk's loss at 3/6/12 months against 0.957/0.962/0.963, and fitted ten times faster.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from g7warn.models.compiled import BoolArray, FloatArray, IntArray, compiled

BINS: Final = 32
"""Cut points a feature; finer ones do not lower the loss on the World Bank commodities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostSettings:
    """How a booster grows.

    Attributes:
        trees: Number of trees a bag.
        bags: Independent runs that are averaged, each with its own choice of features, those for
            quantiles also with its own draw of rows.
        depth: Questions a tree asks. Three against four lowered the loss at 12 months from 0.926 to
            0.923 of the random walk's on World Bank commodities left out of the fit.
        rate: Share of each tree's step that is kept.
        shrink_rows: A leaf of so many rows keeps half of its step.
        leaf_rows: Rows that a leaf must hold for its split to count.
        feature_share: Share of the features that each tree may ask about.
    """

    trees: int = 100
    bags: int = 2
    depth: int = 3
    rate: float = 0.1
    shrink_rows: float = 400.0
    leaf_rows: int = 200
    feature_share: float = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEnsemble:
    """A fitted booster as plain arrays.

    Attributes:
        base: Output of no tree, one value an output.
        features: Tree x depth, column asked about.
        thresholds: Tree x depth; the answer is yes when the feature is greater.
        leaves: Tree x leaf x output, added to `base`.
    """

    base: FloatArray
    features: IntArray
    thresholds: FloatArray
    leaves: FloatArray

    def predict(self, rows: FloatArray) -> FloatArray:
        """Return row x output for `rows` (row x feature, no NaN)."""
        return predict_trees(rows, self.base, self.features, self.thresholds, self.leaves)


@compiled
def predict_trees(
    rows: FloatArray,
    base: FloatArray,
    features: IntArray,
    thresholds: FloatArray,
    leaves: FloatArray,
) -> FloatArray:
    """Add up the leaves that each row falls into."""
    out = np.empty((rows.shape[0], base.size))
    for i in range(rows.shape[0]):
        out[i] = base
        for tree in range(features.shape[0]):
            leaf = 0
            for level in range(features.shape[1]):
                leaf = 2 * leaf + (rows[i, features[tree, level]] > thresholds[tree, level])
            for k in range(base.size):
                out[i, k] += leaves[tree, leaf, k]
    return out


def fit_quantile_trees(
    rows: FloatArray,
    target: FloatArray,
    levels: FloatArray,
    *,
    weights: FloatArray,
    settings: BoostSettings,
    seed: int,
) -> TreeEnsemble:
    """Fit all quantile `levels` of `target` at once by the pinball loss.

    Each bag grows on as many rows as there are, drawn with replacement.

    Args:
        rows: Row x feature, no NaN.
        target: One value a row.
        levels: Increasing levels in (0, 1).
        weights: Row's chance of being drawn, relative to the others'; positive.
        settings: How the booster grows.
        seed: Fixes the draws and which features each tree may ask about.
    """
    outputs = np.repeat(target[:, None], levels.size, axis=1)
    base = np.quantile(target, levels)
    return _fit(rows, outputs, levels, base, settings, seed, weights / weights.sum())


def fit_odds_trees(
    rows: FloatArray,
    labels: FloatArray,
    *,
    start: FloatArray,
    settings: BoostSettings,
    seed: int,
) -> TreeEnsemble:
    """Fit what must be added to given log odds of yes/no `labels`, by logistic loss.

    Args:
        rows: Row x feature, no NaN.
        labels: Row x output, 0 or 1.
        start: Row x output, log odds known without the trees.
        settings: How the booster grows.
        seed: Fixes which features each tree may ask about.

    Returns:
        Trees that predict the correction of `start`.
    """
    ensemble = _fit(rows, labels, np.zeros(0), np.ascontiguousarray(start), settings, seed)
    return replace(ensemble, base=np.zeros(labels.shape[1]))


def _fit(
    rows: FloatArray,
    outputs: FloatArray,
    levels: FloatArray,
    base: FloatArray,
    settings: BoostSettings,
    seed: int,
    chances: FloatArray | None = None,
) -> TreeEnsemble:
    """Grow all bags, each on every row, or on rows drawn by their `chances`."""
    cuts = [np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1])) for column in rows.T]
    bins = np.stack(
        [np.searchsorted(cut, column) for cut, column in zip(cuts, rows.T, strict=True)], axis=1
    ).astype(np.int64)
    draw = np.random.default_rng(seed)
    parts = []
    for _ in range(settings.bags):
        allowed = draw.random((settings.trees, rows.shape[1])) < settings.feature_share
        allowed[~allowed.any(axis=1)] = True
        chosen = np.arange(len(rows))
        if chances is not None:
            chosen = draw.choice(chosen, size=chosen.size, p=chances)
        parts.append(
            _grow(
                bins[chosen], outputs[chosen], levels, base, allowed, settings.depth,
                settings.rate, settings.shrink_rows, settings.leaf_rows,
            )
        )  # fmt: skip
    features = np.concatenate([part[0] for part in parts])
    places = np.concatenate([part[1] for part in parts])
    table = np.full((rows.shape[1], BINS), np.inf)
    for column, cut in enumerate(cuts):
        table[column, : cut.size] = cut
    return TreeEnsemble(
        base=np.asarray(base, dtype=np.float64),
        features=features,
        thresholds=table[features, places],
        leaves=np.concatenate([part[2] for part in parts]) / settings.bags,
    )


@compiled
def _grow(  # noqa: PLR0913, PLR0917 - a compiled loop takes plain numbers, not a settings object
    bins: IntArray,
    outputs: FloatArray,
    levels: FloatArray,
    base: FloatArray,
    allowed: BoolArray,
    depth: int,
    rate: float,
    shrink: float,
    leaf_rows: int,
) -> tuple[IntArray, IntArray, FloatArray]:
    n_rows, n_out = outputs.shape
    state = np.empty((n_rows, n_out))
    state[:] = base  # one value an output, or one a row and output
    features = np.zeros((allowed.shape[0], depth), dtype=np.int64)
    places = np.zeros((allowed.shape[0], depth), dtype=np.int64)
    leaves = np.zeros((allowed.shape[0], 1 << depth, n_out))
    for tree in range(allowed.shape[0]):
        gradient = _gradient(outputs, state, levels)
        leaf = np.zeros(n_rows, dtype=np.int64)
        for level in range(depth):
            feature, place = _best_split(
                bins, gradient, leaf, 1 << level, allowed[tree], shrink, leaf_rows
            )
            features[tree, level] = feature
            places[tree, level] = place
            for i in range(n_rows):
                leaf[i] = 2 * leaf[i] + (bins[i, feature] > place)
        if levels.size > 0:
            _quantile_leaves(outputs, state, levels, leaf, leaves[tree], rate, shrink)
        else:
            _odds_leaves(outputs, state, leaf, leaves[tree], rate, shrink)
        for i in range(n_rows):
            for k in range(n_out):
                state[i, k] += leaves[tree, leaf[i], k]
    return features, places, leaves


@compiled
def _gradient(outputs: FloatArray, state: FloatArray, levels: FloatArray) -> FloatArray:
    """Return the negative gradient, scaled so that every output has the same say in a split."""
    gradient = np.empty(outputs.shape)
    for i in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            if levels.size > 0:
                below = 1.0 if outputs[i, k] < state[i, k] else 0.0
                gradient[i, k] = (levels[k] - below) / np.sqrt(levels[k] * (1.0 - levels[k]))
            else:
                gradient[i, k] = outputs[i, k] - 1.0 / (1.0 + np.exp(-state[i, k]))
    return gradient


@compiled
def _best_split(
    bins: IntArray,
    gradient: FloatArray,
    leaf: IntArray,
    n_leaves: int,
    allowed: BoolArray,
    shrink: float,
    leaf_rows: int,
) -> tuple[int, int]:
    """Return the feature and bin whose one question, asked in every leaf, gains most."""
    n_rows, n_out = gradient.shape
    best, best_feature, best_place = -1.0, int(np.argmax(allowed)), BINS
    for feature in range(bins.shape[1]):
        if not allowed[feature]:
            continue
        sums = np.zeros((n_leaves, BINS, n_out))
        counts = np.zeros((n_leaves, BINS))
        for i in range(n_rows):
            counts[leaf[i], bins[i, feature]] += 1.0
            for k in range(n_out):
                sums[leaf[i], bins[i, feature], k] += gradient[i, k]
        gains = np.zeros(BINS - 1)
        for node in range(n_leaves):
            _add_gains(sums[node], counts[node], gains, shrink, leaf_rows)
        place = int(np.argmax(gains))
        if gains[place] > best and gains[place] > 0.0:
            best, best_feature, best_place = gains[place], feature, place
    # Nothing to gain: a place beyond all bins sends every row the same way.
    return best_feature, min(best_place, BINS - 1)


@compiled
def _add_gains(
    sums: FloatArray, counts: FloatArray, gains: FloatArray, shrink: float, leaf_rows: int
) -> None:
    total = counts.sum()
    for k in range(sums.shape[1]):
        whole = sums[:, k].sum()
        left, left_rows = 0.0, 0.0
        for place in range(gains.size):
            left += sums[place, k]
            left_rows += counts[place]
            right_rows = total - left_rows
            if left_rows >= leaf_rows and right_rows >= leaf_rows:
                right = whole - left
                gains[place] += (
                    left * left / (left_rows + shrink)
                    + right * right / (right_rows + shrink)
                    - whole * whole / (total + shrink)
                )


@compiled
def _quantile_leaves(
    outputs: FloatArray,
    state: FloatArray,
    levels: FloatArray,
    leaf: IntArray,
    values: FloatArray,
    rate: float,
    shrink: float,
) -> None:
    """Move each leaf towards the quantiles of what is left in it."""
    for node in range(values.shape[0]):
        inside = np.flatnonzero(leaf == node)
        if inside.size == 0:
            continue
        step = rate * inside.size / (inside.size + shrink)
        for k in range(levels.size):
            rest = np.empty(inside.size)
            for j in range(inside.size):
                rest[j] = outputs[inside[j], k] - state[inside[j], k]
            values[node, k] = step * np.quantile(rest, levels[k])


@compiled
def _odds_leaves(
    outputs: FloatArray,
    state: FloatArray,
    leaf: IntArray,
    values: FloatArray,
    rate: float,
    shrink: float,
) -> None:
    """Take one Newton step of the logistic loss in each leaf."""
    n_leaves, n_out = values.shape
    slope = np.zeros((n_leaves, n_out))
    bend = np.zeros((n_leaves, n_out))
    for i in range(outputs.shape[0]):
        for k in range(n_out):
            odds = 1.0 / (1.0 + np.exp(-state[i, k]))
            slope[leaf[i], k] += outputs[i, k] - odds
            bend[leaf[i], k] += odds * (1.0 - odds)
    for node in range(n_leaves):
        for k in range(n_out):
            values[node, k] = rate * slope[node, k] / (bend[node, k] + 0.05 * shrink)
