"""Quiet hours and digests across time zones and changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.alerts.hours import is_quiet, last_digest_at
from g7warn.domain.alert import Grade
from g7warn.domain.member import QuietHours
from g7warn.errors import ConfigurationError

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kolkata", "Pacific/Apia"]
instants = st.datetimes(
    min_value=datetime(2015, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001 - likewise
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param("2022-03-26T21:30+00:00", True, id="evening before the spring change"),
        pytest.param("2022-03-27T04:59+00:00", True, id="06:59 summer time"),
        pytest.param("2022-03-27T05:00+00:00", False, id="07:00 summer time"),
        pytest.param("2022-10-30T05:30+00:00", True, id="06:30 winter time"),
        pytest.param("2022-10-30T06:00+00:00", False, id="07:00 winter time"),
    ],
)
def test_quiet_hours_follow_the_clock_on_the_wall(instant: str, expected: bool) -> None:
    night = QuietHours(starts=time(22), ends=time(7), zone="Europe/Berlin")
    now = datetime.fromisoformat(instant)
    assert is_quiet(night, grade=Grade.WARNING, as_of=now) is expected
    assert not is_quiet(night, grade=Grade.CRITICAL, as_of=now)


@given(as_of=instants, zone=st.sampled_from(ZONES), at=st.times())
def test_the_last_digest_lies_within_a_day_and_a_change_of_clock(
    as_of: datetime, zone: str, at: time
) -> None:
    instant = last_digest_at(at, zone, as_of=as_of)
    assert instant <= as_of
    assert as_of - instant <= timedelta(hours=27)
    assert last_digest_at(at, zone, as_of=instant) == instant


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        pytest.param("2022-03-28T12:00+00:00", "2022-03-28T05:00+00:00", id="summer time"),
        pytest.param("2022-03-27T04:59+00:00", "2022-03-26T06:00+00:00", id="winter time"),
    ],
)
def test_the_digest_comes_when_the_wall_shows_its_hour(as_of: str, expected: str) -> None:
    instant = last_digest_at(time(7), "Europe/Berlin", as_of=datetime.fromisoformat(as_of))
    assert instant == datetime.fromisoformat(expected)


@pytest.mark.parametrize("zone", ["Berlin", "", "../etc/passwd", "Europe"])
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(ConfigurationError, match="IANA"):
        QuietHours(starts=time(22), ends=time(7), zone=zone)
