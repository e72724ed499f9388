"""Shelf: the fitted model that an instant may use, each read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from g7warn.errors import DataError
from g7warn.models.artefact import unpack_model
from g7warn.signals.trained import TrainedModel
from g7warn.store import models

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from g7warn.store.models import ModelNote

MODEL_NAME = "price_stress"
"""Under which name the model of price signals is kept."""


@dataclass(kw_only=True)
class ModelShelf:
    """The models that were fitted by an instant.

    Attributes:
        engine: The store.
        notes: What is known of them, the newest first.
        failures: Model -> message of the error that kept it from being read.
    """

    engine: Engine
    notes: tuple[ModelNote, ...]
    failures: dict[str, str] = field(default_factory=dict)
    _read: dict[int, TrainedModel | None] = field(default_factory=dict)

    @classmethod
    def open(cls, engine: Engine, *, as_of: datetime) -> Self:
        """Return the shelf as it stood at `as_of`.

        Raises:
            StoreUnavailable: The database did not answer.
        """
        return cls(engine=engine, notes=models.list_notes(engine, name=MODEL_NAME, as_of=as_of))

    def find(self, as_of: datetime) -> TrainedModel | None:
        """Return the newest model that learned from nothing later than `as_of`; None: untrained.

        One that cannot be read is noted in `failures`; the instant then goes without.

        Raises:
            StoreUnavailable: The database did not answer.
        """
        note = next((note for note in self.notes if note.trained_at <= as_of), None)
        if note is None:
            return None
        if note.key not in self._read:
            self._read[note.key] = self._unpack(note)
        return self._read[note.key]

    def _unpack(self, note: ModelNote) -> TrainedModel | None:
        try:
            model, facts = unpack_model(models.read_body(self.engine, note))
        except DataError as error:
            self.failures[f"model {note.name} {note.digest[:12]}"] = error.message
            return None
        return TrainedModel(
            model=model,
            digest=note.digest,
            training_cutoff=facts.training_cutoff,
            trained_at=note.trained_at,
            records=facts.records,
            budget_bounds=facts.budget_bounds,
            scores=facts.scores,
        )
