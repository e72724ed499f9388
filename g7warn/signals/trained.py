"""`TrainedModel`: a fitted stress model with what its evidence must say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.models.probability import StressPredictor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainedModel:
    """A model, and which one it is.

    Attributes:
        model: Gives forecasts and odds.
        digest: SHA-256 of its artefact, hexadecimal.
        training_cutoff: Last month whose price it learned from, `2024-12`.
        trained_at: Instant whose knowledge it learned from; no earlier panel may hold it.
    """

    model: StressPredictor
    digest: str
    training_cutoff: str
    trained_at: datetime

    @property
    def note(self) -> str:
        """What the evidence of a signal says of it."""
        return f"fitted model {self.digest[:12]}, trained on prices up to {self.training_cutoff}"
