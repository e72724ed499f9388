from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.domain.period import Frequency, Period
from g7warn.errors import ConfigurationError
from g7warn.store import codes

DAYS = st.dates(date(1501, 1, 8), date(2199, 12, 1))


def label(day: date, frequency: Frequency) -> str:
    year, week, _ = day.isocalendar()
    return {
        Frequency.ANNUAL: f"{day:%Y}",
        Frequency.HALF_YEARLY: f"{day:%Y}-S{(day.month + 5) // 6}",
        Frequency.QUARTERLY: f"{day:%Y}-Q{(day.month + 2) // 3}",
        Frequency.MONTHLY: f"{day:%Y-%m}",
        Frequency.WEEKLY: f"{year}-W{week:02d}",
        Frequency.DAILY: f"{day:%Y-%m-%d}",
    }[frequency]


@given(DAYS, st.sampled_from(Frequency))
def test_label_comes_back_from_its_code(day: date, frequency: Frequency) -> None:
    text = label(day, frequency)
    code = codes.encode_period(text)
    assert codes.decode_period(code) == text
    assert codes.frequency_of(code) is frequency


@given(DAYS, DAYS, st.sampled_from(Frequency))
def test_codes_sort_as_periods_do(one: date, other: date, frequency: Frequency) -> None:
    labels = [label(one, frequency), label(other, frequency)]
    by_code = sorted(labels, key=codes.encode_period)
    assert by_code == sorted(labels, key=lambda text: Period.parse(text).starts_at)


@given(DAYS, st.sampled_from(Frequency))
def test_next_period_is_the_next_column(day: date, frequency: Frequency) -> None:
    text = label(day, frequency)
    after = label(Period.parse(text).ends_at.date(), frequency)
    codes_of = codes.encode_periods([text, after])
    columns = codes.columns_of(codes_of, frequency=frequency)
    assert columns[1] - columns[0] == 1
    assert codes.labels_of(columns, frequency=frequency) == (text, after)


def test_period_of_another_frequency_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="frequency"):
        codes.check_frequency("2020", frequency=Frequency.MONTHLY)


def test_frequency_is_selected() -> None:
    mixed = codes.encode_periods(["2020", "2020-01", "2020-02"])
    chosen = codes.select_frequency(mixed, frequency=Frequency.MONTHLY)
    assert chosen.tolist() == [False, True, True]
    assert chosen.dtype == np.bool_
