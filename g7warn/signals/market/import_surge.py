"""Import surge: more comes in at a lower price, which closes capacity outside the dominant one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.histories import History, is_weight, read_histories, year_before
from g7warn.signals.observed import observed_signal
from g7warn.signals.wording import area_name, mineral_name, signed_pct

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

QUANTITY_RISE: Final = 0.25
"""Rise of the quantity over a year. Judgement; safeguard cases speak of "sharp and sudden"."""

PRICE_FALL: Final = -0.10
"""Fall of the unit value over the same year. Judgement."""

PAST_YEARS: Final = 8
"""Years whose changes are the past that the newest is placed in."""

GRAVE_RISE: Final = 0.50
"""Rise of the quantity from which, with such a fall, home producers are at stake. Judgement."""


@register
@dataclass(frozen=True, slots=True)
class ImportSurge:
    """Quantity up and unit value down on the year, for importers inside the bloc."""

    name: str = "import_surge"
    family: Family = Family.MARKET

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and importer with weights and values."""
        facts = panel.facts[panel.facts["stage"] == "trade"]
        imports = facts[facts["measure"].str.startswith("import")]
        importers = imports["area"].str.split("_").str[0]
        is_recent = imports["period"] >= str(panel.as_of.year - PAST_YEARS)
        inside = imports[importers.isin(panel.bloc.countries) & is_recent]
        histories = [
            one for one in read_histories(inside, by="reporter") if one.is_current(panel.as_of)
        ]
        values = {_key(one): one for one in histories if one.unit.upper().startswith("USD")}
        weights = [one for one in histories if is_weight(one.unit) and _key(one) in values]
        return [self._signal(weight, values[_key(weight)]) for weight in weights]

    def _signal(self, weight: History, value: History) -> Signal:
        tonnes = weight.volumes[weight.volumes > 0.0]
        unit_value = (value.volumes / tonnes).dropna()
        changes = pd.DataFrame(
            {
                "rise": tonnes / year_before(tonnes) - 1.0,
                "fall": unit_value / year_before(unit_value) - 1.0,
            }
        ).dropna()
        is_known = len(changes) > 0
        rise = float(changes["rise"].iloc[-1]) if is_known else math.nan
        fall = float(changes["fall"].iloc[-1]) if is_known else math.nan
        is_surge = rise >= QUANTITY_RISE and fall <= PRICE_FALL
        severity = Severity.MODERATE if rise >= GRAVE_RISE else Severity.MINOR
        name = f"{mineral_name(weight.mineral)} into {area_name(weight.area)}"
        reason = f"{name}: no two years with weight and value to compare."
        if is_known:
            reason = (
                f"{name}: imports of {changes.index[-1]} changed {signed_pct(rise)} in weight and "
                f"{signed_pct(fall)} in unit value on the year (surge from "
                f"{signed_pct(QUANTITY_RISE)} and {signed_pct(PRICE_FALL)})."
            )
        return observed_signal(
            self,
            mineral=weight.mineral,
            area=weight.area,
            direction=Direction.DOWN,
            score=rise,
            past=changes["rise"].iloc[:-1].to_numpy(),
            severity=severity if is_surge else Severity.NONE,
            criterion=(
                f"imports {signed_pct(QUANTITY_RISE)} or more in weight at a unit value "
                f"{signed_pct(PRICE_FALL)} or lower on the year"
            ),
            reason=reason,
            evidence=facts_evidence(
                pd.concat([weight.rows, value.rows]),
                values={"quantity_change_pct": 100.0 * rise, "unit_value_change_pct": 100.0 * fall},
                thresholds={
                    "quantity_change_pct": 100.0 * QUANTITY_RISE,
                    "unit_value_change_pct": 100.0 * PRICE_FALL,
                },
                notes=("no comparable year before",) if not is_known else (),
            ),
        )


def _key(history: History) -> tuple[str, ...]:
    """Return what a weight and its value share: all but the word in the measure and the unit."""
    heading = history.measure.replace("_value", "").replace("_weight", "")
    source = str(history.rows["source"].iloc[0])
    return history.mineral, history.area, source, heading, history.frequency.value
