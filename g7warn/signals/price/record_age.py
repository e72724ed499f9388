"""Record: how many months ago the price was last as high, or as low."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from g7warn.domain.signal import Direction, Family, Signal
from g7warn.models.kernels.record import record_age
from g7warn.signals.base import register
from g7warn.signals.price.scored import score_signals, two_sided
from g7warn.signals.wording import months_phrase

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

NOTABLE_MONTHS: Final = 60
"""Age from which a record is notable: five years, longer than a contract or an investment plan
is usually fixed for. Judgement."""


@register
@dataclass(frozen=True, slots=True)
class RecordAge:
    """A price not seen for years finds buyers without a plan for it."""

    name: str = "record_age"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and direction; see `Indicator.compute`."""
        log_prices = panel.monthly.log_prices
        tables = two_sided(
            record_age(log_prices, is_high=True),
            record_age(log_prices, is_high=False),
            name="record_age_months",
            threshold=float(NOTABLE_MONTHS),
        )
        return score_signals(panel, self, tables, _describe)


def _describe(score: float, month: str, direction: Direction) -> str:
    word = "high" if direction is Direction.UP else "low"
    return (
        f"the price of {month} is the {word}est for {months_phrase(round(score))} "
        f"(notable from {NOTABLE_MONTHS})"
    )
