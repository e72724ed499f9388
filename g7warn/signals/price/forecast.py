"""Price forecast: how likely each step of the price scale is to be touched within six months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.models.forecast import Basis
from g7warn.models.forecast.volatility import DECAY, is_floored, trace_volatility
from g7warn.models.kernels.growth import expanding_percentile
from g7warn.models.probability import first_passage_probability
from g7warn.signals.base import register
from g7warn.signals.evidence import price_evidence
from g7warn.signals.price.last_close import add_close
from g7warn.signals.price.outlook import look_ahead
from g7warn.signals.severity import STEPS, price_steps
from g7warn.signals.wording import mineral_name, plain_pct, plain_price, signed_pct, unit_suffix

if TYPE_CHECKING:
    from g7warn.domain.signal import Evidence
    from g7warn.models.compiled import FloatArray
    from g7warn.signals.panel import Panel
    from g7warn.signals.price.outlook import Outlook

HORIZON_MONTHS: Final = 6
"""Horizon of the signal; the evidence holds the others."""

STATED_LEVELS: Final = (0.05, 0.25, 0.50, 0.75, 0.95)
"""Quantiles that the evidence states at every horizon, as prices: what a fan chart draws."""


@register
@dataclass(frozen=True, slots=True)
class PriceForecast:
    """First-passage probabilities from the predictive distribution."""

    name: str = "price_forecast"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral, direction and severity; see `Indicator.compute`."""
        current = panel.current_benchmarks()
        if not current:
            return []
        log_prices = panel.monthly.log_prices
        outlook = look_ahead(panel)
        passage = first_passage_probability(outlook.forecast)
        volatility, _ = trace_volatility(log_prices, DECAY)
        unrest = expanding_percentile(np.where(np.isnan(log_prices), np.nan, volatility))
        return [
            self._signal(panel, mineral, row, direction, step, table[row, step], outlook, unrest)
            for mineral, row in current.items()
            for direction, table in ((Direction.UP, passage.up), (Direction.DOWN, passage.down))
            for step in range(len(STEPS))
            if outlook.forecast.basis[row] != Basis.NONE
        ]

    def _signal(  # noqa: PLR0913, PLR0917 - the cells of one table and what they stand for
        self,
        panel: Panel,
        mineral: str,
        row: int,
        direction: Direction,
        step: int,
        chances: FloatArray,
        outlook: Outlook,
        unrest: FloatArray,
    ) -> Signal:
        size, forecast = price_steps(direction)[step], outlook.forecast
        chance = float(chances[forecast.horizons_months.index(HORIZON_MONTHS)])
        base = float(np.exp(forecast.base_log_price[row]))
        ratio = float(forecast.volatility[row] / forecast.volatility_norm[row])
        is_running = bool(outlook.is_running[direction][row])
        about = panel.monthly.rows[row]
        return Signal(
            mineral=mineral,
            area=about.area,
            family=self.family,
            indicator=self.name,
            direction=direction,
            score=chance,
            percentile=panel.monthly.newest_value(unrest, row),
            probability=chance,
            severity=Severity.MINOR if is_running else STEPS[step],
            is_observed=False,
            horizon_months=HORIZON_MONTHS,
            criterion=f"price {signed_pct(size)} or more within {HORIZON_MONTHS} months",
            reason=(
                f"{mineral_name(mineral)}: {plain_pct(chance)} chance that the price touches "
                f"{plain_price(base * (1.0 + size))} {about.unit} "
                f"({signed_pct(size)}) within {HORIZON_MONTHS} months; "
                f"volatility is {ratio:.1f} times its norm."
            ),
            evidence=_collect_evidence(panel, row, outlook, chances, size, is_running=is_running),
        )


def _collect_evidence(
    panel: Panel,
    row: int,
    outlook: Outlook,
    chances: FloatArray,
    size: float,
    *,
    is_running: bool,
) -> Evidence:
    forecast, unit = outlook.forecast, unit_suffix(panel.monthly.rows[row].unit)
    volatility = float(forecast.volatility[row])
    values = {
        "volatility_pct_per_month": 100.0 * volatility,
        "volatility_ratio": volatility / float(forecast.volatility_norm[row]),
    }
    for place, months in enumerate(forecast.horizons_months):
        values[f"p_{months}m"] = float(chances[place])
        for level in STATED_LEVELS:
            log_price = forecast.at(level)[row, place]
            values[f"q{100 * level:02.0f}_{months}m_{unit}"] = float(f"{np.exp(log_price):.6g}")
    evidence = price_evidence(
        panel.monthly,
        row,
        values=values,
        thresholds={"step_pct": 100.0 * size},
        notes=_notes(outlook, row, is_running=is_running),
    )
    close = outlook.closes.get(row)
    return add_close(evidence, close) if close else evidence


def _notes(outlook: Outlook, row: int, *, is_running: bool) -> tuple[str, ...]:
    notes = [
        "the percentile is that of the volatility, which sets the width of the forecast",
        outlook.note,
    ]
    if is_running:
        notes.append("a spike or crash this way runs already: context, which raises no alert")
    if outlook.forecast.basis[row] == Basis.SHORT:
        notes.append("short history: the volatility leans on that of all commodities")
    if is_floored(outlook.forecast.volatility[row], outlook.forecast.volatility_norm[row]):
        notes.append("the price hardly moved lately: the volatility is held at its floor")
    return tuple(notes)
