from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.feeds.numbers import read_number


@pytest.mark.parametrize(
    ("cell", "value"),
    [(3, 3.0), (" 12.50 ", 12.5), ("-.5", -0.5), ("1e3", 1000.0), ("+7.", 7.0)],
)
def test_numbers_are_read(cell: object, value: float) -> None:
    assert read_number(cell) == (value, "")


@pytest.mark.parametrize(
    "cell",
    [
        *("1,5", "1.234,5", "1 234", "0x1F", "1_000", "\u0661\u0662", "nan", "inf", "1e999"),
        *("W", "", "=A1", "12abc", "--3", "9" * 500, True, None, b"1"),
        *(float("nan"), float("-inf"), 1e308, 10**400),
    ],
)
def test_what_is_no_finite_number_is_refused_with_a_reason(cell: object) -> None:
    value, refusal = read_number(cell)
    assert math.isnan(value)
    assert refusal


def test_commas_group_thousands_only_where_the_publisher_is_known_to_do_so() -> None:
    assert read_number("1,234,567", is_grouped=True) == (1234567.0, "")
    assert read_number("1,234,567")[1]
    assert read_number("12,34", is_grouped=True)[1]


@given(st.text())
def test_any_text_gives_a_finite_number_or_a_reason(text: str) -> None:
    value, refusal = read_number(text)
    assert math.isfinite(value) != bool(refusal)


@given(st.floats(min_value=-1e17, max_value=1e17))
def test_a_number_survives_the_way_through_its_text(number: float) -> None:
    assert read_number(repr(number)) == (number, "")
