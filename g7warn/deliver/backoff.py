"""When to try again: a schedule of about 75 hours with jitter, and what the receiver asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

WAITS: tuple[timedelta, ...] = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""Waits after the first, second, ... attempt; 75 hours and 35 minutes in all.

Source: Standard Webhooks 1.0.0, "Retry schedule" (an example schedule that doubles into days)."""

GIVE_UP_AFTER = sum(WAITS, timedelta())
JITTER = 0.2
"""Waits vary by up to this share either way, so that receivers are not hit by all at once."""

LONGEST_RETRY_AFTER = timedelta(days=1)
"""A receiver that asks for more is asked again after a day."""


def next_wait(
    attempts: int, *, age: timedelta, rng: Random, retry_after_seconds: float = 0.0
) -> timedelta | None:
    """Return how long to wait after a failed attempt, or None to give up.

    A delivery is given up only when it is both old and often tried: neither a receiver that says
    "slow down" many times nor a clock that jumps ahead makes a dead letter.

    Args:
        attempts: Attempts made, from 1.
        age: Since the delivery was queued; negative where the clock was set back.
        rng: Source of the jitter.
        retry_after_seconds: What the receiver asked for; 0 where it named nothing.
    """
    if age >= GIVE_UP_AFTER and attempts > len(WAITS):
        return None
    if retry_after_seconds > 0:
        asked = timedelta(seconds=min(retry_after_seconds, LONGEST_RETRY_AFTER.total_seconds()))
        return max(asked, timedelta(seconds=1))
    base = WAITS[min(attempts, len(WAITS)) - 1]
    return base * (1 + JITTER * (2 * rng.random() - 1))
