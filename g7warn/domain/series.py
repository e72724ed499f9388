"""Series: what is measured, where, and by whom; and the SDMX codes an observation carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from g7warn.errors import ConfigurationError

_TOKEN = re.compile(r"^[a-z0-9][a-z0-9_]*$")


class ObsStatus(StrEnum):
    """SDMX code list CL_OBS_STATUS, the codes in use."""

    NORMAL = "A"
    BREAK = "B"
    ESTIMATED = "E"
    FORECAST = "F"
    MISSING = "M"
    PROVISIONAL = "P"
    SUSPENDED = "H"
    WITHHELD = "Q"


class ConfStatus(StrEnum):
    """SDMX code list CL_CONF_STATUS, the codes in use."""

    FREE = "F"
    NOT_FOR_PUBLICATION = "N"
    CONFIDENTIAL = "C"
    SECONDARY = "D"


@dataclass(frozen=True, slots=True, order=True)
class SeriesId:
    """`<mineral>.<stage>.<measure>.<area>.<source>`, lower case.

    Attributes:
        mineral: Code of `minerals.yaml`, or the slug of another commodity (pool series).
        stage: Where in the chain: mine, refine, market, trade, stock, use, reserve, policy.
        measure: What is counted: price, production, capacity, imports, ...
        area: ISO 3166 alpha-2 in lower case, `world`, `<reporter>_<partner>` for trade, or
            `members` for a sum over those that contributed.
        source: Code of the dataset's publisher.

    Example:
        >>> SeriesId.parse("lithium.refine.production.cn.usgs").area
        'cn'
    """

    mineral: str
    stage: str
    measure: str
    area: str
    source: str

    def __str__(self) -> str:
        """Return the dotted form."""
        return f"{self.mineral}.{self.stage}.{self.measure}.{self.area}.{self.source}"

    @classmethod
    def parse(cls, text: str) -> SeriesId:
        """Return the series that a dotted text names.

        Raises:
            ConfigurationError: Not five lower-case tokens joined by dots.
        """
        tokens = text.split(".")
        if len(tokens) != 5 or not all(_TOKEN.match(token) for token in tokens):
            message = (
                f"series id {text!r} is not <mineral>.<stage>.<measure>.<area>.<source> "
                "in lower case letters, digits and underscores"
            )
            raise ConfigurationError(message, series_id=text)
        return cls(*tokens)


def slugify_name(name: str) -> str:
    """Return a publisher's name as one token of a series id.

    Example:
        >>> slugify_name("Rice, Viet Namese 5%")
        'rice_viet_namese_5pct'
    """
    words = re.sub(r"[^a-z0-9]+", "_", name.lower().replace("%", "pct"))
    return words.strip("_")
