"""The only place that reads the clock. Everything else is handed an `as_of` or a `Clock`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's present instant in UTC."""
        return datetime.now(tz=UTC)  # noqa: TID251 - the one allowed reading


@dataclass(slots=True)
class FixedClock:
    """A clock that stands until it is moved: for tests, replays and exercises."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant the clock stands at."""
        return self.instant

    def advance(self, step: timedelta) -> None:
        """Move the clock by `step`, which may be negative."""
        self.instant += step
