"""Signals: calibrated scores with a meaning for one mineral, and the evidence they rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from g7warn.domain.marking import Tlp

if TYPE_CHECKING:
    from datetime import datetime


class Family(StrEnum):
    """What kind of stress an indicator sees."""

    PRICE = "price"
    MARKET = "market"
    SUPPLY = "supply"
    DEMAND = "demand"
    STOCKS = "stocks"
    CONCENTRATION = "concentration"
    POLICY = "policy"
    DATA = "data"


class Direction(StrEnum):
    """Which way the measured quantity goes: a price spike is up, a collapse of exports down."""

    UP = "up"
    DOWN = "down"


class Severity(IntEnum):
    """Consequence within the horizon, as CAP 1.2 grades it."""

    NONE = 0
    MINOR = 1
    MODERATE = 2
    SEVERE = 3
    EXTREME = 4


class Certainty(IntEnum):
    """Calibrated probability of that consequence, as CAP 1.2 grades it."""

    UNLIKELY = 0
    POSSIBLE = 1
    LIKELY = 2
    OBSERVED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a signal rests on: enough to compute it again.

    Attributes:
        series_ids: Series read.
        periods: First and last period read, SDMX labels; empty where there was none.
        vintage_at: Newest `known_at` among the observations read.
        values: Name with its unit as suffix -> number, as computed.
        thresholds: Name with its unit as suffix -> number it was held against.
        is_estimated: Whether any `known_at` was estimated.
        tlp: Strictest label among the sources read.
        notes: Stated fallbacks and caveats, plain English.
    """

    series_ids: tuple[str, ...]
    periods: tuple[str, ...]
    vintage_at: datetime | None
    values: dict[str, float] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)
    is_estimated: bool = False
    tlp: Tlp = Tlp.CLEAR
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A number at which an observed consequence would become another one.

    Attributes:
        severity: The consequence beyond the bound.
        bound: Number that the next observation is held against.
        unit: Its unit.
        period: Label of that observation, `2022-04`.
        is_below: Whether beyond means below the bound, else above.
    """

    severity: Severity
    bound: float
    unit: str
    period: str
    is_below: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One indicator's finding for one mineral in one direction at one instant.

    Attributes:
        mineral: Mineral code.
        area: `world` or an ISO alpha-2 code.
        family: Kind of stress.
        indicator: Name of the indicator, as registered.
        direction: Which way the quantity goes.
        score: The indicator's own number, in its own unit; NaN means "cannot be computed".
        percentile: The score's place among its own past, 0 to 1: comparable across indicators.
        probability: Calibrated probability of the consequence within the horizon, 0 to 1;
            1.0 where it has been observed.
        severity: The consequence.
        is_observed: Whether the consequence has happened already (a fact, no forecast).
        horizon_months: Months within which the consequence is expected; 0 when observed.
        criterion: The consequence in words that can be checked later.
        reason: One plain sentence with the number, the threshold and the period.
        evidence: What it rests on.
        turns: Where an observed consequence would change: the milder one, then graver ones, as far
            as the indicator can tell.
    """

    mineral: str
    area: str
    family: Family
    indicator: str
    direction: Direction
    score: float
    percentile: float
    probability: float
    severity: Severity
    is_observed: bool
    horizon_months: int
    criterion: str
    reason: str
    evidence: Evidence
    turns: tuple[Turn, ...] = ()
