"""Rate limit: a bucket of requests a client, refilled steadily."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

CLIENTS_KEPT = 10_000
"""Clients remembered; the longest silent are forgotten first. Bounds the memory."""


@dataclass(slots=True)
class RateLimit:
    """Counts requests by client.

    Attributes:
        burst: Requests that may come at once.
        per_second: Requests that come back each second.
    """

    burst: int = 120
    per_second: float = 4.0
    _buckets: OrderedDict[str, tuple[float, datetime]] = field(
        default_factory=OrderedDict, repr=False
    )

    def wait_seconds(self, client: str, *, now: datetime) -> float:
        """Take one request from a client's bucket; return 0, or the seconds to wait for one.

        A clock that is set back gives nothing and takes nothing.
        """
        left, seen_at = self._buckets.pop(client, (float(self.burst), now))
        gained = max(0.0, (now - seen_at).total_seconds()) * self.per_second
        left = min(float(self.burst), left + gained)
        is_open = left >= 1.0
        self._buckets[client] = (left - 1.0 if is_open else left, now)
        while len(self._buckets) > CLIENTS_KEPT:
            self._buckets.popitem(last=False)
        return 0.0 if is_open else (1.0 - left) / self.per_second
