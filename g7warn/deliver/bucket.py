"""Token bucket: at most so many messages a second, with an allowance that fills up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How fast a receiver may be told.

    Attributes:
        per_second: Messages a second over time.
        burst: Messages at once after a pause.
    """

    per_second: float
    burst: int = 1


UNLIMITED = Limit(per_second=1e6, burst=1_000_000)

LIMITS: dict[str, Limit] = {"slack": Limit(per_second=1)}
"""Channel -> limit of one endpoint. Source: Slack, "Rate limits": about one message a second a
channel, seen 2026-11; others name none and say 429 when it is too much."""


class TokenBucket:
    """The allowance of one endpoint.

    Args:
        limit: How fast it fills, and how much it holds.
    """

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._tokens = float(limit.burst)
        self._filled_at: datetime | None = None

    def take(self, now: datetime) -> timedelta:
        """Take a token where there is one.

        Args:
            now: Present instant; one that lies before the last fills nothing and breaks nothing.

        Returns:
            Zero where a token was taken; otherwise how long until there will be one.
        """
        if self._filled_at is not None:
            elapsed = max((now - self._filled_at).total_seconds(), 0.0)
            grown = self._tokens + elapsed * self._limit.per_second
            self._tokens = min(grown, float(self._limit.burst))
        self._filled_at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return timedelta()
        return timedelta(seconds=(1 - self._tokens) / self._limit.per_second)
