"""Train: from the prices known at an instant to a fitted model that later assessments use."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from g7warn.errors import InsufficientHistory
from g7warn.grade.rubric import load_rubric
from g7warn.models.artefact import ModelFacts, pack_model
from g7warn.models.probability import fit_stress_model
from g7warn.pipeline.shelf import MODEL_NAME
from g7warn.pipeline.wiring import open_workspace
from g7warn.signals.contributions import pool_contributions
from g7warn.signals.panel import build_panel
from g7warn.store import models, observations
from g7warn.verification.operating_points import draw_records

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.domain.record import OperatingRecord
    from g7warn.settings import Settings
    from g7warn.signals.matrix import PriceMatrix

SEED: Final = 0
"""Seed of every fit: the same prices give the same bytes, and are kept once."""


def train(*, as_of: datetime, settings: Settings | None = None) -> dict[str, Any]:
    """Fit the model of price signals on what was known at `as_of`, and keep it.

    Assessments at `as_of` and later use it until a newer one is there; earlier ones never do.
    While the prices are too few to learn from nothing is kept, and assessments go on with
    quantiles pooled over the panel.

    Args:
        as_of: Prices known later are not learned from.
        settings: In place of the environment's.

    Returns:
        as_of, name, state (stored or unchanged), series, months, training_cutoff, digest, bytes.

    Raises:
        InsufficientHistory: Too few prices were known.
        StoreUnavailable: The database does not answer.
    """
    with open_workspace(settings) as workspace:
        frame = pool_contributions(observations.read(workspace.engine, as_of=as_of))
        prices = build_panel(frame, as_of=as_of).monthly
        if not prices.rows:
            message = f"no price was known at {as_of.isoformat()}: run `g7warn ingest --all` first"
            raise InsufficientHistory(message, as_of=as_of.isoformat())
        facts = _describe(prices, draw_record(prices))
        body = pack_model(fit_stress_model(prices.log_prices, seed=SEED), facts)
        is_new = models.put(
            workspace.engine, body, name=MODEL_NAME, trained_at=as_of, facts=asdict(facts)
        )
    return {
        "as_of": as_of.isoformat(),
        "name": MODEL_NAME,
        "state": "stored" if is_new else "unchanged",
        "series": len(prices.rows),
        "months": len(prices.periods),
        "training_cutoff": facts.training_cutoff,
        "digest": hashlib.sha256(body).hexdigest(),
        "bytes": len(body),
    }


def draw_record(prices: PriceMatrix) -> tuple[OperatingRecord, ...]:
    """Return what each probability would have caught in the last years; none if they are few."""
    fit = partial(fit_stress_model, seed=SEED)
    try:
        return draw_records(prices.log_prices, prices.periods, fit=fit)
    except InsufficientHistory:
        return ()


def _describe(prices: PriceMatrix, records: tuple[OperatingRecord, ...]) -> ModelFacts:
    budget = load_rubric().budget
    return ModelFacts(
        training_cutoff=prices.periods[-1],
        data_vintage=max(row.vintage_at for row in prices.rows).isoformat(),
        seed=SEED,
        series_ids=tuple(row.series_id for row in prices.rows),
        scores={},  # scored walk-forward by `g7warn bench`, not at every fit
        records=records,
        budget_bounds={
            record.direction.value: {
                name: record.within(alerts.value) for name, alerts in budget.items()
            }
            for record in records
        },
    )
