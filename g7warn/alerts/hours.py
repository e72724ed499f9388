"""Hours of the day in a place's own time: quiet hours and the hour of the digest.

Local times are compared as a clock on the wall shows them, so a day of 23 or 25 hours needs no
care: quiet from 22:00 to 07:00 is quiet whenever the wall shows such a time.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from g7warn.domain.alert import Grade
    from g7warn.domain.member import QuietHours


def is_quiet(quiet: QuietHours | None, *, grade: Grade, as_of: datetime) -> bool:
    """Return whether a notice of `grade` has to wait for the morning.

    Example:
        >>> from g7warn.domain.alert import Grade
        >>> from g7warn.domain.member import QuietHours
        >>> night = QuietHours(starts=time(22), ends=time(7), zone="Asia/Tokyo")
        >>> is_quiet(night, grade=Grade.WARNING, as_of=datetime(2022, 4, 5, 15, tzinfo=UTC))
        True
    """
    if quiet is None or grade >= quiet.broken_by:
        return False
    now = as_of.astimezone(ZoneInfo(quiet.zone)).time()
    if quiet.starts < quiet.ends:
        return quiet.starts <= now < quiet.ends
    return now >= quiet.starts or now < quiet.ends


def last_digest_at(at: time, zone: str, *, as_of: datetime) -> datetime:
    """Return the newest instant, not after `as_of`, at which the wall of `zone` showed `at`.

    A time that the clocks skip in spring is read as though they had not been changed yet; one that
    they show twice in autumn counts once, the first time.
    """
    place = ZoneInfo(zone)
    day = as_of.astimezone(place).date() + timedelta(days=1)
    while True:
        instant = datetime.combine(day, at, tzinfo=place).astimezone(UTC)
        if instant <= as_of:
            return instant
        day -= timedelta(days=1)
