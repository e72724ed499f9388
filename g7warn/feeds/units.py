"""Units: what publishers write, what is stored, and the factors between; nothing is guessed.

Weights, ounces and pounds come from the pint library. A metric ton unit (mtu, dmtu) is one per
cent of a tonne of contained metal, 10 kg, dry for dmtu. Content is part of a unit's meaning here:
`t` of ore never becomes `t` of metal except by a contained-metal factor, which has a source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from g7warn.errors import UnitMismatch

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNIT = re.compile(r"[A-Za-z]\w*(?:/[A-Za-z]\w*)?", re.ASCII)
_DEFINITIONS = (
    "t = 1000 kilogram",
    "kt = 1000 t",
    "q = 100 kilogram",
    "Mt = 1e6 t",
    "lb = 0.45359237 kilogram",
    "ozt = 0.0311034768 kilogram",
    "mtu = 10 kilogram",
    "dmtu = 10 kilogram",
    "USD = [usd]",
    "UScent = 0.01 USD",
    "EUR = [eur]",
    "CNY = [cny]",
    "GBP = [gbp]",
    "JPY = [jpy]",
    "AUD = [aud]",
    "CAD = [cad]",
    "KRW = [krw]",
    "pct = 0.01",
    "share = 1",
)


@cache
def _registry() -> Any:  # noqa: ANN401 - pint's registry is built at run time
    import pint  # noqa: PLC0415 - costs a third of a second, and most feeds need no conversion

    registry: Any = pint.UnitRegistry(None)
    for line in ("meter = [length] = m", "kilogram = [mass] = kg", "gram = 0.001 kilogram = g"):
        registry.define(line)
    for line in _DEFINITIONS:
        registry.define(line)
    return registry


@cache
def conversion_factor(unit: str, to_unit: str) -> float:
    """Return the number by which a value in `unit` is multiplied to be in `to_unit`.

    Raises:
        UnitMismatch: One of them is unknown, or they are of different dimensions.

    Example:
        >>> conversion_factor("kt", "t"), round(conversion_factor("USD/lb", "USD/t"), 2)
        (1000.0, 2204.62)
    """
    if unit == to_unit and unit:
        return 1.0
    import pint  # noqa: PLC0415 - see above

    if not (_UNIT.fullmatch(unit) and _UNIT.fullmatch(to_unit)):
        message = f"no conversion from {unit!r} to {to_unit!r}: write units like USD/t"
        raise UnitMismatch(message, unit=unit, to_unit=to_unit)
    try:
        found = _registry().Quantity(1.0, unit).to(to_unit)
    except (pint.errors.PintError, AttributeError, ValueError, TypeError, AssertionError) as error:
        message = f"no conversion from {unit!r} to {to_unit!r}: {type(error).__name__}"
        raise UnitMismatch(message, unit=unit, to_unit=to_unit) from error
    return float(found.magnitude)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainedMetal:
    """How much metal a compound or concentrate holds.

    Attributes:
        compound: Name, lower case.
        mineral: Code of the metal counted.
        share: Mass of metal over mass of compound, 0 to 1.
        source: Where it was read, or how it was computed.
    """

    compound: str
    mineral: str
    share: float
    source: str


_ATOMIC = "standard atomic weights, IUPAC 2021, computed from the formula"
CONTAINED_METAL: tuple[ContainedMetal, ...] = (
    ContainedMetal(compound="lithium carbonate", mineral="lithium", share=0.1879, source=_ATOMIC),
    ContainedMetal(compound="lithium hydroxide", mineral="lithium", share=0.2898, source=_ATOMIC),
    ContainedMetal(
        compound="lithium hydroxide monohydrate", mineral="lithium", share=0.1654, source=_ATOMIC
    ),
    ContainedMetal(compound="cobalt sulphate", mineral="cobalt", share=0.3802, source=_ATOMIC),
    ContainedMetal(compound="cobalt oxide", mineral="cobalt", share=0.7865, source=_ATOMIC),
    ContainedMetal(compound="nickel sulphate", mineral="nickel", share=0.3793, source=_ATOMIC),
    ContainedMetal(compound="tungsten trioxide", mineral="tungsten", share=0.7930, source=_ATOMIC),
    ContainedMetal(compound="antimony trioxide", mineral="antimony", share=0.8354, source=_ATOMIC),
    ContainedMetal(compound="vanadium pentoxide", mineral="vanadium", share=0.5602, source=_ATOMIC),
    ContainedMetal(compound="germanium dioxide", mineral="germanium", share=0.6942, source=_ATOMIC),
    ContainedMetal(compound="tantalum pentoxide", mineral="tantalum", share=0.8190, source=_ATOMIC),
    ContainedMetal(compound="niobium pentoxide", mineral="niobium", share=0.6990, source=_ATOMIC),
)


def contained_share(compound: str) -> ContainedMetal:
    """Return how much metal a compound holds.

    Raises:
        UnitMismatch: No factor with a source is on file.

    Example:
        >>> contained_share("Lithium carbonate").share
        0.1879
    """
    for entry in CONTAINED_METAL:
        if entry.compound == compound.strip().lower():
            return entry
    message = f"no contained-metal factor for {compound!r}: add one with its source to units.py"
    raise UnitMismatch(message, compound=compound)


def convert_currency(
    value: float, *, unit: str, to_currency: str, rates: Mapping[str, float]
) -> tuple[float, str]:
    """Return a price in another currency, and its unit.

    Args:
        value: In `unit`, such as `CNY/t`.
        unit: Currency per quantity.
        to_currency: ISO 4217 code.
        rates: Currency code -> units of `to_currency` for one unit of it, from the rate's own
            series at the same period.

    Raises:
        UnitMismatch: The unit is no currency per quantity, or no rate is given for it.

    Example:
        >>> convert_currency(70.0, unit="CNY/kg", to_currency="USD", rates={"CNY": 0.14})
        (9.8, 'USD/kg')
    """
    currency, slash, quantity = unit.partition("/")
    if not slash or (currency != to_currency and currency not in rates):
        message = f"no rate to turn {unit!r} into {to_currency}: give the rate's series"
        raise UnitMismatch(message, unit=unit, to_currency=to_currency)
    rate = 1.0 if currency == to_currency else rates[currency]
    return round(value * rate, 12), f"{to_currency}/{quantity}"
