"""Train: from the prices known at an instant to a fitted model that later assessments use."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from g7warn.errors import InsufficientHistory
from g7warn.grade.rubric import load_rubric
from g7warn.models.artefact import ModelFacts, pack_model
from g7warn.models.probability import fit_stress_model
from g7warn.pipeline.assess import label_sources
from g7warn.pipeline.shelf import MODEL_NAME
from g7warn.pipeline.wiring import open_workspace
from g7warn.signals.contributions import pool_contributions
from g7warn.signals.panel import build_panel
from g7warn.signals.price.outlook import keep_public
from g7warn.store import models, observations
from g7warn.verification.held_out_years import forecast_held_out, score_held_out
from g7warn.verification.operating_points import draw_records

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.domain.record import OperatingRecord
    from g7warn.models.compiled import FloatArray
    from g7warn.models.probability import StressPredictor
    from g7warn.settings import Settings
    from g7warn.signals.matrix import PriceMatrix

SEED: Final = 0
"""Seed of every fit: the same prices give the same bytes, and are kept once."""


def train(*, as_of: datetime, settings: Settings | None = None) -> dict[str, Any]:
    """Fit the model of price signals on what was known at `as_of`, and keep it.

    Assessments at `as_of` and later use it until a newer one is there; earlier ones never do.
    While the prices are too few to learn from nothing is kept, and assessments go on with
    quantiles pooled over the panel. Only prices that anybody may see are learned from: what a model
    says goes to every member, and no restricted price may show through it.

    Args:
        as_of: Prices known later are not learned from.
        settings: In place of the environment's.

    Returns:
        as_of, name, state (stored or unchanged), series, restricted (series left out), months,
        training_cutoff, digest, bytes, scores (on the last ten years, held out).

    Raises:
        InsufficientHistory: Too few public prices were known.
        StoreUnavailable: The database does not answer.
    """
    with open_workspace(settings) as workspace:
        frame = pool_contributions(observations.read(workspace.engine, as_of=as_of))
        labels = label_sources(workspace.engine)
        prices = build_panel(frame, as_of=as_of, tlp_by_source=labels).monthly
        pool = keep_public(prices)
        if not pool.rows:
            message = (
                f"no public price was known at {as_of.isoformat()}: run `g7warn ingest --all` first"
            )
            raise InsufficientHistory(message, as_of=as_of.isoformat())
        facts = _describe(pool)
        body = pack_model(fit_stress_model(pool.log_prices, seed=SEED), facts)
        is_new = models.put(
            workspace.engine, body, name=MODEL_NAME, trained_at=as_of, facts=asdict(facts)
        )
    return {
        "as_of": as_of.isoformat(),
        "name": MODEL_NAME,
        "state": "stored" if is_new else "unchanged",
        "series": len(pool.rows),
        "restricted": len(prices.rows) - len(pool.rows),
        "months": len(prices.periods),
        "training_cutoff": facts.training_cutoff,
        "digest": hashlib.sha256(body).hexdigest(),
        "bytes": len(body),
        "scores": facts.scores,
    }


def _describe(pool: PriceMatrix) -> ModelFacts:
    """Return the facts of a model that is fitted on `pool`, with how its recipe did before."""
    records: tuple[OperatingRecord, ...] = ()
    scores: dict[str, float] = {}
    try:
        past = forecast_held_out(pool.log_prices, seed=SEED, fit=_fit)
    except InsufficientHistory:
        pass  # a young pool is learned from all the same; its model says that nothing was scored
    else:
        records = draw_records(pool.log_prices, pool.periods, past)
        scores = score_held_out(pool.log_prices, past)
    budget = load_rubric().budget
    return ModelFacts(
        training_cutoff=pool.periods[-1],
        data_vintage=max(row.vintage_at for row in pool.rows).isoformat(),
        seed=SEED,
        series_ids=tuple(row.series_id for row in pool.rows),
        scores=scores,
        records=records,
        budget_bounds={
            record.direction.value: {
                name: record.within(alerts.value) for name, alerts in budget.items()
            }
            for record in records
        },
    )


def _fit(log_prices: FloatArray, seed: int) -> StressPredictor:
    return fit_stress_model(log_prices, seed=seed)
