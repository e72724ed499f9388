"""Fitted models as a file that can be read, checked and compared: JSON, no pickle.

An artefact says what it was fitted on and carries its numbers as base64 of little-endian arrays,
under a SHA-256 of everything else. A file that was changed, cut or made by another format is
refused, never half read.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from g7warn.domain.record import OperatingRecord
from g7warn.errors import ValidationFailed
from g7warn.models.boosting import TreeEnsemble
from g7warn.models.forecast.boosted_quantile import FittedBoostedQuantiles
from g7warn.models.forecast.combined import FittedCombination
from g7warn.models.forecast.features import FEATURES
from g7warn.models.forecast.grid import HORIZONS_MONTHS
from g7warn.models.forecast.linear_quantile import FittedLinearQuantiles
from g7warn.models.probability.odds_model import ODDS_FEATURES, OddsModel
from g7warn.models.probability.stress import StressModel
from g7warn.models.probability.targets import TARGETS, Target

FORMAT: Final = "g7warn-stress-model/2"
"""Raised whenever features, levels or arrays change their meaning: old files are then refused."""

_FEATURES: Final = [*FEATURES, *ODDS_FEATURES]
DTYPES: Final = {"float64": "<f8", "int64": "<i8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What a reader must know of a fitted model before believing it.

    Attributes:
        training_cutoff: Last month whose price was learned from, `2024-12`.
        data_vintage: Name of the release the pool was read from.
        seed: Seed of the fit.
        series_ids: The training pool; public series only.
        scores: How the same recipe did on the pool's last years, unseen by it, by name; empty
            where the pool was too short.
        records: What alerts at each probability would have caught in the last years, by a model
            that had not seen them.
        budget_bounds: Direction -> class of certainty -> lowest probability from which on those
            years kept the class's budget of alerts.
    """

    training_cutoff: str
    data_vintage: str
    seed: int
    series_ids: tuple[str, ...]
    scores: dict[str, float]
    records: tuple[OperatingRecord, ...] = ()
    budget_bounds: dict[str, dict[str, float]] = field(default_factory=dict)


def pack_model(model: StressModel, facts: ModelFacts) -> bytes:
    """Return the artefact of a fitted stress model; the same model gives the same bytes."""
    body = {
        "format": FORMAT,
        "facts": asdict(facts),
        "features": _FEATURES,
        "targets": [target.name for target in TARGETS],
        "arrays": {name: _pack_array(value) for name, value in _to_arrays(model).items()},
    }
    return _serialise(body | {"sha256": _digest(body)})


def unpack_model(payload: bytes) -> tuple[StressModel, ModelFacts]:
    """Return the model and its facts.

    Raises:
        ValidationFailed: The artefact is no JSON, was changed, or is of another format.
    """
    try:
        body: dict[str, Any] = json.loads(payload)
        stated = body.pop("sha256")
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ValidationFailed(
            "the model artefact is no JSON with a checksum; fit and pack the model again"
        ) from error
    if stated != _digest(body):
        raise ValidationFailed(
            "the model artefact does not match its SHA-256: it was changed or cut after it was "
            "packed; take it from the store again or refit",
            stated=str(stated),
        )
    if body.get("format") != FORMAT or body.get("features") != _FEATURES:
        raise ValidationFailed(
            f"the model artefact is of format {body.get('format')!r} or knows other features, "
            f"this release reads {FORMAT}; refit the model",
            format=str(body.get("format")),
        )
    try:
        arrays = {name: _unpack_array(entry) for name, entry in body["arrays"].items()}
        facts = body["facts"] | {
            "series_ids": tuple(body["facts"]["series_ids"]),
            "records": tuple(map(OperatingRecord.from_plain, body["facts"].get("records", ()))),
        }
        return _from_arrays(arrays), ModelFacts(**facts)
    except (KeyError, ValueError, TypeError, binascii.Error) as error:
        raise ValidationFailed(
            f"the model artefact lacks or garbles a part ({error}); fit and pack the model again"
        ) from error


def _serialise(body: dict[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(_serialise(body)).hexdigest()


def _pack_array(value: NDArray[Any]) -> dict[str, Any]:
    data = np.ascontiguousarray(value).astype(DTYPES[str(value.dtype)]).tobytes()
    return {
        "dtype": str(value.dtype),
        "shape": list(value.shape),
        "data": base64.b64encode(data).decode("ascii"),
    }


def _unpack_array(entry: dict[str, Any]) -> NDArray[Any]:
    raw = base64.b64decode(entry["data"], validate=True)
    array = np.frombuffer(raw, dtype=DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return array.astype(entry["dtype"])


def _to_arrays(model: StressModel) -> dict[str, NDArray[Any]]:
    forecaster = model.forecaster
    arrays: dict[str, NDArray[Any]] = {
        "lines": forecaster.linear.lines,
        "line_spread": forecaster.linear.spread,
        "shapes": forecaster.shapes,
        "spread_factors": forecaster.spread_factors,
    }
    for months, trees in zip(HORIZONS_MONTHS, forecaster.boosted.ensembles, strict=True):
        arrays |= _trees_to_arrays(f"quantiles_{months}", trees)
    for name, odds in model.odds_models.items():
        arrays |= _trees_to_arrays(name, odds.trees)
        arrays[f"{name}.centre"] = odds.centre
        arrays[f"{name}.spread"] = odds.spread
        arrays[f"{name}.coefficients"] = odds.coefficients
    return arrays


def _from_arrays(arrays: dict[str, NDArray[Any]]) -> StressModel:
    forecaster = FittedCombination(
        boosted=FittedBoostedQuantiles(
            ensembles=tuple(_read_trees(f"quantiles_{h}", arrays) for h in HORIZONS_MONTHS)
        ),
        linear=FittedLinearQuantiles(lines=arrays["lines"], spread=arrays["line_spread"]),
        shapes=arrays["shapes"],
        spread_factors=arrays["spread_factors"],
    )
    models = {target.name: _read_odds(target, arrays) for target in TARGETS}
    return StressModel(forecaster=forecaster, odds_models=models)


def _read_odds(target: Target, arrays: dict[str, NDArray[Any]]) -> OddsModel:
    name = target.name
    return OddsModel(
        centre=arrays[f"{name}.centre"],
        spread=arrays[f"{name}.spread"],
        coefficients=arrays[f"{name}.coefficients"],
        trees=_read_trees(name, arrays),
    )


def _trees_to_arrays(name: str, trees: TreeEnsemble) -> dict[str, NDArray[Any]]:
    # JSON arrays travel as bytes, so an infinite threshold (nothing to gain) survives.
    return {
        f"{name}.base": trees.base,
        f"{name}.features": trees.features,
        f"{name}.thresholds": trees.thresholds,
        f"{name}.leaves": trees.leaves,
    }


def _read_trees(name: str, arrays: dict[str, NDArray[Any]]) -> TreeEnsemble:
    trees = TreeEnsemble(
        base=arrays[f"{name}.base"],
        features=arrays[f"{name}.features"],
        thresholds=arrays[f"{name}.thresholds"],
        leaves=arrays[f"{name}.leaves"],
    )
    n_trees, depth = trees.features.shape
    leaves = (n_trees, 1 << depth, trees.base.size)
    if trees.thresholds.shape != (n_trees, depth) or trees.leaves.shape != leaves:
        raise ValueError(f"{name}: arrays of one tree ensemble do not fit together")
    if trees.features.size and not 0 <= trees.features.min() <= trees.features.max() < 64:
        raise ValueError(f"{name}: a tree asks about a feature that does not exist")
    return trees
