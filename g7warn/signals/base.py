"""What an indicator promises, the register of all of them, and computing them together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from g7warn.domain.register import Register
from g7warn.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.domain.signal import Family, Signal
    from g7warn.signals.panel import Panel


class Indicator(Protocol):
    """One way of seeing stress."""

    @property
    def name(self) -> str:
        """Name under which it is registered and quoted in signals."""
        ...

    @property
    def family(self) -> Family:
        """What kind of stress it sees."""
        ...

    def compute(self, panel: Panel) -> list[Signal]:
        """Return what the panel tells, also where it is quiet (severity NONE).

        A mineral without the data that the indicator needs gets no signal; one whose data are
        there but do not suffice gets a signal with a NaN score that says why. Signals come in the
        order of minerals, then directions. Pure: the same panel, the same signals.
        """
        ...


INDICATORS: Final[Register[Indicator]] = Register(role="indicator", package="g7warn.signals")
"""Every indicator by name; a class enters under `@register`."""

register = INDICATORS.enter


@cache
def list_indicators() -> tuple[Indicator, ...]:
    """Return all indicators by family, then name."""
    return tuple(sorted(INDICATORS.list_all(), key=lambda one: (one.family.value, one.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalBatch:
    """What all indicators found.

    Attributes:
        signals: All signals, by family, indicator, mineral.
        failures: Indicator -> message of the data error that stopped it; the others went on.
    """

    signals: tuple[Signal, ...]
    failures: dict[str, str]


def compute_signals(panel: Panel, *, indicators: Sequence[Indicator] | None = None) -> SignalBatch:
    """Return the signals of all indicators; one that cannot read its data stops no other.

    Args:
        panel: What is known.
        indicators: Those to run; by default all that are registered.
    """
    signals: list[Signal] = []
    failures: dict[str, str] = {}
    for indicator in list_indicators() if indicators is None else indicators:
        try:
            signals.extend(indicator.compute(panel))
        except DataError as error:
            failures[indicator.name] = error.message
    return SignalBatch(signals=tuple(signals), failures=failures)
