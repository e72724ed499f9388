"""Periods: the label of an observation, and the half-open span of time it covers."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from g7warn.errors import ConfigurationError

_PATTERN = re.compile(
    r"^(?P<year>\d{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])|S(?P<half>[12])|W(?P<week>\d{2})"
    r"|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?$"
)
_EARLIEST_YEAR, _LATEST_YEAR = 1500, 2200  # outside these a date is damage, not history

FARTHEST = timedelta(days=366)
"""How far ahead somebody may look, as exercises do. Judgement: a slip in the year is longer."""


class Frequency(StrEnum):
    """SDMX code list CL_FREQ, the codes in use."""

    ANNUAL = "A"
    HALF_YEARLY = "S"
    QUARTERLY = "Q"
    MONTHLY = "M"
    WEEKLY = "W"
    DAILY = "D"

    @property
    def months(self) -> float:
        """Length of one period in months."""
        return {"A": 12.0, "S": 6.0, "Q": 3.0, "M": 1.0, "W": 12 / 52, "D": 12 / 365}[self.value]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of time, half open.

    Attributes:
        starts_at: First instant, UTC.
        ends_at: First instant after it, UTC.
        label: SDMX time period: 2024, 2024-S1, 2024-Q3, 2024-12, 2024-W05 or 2024-12-31.
        frequency: What the label's form says.
    """

    starts_at: datetime
    ends_at: datetime
    label: str
    frequency: Frequency

    @classmethod
    def parse(cls, label: str) -> Period:
        """Return the period that an SDMX label names.

        Raises:
            ConfigurationError: The label has another form, names no real date, or lies outside
                the years 1500 to 2200.

        Example:
            >>> Period.parse("2024-12").ends_at.date().isoformat()
            '2025-01-01'
        """
        match = _PATTERN.match(label)
        year = int(match["year"]) if match else 0
        if match is None or not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
            message = f"period {label!r} is no SDMX time period between 1500 and 2200"
            raise ConfigurationError(message, period=label)
        try:
            start, end, frequency = _span(match, year)
        except ValueError as error:
            message = f"period {label!r} names no real date"
            raise ConfigurationError(message, period=label) from error
        return cls(starts_at=start, ends_at=end, label=label, frequency=frequency)


def _span(match: re.Match[str], year: int) -> tuple[datetime, datetime, Frequency]:
    if match["day"]:
        start = datetime(year, int(match["month"]), int(match["day"]), tzinfo=UTC)
        return start, start + timedelta(days=1), Frequency.DAILY
    if match["week"]:
        start = datetime.fromisocalendar(year, int(match["week"]), 1).replace(tzinfo=UTC)
        return start, start + timedelta(days=7), Frequency.WEEKLY
    if match["month"]:
        return *_months(year, int(match["month"]), 1), Frequency.MONTHLY
    if match["quarter"]:
        return *_months(year, 3 * int(match["quarter"]) - 2, 3), Frequency.QUARTERLY
    if match["half"]:
        return *_months(year, 6 * int(match["half"]) - 5, 6), Frequency.HALF_YEARLY
    return *_months(year, 1, 12), Frequency.ANNUAL


def _months(year: int, month: int, length: int) -> tuple[datetime, datetime]:
    start = datetime(year, month, 1, tzinfo=UTC)
    after = year * 12 + month - 1 + length
    return start, datetime(after // 12, after % 12 + 1, 1, tzinfo=UTC)


def month_label(instant: datetime) -> str:
    """Return the label of the month that holds `instant`.

    Example:
        >>> month_label(datetime(2022, 4, 5, tzinfo=UTC))
        '2022-04'
    """
    return f"{instant.year:04d}-{instant.month:02d}"


def parse_as_of(text: str) -> datetime:
    """Return the instant that an `as_of` text names, aware and in UTC.

    A bare date means the end of that day in UTC: what was known on that day counts.

    Args:
        text: An ISO 8601 date or date-time; without an offset UTC is meant.

    Returns:
        The instant in UTC.

    Raises:
        ConfigurationError: The text is no ISO 8601 date or date-time, or out of range.

    Example:
        >>> parse_as_of("2022-04-05").isoformat()
        '2022-04-05T23:59:59.999999+00:00'
    """
    with suppress(ValueError):
        return datetime.combine(date.fromisoformat(text.strip()), time.max, tzinfo=UTC)
    try:
        instant = datetime.fromisoformat(text.strip())
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"as_of {text!r} is no date like 2022-04-05 and no time like 2022-04-05T12:00Z"
        raise ConfigurationError(message, as_of=text) from error


def refuse_far_future(as_of: datetime, *, now: datetime) -> datetime:
    """Return `as_of` unless it lies further ahead than anybody looks.

    What is appended for a mistyped year stands before every later day and cannot be taken back.

    Args:
        as_of: Instant whose knowledge is asked for.
        now: The present.

    Raises:
        ConfigurationError: It lies more than `FARTHEST` ahead.
    """
    if as_of - now > FARTHEST:
        message = f"as_of {as_of.date()} lies more than a year ahead: check the year"
        raise ConfigurationError(message, as_of=as_of.isoformat())
    return as_of
