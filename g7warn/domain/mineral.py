"""The mineral catalogue: what is watched, under which names and HS headings."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from g7warn.errors import ConfigurationError


class Mineral(BaseModel):
    """One critical mineral.

    Attributes:
        code: Token of series ids, lower case.
        name: English name.
        symbol: Chemical symbol or formula; empty for natural substances without one.
        hs: HS headings (4 or 6 digits, 2022 edition) under which it is traded.
        aliases: Other names that publishers use, lower case.
        lists: Critical lists that name it: eu (2024/1252), us (USGS 2025), jp, ca, uk, au.
        is_pilot: Whether it is a pilot of the mechanism (lithium, nickel).
        is_strategic: Whether the mechanism's dependence targets name it (rare earths and
            permanent magnets).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    symbol: str = ""
    hs: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    is_pilot: bool = False
    is_strategic: bool = False

    @field_validator("hs")
    @classmethod
    def _check_hs(cls, headings: tuple[str, ...]) -> tuple[str, ...]:
        for heading in headings:
            if not (heading.isdigit() and len(heading) in {4, 6}):
                message = f"{heading!r} is no HS heading of 4 or 6 digits"
                raise ValueError(message)
        return headings


@cache
def list_minerals() -> tuple[Mineral, ...]:
    """Return the catalogue in the order of `minerals.yaml`."""
    text = resources.files("g7warn.domain").joinpath("minerals.yaml").read_text("utf-8")
    return tuple(Mineral.model_validate(entry) for entry in yaml.safe_load(text))


@cache
def _by_name() -> dict[str, Mineral]:
    names: dict[str, Mineral] = {}
    for mineral in list_minerals():
        for name in (mineral.code, mineral.name.lower(), *mineral.aliases):
            names[name] = mineral
    return names


def find_mineral(name: str) -> Mineral | None:
    """Return the mineral a publisher's name stands for, or None where it is not watched.

    Example:
        >>> find_mineral(" Aluminium ").code
        'aluminium'
    """
    return _by_name().get(" ".join(name.lower().split()))


def get_mineral(code: str) -> Mineral:
    """Return the mineral with this code.

    Raises:
        ConfigurationError: No such mineral; the message lists those there are.
    """
    for mineral in list_minerals():
        if mineral.code == code:
            return mineral
    known = [mineral.code for mineral in list_minerals()]
    message = f"no mineral {code!r} in the catalogue; there are: {', '.join(known)}"
    raise ConfigurationError(message, mineral=code)
