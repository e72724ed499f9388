"""How fresh a dataset is, against its own publication calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from g7warn.domain.period import Frequency, Period

if TYPE_CHECKING:
    from datetime import datetime

_DUE_SHARE = 0.5
"""Share of the grace in which a release is merely due; after it, it is late. Judgement."""


class FreshnessState(StrEnum):
    """How a dataset stands to its calendar, best first."""

    FRESH = "fresh"  # the next release is not expected yet
    DUE = "due"  # it is expected any day
    LATE = "late"  # it has not come, within the grace
    STALE = "stale"  # it has not come, beyond the grace
    SUSPENDED = "suspended"  # nothing has come for so long that the publisher has stopped
    NEVER = "never"  # nothing has ever come

    @property
    def is_usable(self) -> bool:
        """Whether an assessment may rest on the dataset; where not, the grade is Blind."""
        return self in {FreshnessState.FRESH, FreshnessState.DUE, FreshnessState.LATE}


class Calendar(Protocol):
    """When a release is late."""

    @property
    def grace_days(self) -> int:
        """Days after the expected release before the dataset is stale."""

    @property
    def suspended_after_days(self) -> int:
        """Days after the expected release before it counts as suspended."""


class Published(Protocol):
    """A dataset of the catalogue, as far as freshness needs it."""

    @property
    def feed(self) -> str:
        """Name of the feed."""

    @property
    def lag_days(self) -> int:
        """Days from a period's end to its release."""

    @property
    def calendar(self) -> Calendar:
        """When a release is late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How fresh a dataset is at one instant.

    Attributes:
        state: Against the calendar.
        last_period: Newest period known; empty where there is none.
        age_days: Days since that period ended; -1 where there is none.
        expected_at: When the release after it is expected; None where nothing has ever come.
    """

    state: FreshnessState
    last_period: str
    age_days: int
    expected_at: datetime | None


def judge_freshness(dataset: Published, *, last_period: str, as_of: datetime) -> Freshness:
    """Return how fresh a dataset is.

    The next release is expected one period and the publication lag after the newest period ended.

    Args:
        dataset: Its catalogue entry.
        last_period: Newest period known at `as_of`, empty where there is none.
        as_of: When.

    Raises:
        ConfigurationError: `last_period` is no period.
    """
    if not last_period:
        return Freshness(state=FreshnessState.NEVER, last_period="", age_days=-1, expected_at=None)
    period = Period.parse(last_period)
    expected_at = _end_of_next(period) + timedelta(days=dataset.lag_days)
    overdue, grace = as_of - expected_at, timedelta(days=dataset.calendar.grace_days)
    if overdue < timedelta(0):
        state = FreshnessState.FRESH
    elif overdue >= timedelta(days=dataset.calendar.suspended_after_days):
        state = FreshnessState.SUSPENDED
    elif overdue >= grace:
        state = FreshnessState.STALE
    else:
        state = FreshnessState.DUE if overdue < grace * _DUE_SHARE else FreshnessState.LATE
    return Freshness(
        state=state,
        last_period=last_period,
        age_days=max((as_of - period.ends_at).days, 0),
        expected_at=expected_at,
    )


def _end_of_next(period: Period) -> datetime:
    if period.frequency in {Frequency.DAILY, Frequency.WEEKLY}:
        return period.ends_at + (period.ends_at - period.starts_at)
    month = period.ends_at.month - 1 + round(period.frequency.months)
    return period.ends_at.replace(year=period.ends_at.year + month // 12, month=month % 12 + 1)
