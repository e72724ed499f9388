from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.domain.period import Period, parse_as_of
from g7warn.errors import ConfigurationError


@pytest.mark.parametrize(
    ("label", "starts", "ends"),
    [
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024-S2", "2024-07-01", "2025-01-01"),
        ("2024-Q3", "2024-07-01", "2024-10-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024-W01", "2024-01-01", "2024-01-08"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
    ],
)
def test_a_period_is_half_open(label: str, starts: str, ends: str) -> None:
    period = Period.parse(label)
    assert period.starts_at.date().isoformat() == starts
    assert period.ends_at.date().isoformat() == ends


@pytest.mark.parametrize(
    "label", ["0000-01", "9999-01", "2024-13", "2023-02-29", "2024-W54", "24-01", "", "2024M01"]
)
def test_a_label_that_names_no_period_is_refused(label: str) -> None:
    with pytest.raises(ConfigurationError, match="period"):
        Period.parse(label)


@given(st.integers(1500, 2199), st.integers(1, 12))
def test_consecutive_months_touch(year: int, month: int) -> None:
    this = Period.parse(f"{year:04d}-{month:02d}")
    following = Period.parse(f"{this.ends_at.year:04d}-{this.ends_at.month:02d}")
    assert this.ends_at == following.starts_at


@pytest.mark.parametrize("text", ["2022-04-05", "20220405", " 2022-04-05 "])
def test_a_bare_date_means_the_end_of_that_day(text: str) -> None:
    assert parse_as_of(text).isoformat() == "2022-04-05T23:59:59.999999+00:00"


def test_an_offset_is_honoured() -> None:
    assert parse_as_of("2022-04-05T02:00:00+02:00").isoformat() == "2022-04-05T00:00:00+00:00"


def test_a_text_that_is_no_date_says_what_to_write() -> None:
    with pytest.raises(ConfigurationError, match="'yesterday' is no date like 2022-04-05"):
        parse_as_of("yesterday")
