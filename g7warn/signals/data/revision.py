"""Revisions: past prices that the publisher has changed since they were first known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from g7warn.domain.signal import Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.data.health import health_signal
from g7warn.signals.wording import mineral_name, plain_pct

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

LARGE_SHARE: Final = 0.05
"""Revision from which earlier readings may have been wrong: a fifth of the first price step.
Judgement."""

MANY: Final = 24
"""Revised months from which the history as a whole is another one: two years. Judgement."""


@register
@dataclass(frozen=True, slots=True)
class Revisions:
    """Observations of which another value was known before."""

    name: str = "revisions"
    family: Family = Family.DATA

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral with a benchmark price."""
        return [self._signal(panel, row) for row in panel.benchmarks.values()]

    def _signal(self, panel: Panel, row: int) -> Signal:
        about = panel.monthly.rows[row]
        is_large = about.largest_revision_share >= LARGE_SHARE
        is_large |= about.revised >= MANY
        severity = Severity.MINOR if is_large else Severity.NONE
        return health_signal(
            self,
            panel.monthly,
            row,
            score=about.largest_revision_share,
            severity=severity,
            criterion=f"a past price revised by {plain_pct(LARGE_SHARE)} or more",
            reason=(
                f"{mineral_name(about.mineral)}: {about.revised} past prices were revised, the "
                f"largest by {100 * about.largest_revision_share:.1f} % "
                f"(notable from {plain_pct(LARGE_SHARE)} or {MANY} months)."
            ),
            values={
                "revised_months": float(about.revised),
                "largest_revision_pct": 100.0 * about.largest_revision_share,
            },
            thresholds={"largest_revision_pct": 100.0 * LARGE_SHARE, "revised_months": float(MANY)},
        )
