"""Policy notices: what a government announced about trade in a mineral, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class PolicyStage(StrEnum):
    """Where a measure stands in its life."""

    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"


class PolicyMeasure(StrEnum):
    """What a measure does to trade."""

    EXPORT_BAN = "export_ban"
    EXPORT_QUOTA = "export_quota"
    EXPORT_TAX = "export_tax"
    EXPORT_LICENCE = "export_licence"
    MINIMUM_PRICE = "minimum_price"
    IMPORT_TARIFF = "import_tariff"
    IMPORT_BAN = "import_ban"
    STOCKPILING = "stockpiling"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardDate:
    """A known day on which something about a measure will or may change.

    Attributes:
        on: The day.
        what: What happens then: the suspension expires, the quota window opens, ...
    """

    on: date
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyNotice:
    """One dated step in the life of one measure.

    Attributes:
        notice_id: The publisher's own id of the measure; steps of one measure share it.
        stage: Where the measure stands from `effective_on`.
        measure: What it does.
        area: ISO 3166 alpha-2 of the country that takes it, lower case.
        targets: ISO 3166 alpha-2 of the countries aimed at; empty: all.
        minerals: Codes of the minerals that its HS headings or names cover.
        hs: HS headings, 4 to 10 digits.
        announced_on: Day of publication: from then on it may be known.
        effective_on: Day from which the stage holds.
        title: What the publisher calls it.
        source_url: Where it was published.
        hazards: Known dates ahead, earliest first.
        licence_lead_days: Days that an export licence takes; 0: none or unknown.
    """

    notice_id: str
    stage: PolicyStage
    measure: PolicyMeasure
    area: str
    targets: tuple[str, ...] = ()
    minerals: tuple[str, ...]
    hs: tuple[str, ...]
    announced_on: date
    effective_on: date
    title: str
    source_url: str
    hazards: tuple[HazardDate, ...] = ()
    licence_lead_days: int = 0
