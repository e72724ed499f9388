"""Numbers and names in the plain English of reasons and criteria."""

from __future__ import annotations

from functools import cache

from babel import Locale

from g7warn.domain.mineral import list_minerals
from g7warn.domain.place import WORLD


def mineral_name(code: str) -> str:
    """Return the catalogue's name of a mineral, the code itself where it is not watched.

    Example:
        >>> mineral_name("rare_earths")
        'Rare earths'
    """
    names = {mineral.code: mineral.name for mineral in list_minerals()}
    return names.get(code, code.replace("_", " ").capitalize())


@cache
def area_name(code: str) -> str:
    """Return the English name of an area; the code itself for a state that is no more.

    Example:
        >>> area_name("cn"), area_name("world"), area_name("suhh")
        ('China', 'the world', 'SUHH')
    """
    if code == WORLD:
        return "the world"
    return str(Locale.parse("en").territories.get(code.upper(), code.upper()))


def stage_name(stage: str) -> str:
    """Return what a stage makes of a mineral, as said of a supply.

    Example:
        >>> stage_name("refine"), stage_name("recycle")
        ('refined', 'recycle')
    """
    return {"mine": "mined", "refine": "refined", "smelt": "smelted"}.get(stage, stage)


def signed_pct(share: float, *, digits: int = 0) -> str:
    """Return a share of change with its sign.

    Example:
        >>> signed_pct(1.07), signed_pct(-0.333), signed_pct(-0.329, digits=1)
        ('+107 %', '-33 %', '-32.9 %')
    """
    return f"{share * 100.0:+.{digits}f} %"


def plain_pct(share: float) -> str:
    """Return a share without a sign.

    Example:
        >>> plain_pct(0.653)
        '65 %'
    """
    return f"{share * 100.0:.0f} %"


def plain_price(price: float) -> str:
    """Return a price with four significant digits and thousands apart.

    Example:
        >>> plain_price(33924.2), plain_price(4.0312)
        ('33,920', '4.031')
    """
    rounded = float(f"{price:.4g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1000.0 else f"{rounded:g}"


def unit_suffix(unit: str) -> str:
    """Return a unit as the suffix of a name.

    Example:
        >>> unit_suffix("USD/t")
        'usd_per_t'
    """
    return unit.lower().replace("/", "_per_").replace(" ", "_")


def months_phrase(months: int) -> str:
    """Return a length of time in words.

    Example:
        >>> months_phrase(1), months_phrase(6)
        ('1 month', '6 months')
    """
    return "1 month" if months == 1 else f"{months} months"
