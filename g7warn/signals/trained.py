"""`TrainedModel`: a fitted stress model with what its evidence must say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from g7warn.domain.record import OperatingRecord
    from g7warn.models.probability import StressPredictor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainedModel:
    """A model, and which one it is.

    Attributes:
        model: Gives forecasts and odds.
        digest: SHA-256 of its artefact, hexadecimal.
        training_cutoff: Last month whose price it learned from, `2024-12`.
        trained_at: Instant whose knowledge it learned from; no earlier panel may hold it.
        records: What alerts at each probability would have caught before it was fitted.
        budget_bounds: Direction -> class of certainty -> lowest probability within its budget.
        scores: How its recipe did on years that it had not seen, such as `onset_up_6_auc`.
    """

    model: StressPredictor
    digest: str
    training_cutoff: str
    trained_at: datetime
    records: tuple[OperatingRecord, ...] = ()
    budget_bounds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def note(self) -> str:
        """What the evidence of a signal says of it."""
        return f"fitted model {self.digest[:12]}, trained on prices up to {self.training_cutoff}"

    def tell_scores(self, target: str) -> str:
        """Return how good the odds of a target were out of sample, in words; empty if unknown.

        Args:
            target: Name of the target, such as `onset_up_6`.
        """
        names = (f"{target}_auc", f"{target}_brier_skill")
        if not all(name in self.scores for name in names):
            return ""
        area, skill = (self.scores[name] for name in names)
        return (
            "on the ten years that such a model had not seen, these odds had a ROC area of "
            f"{area:.2f} and a Brier skill of {skill:.2f}"
        )
