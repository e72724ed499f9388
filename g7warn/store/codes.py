"""Period labels as integers: eight times the day a period starts, plus a digit for its length.

Integers sort as the periods do, take four bytes and join fast. Day 0 is 1970-01-01.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from g7warn.domain.period import Frequency, Period
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DIGITS: dict[Frequency, int] = {
    Frequency.ANNUAL: 0,
    Frequency.HALF_YEARLY: 1,
    Frequency.QUARTERLY: 2,
    Frequency.MONTHLY: 3,
    Frequency.WEEKLY: 4,
    Frequency.DAILY: 5,
}
_FREQUENCIES = {digit: frequency for frequency, digit in _DIGITS.items()}
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday; weeks start on Monday
_MONTHS = {
    Frequency.ANNUAL: 12,
    Frequency.HALF_YEARLY: 6,
    Frequency.QUARTERLY: 3,
    Frequency.MONTHLY: 1,
}


@lru_cache(maxsize=65536)
def encode_period(label: str) -> int:
    """Return the integer of an SDMX period label.

    Raises:
        ConfigurationError: The label names no period.

    Example:
        >>> encode_period("1970-01"), encode_period("1970-01-02")
        (3, 13)
    """
    period = Period.parse(label)
    day = int(np.datetime64(period.starts_at.date(), "D").astype(np.int64))
    return day * 8 + _DIGITS[period.frequency]


@lru_cache(maxsize=65536)
def decode_period(code: int) -> str:
    """Return the label of an integer that `encode_period` gave.

    Example:
        >>> decode_period(encode_period("2022-Q3"))
        '2022-Q3'
    """
    day = np.datetime64(code // 8, "D").astype(object)
    frequency = _FREQUENCIES[code % 8]
    match frequency:
        case Frequency.ANNUAL:
            return f"{day:%Y}"
        case Frequency.HALF_YEARLY:
            return f"{day:%Y}-S{(day.month + 5) // 6}"
        case Frequency.QUARTERLY:
            return f"{day:%Y}-Q{(day.month + 2) // 3}"
        case Frequency.MONTHLY:
            return f"{day:%Y-%m}"
        case Frequency.WEEKLY:
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        case Frequency.DAILY:
            return f"{day:%Y-%m-%d}"


def encode_periods(labels: Iterable[str]) -> np.ndarray:
    """Return the integers of labels as int32, in order."""
    return np.fromiter((encode_period(label) for label in labels), dtype=np.int32)


def decode_periods(codes: Sequence[int] | np.ndarray) -> list[str]:
    """Return the labels of integers, in order."""
    return [decode_period(int(code)) for code in codes]


def frequency_of(code: int) -> Frequency:
    """Return the frequency that an integer stands for."""
    return _FREQUENCIES[code % 8]


def columns_of(codes: np.ndarray, *, frequency: Frequency) -> np.ndarray:
    """Return how many periods of `frequency` lie between 1970 and each code, as int64.

    Neighbouring periods differ by one: the number is a column of a matrix, but for its start.

    Args:
        codes: Integers of periods that all have `frequency`.
        frequency: The length of one period.
    """
    days = np.asarray(codes, dtype=np.int64) // 8
    if frequency is Frequency.DAILY:
        return days
    if frequency is Frequency.WEEKLY:
        return (days + _EPOCH_WEEKDAY) // 7
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months // _MONTHS[frequency]


def labels_of(columns: np.ndarray, *, frequency: Frequency) -> tuple[str, ...]:
    """Return the labels of what `columns_of` counted."""
    if frequency is Frequency.DAILY:
        days = columns.astype(np.int64)
    elif frequency is Frequency.WEEKLY:
        days = columns.astype(np.int64) * 7 - _EPOCH_WEEKDAY
    else:
        months = (columns * _MONTHS[frequency]).astype("datetime64[M]")
        days = months.astype("datetime64[D]").astype(np.int64)
    return tuple(decode_periods(days * 8 + _DIGITS[frequency]))


def check_frequency(label: str, *, frequency: Frequency) -> int:
    """Return the column of a label that must have `frequency`.

    Raises:
        ConfigurationError: The label has another frequency or names no period.
    """
    code = encode_period(label)
    if frequency_of(code) is not frequency:
        message = f"period {label!r} has not the frequency {frequency.name.lower()}"
        raise ConfigurationError(message, period=label, frequency=str(frequency))
    return int(columns_of(np.array([code]), frequency=frequency)[0])


def select_frequency(codes: np.ndarray, *, frequency: Frequency) -> np.ndarray:
    """Return a mask of the codes that have `frequency`."""
    mask: np.ndarray = np.asarray(codes) % 8 == _DIGITS[frequency]
    return mask
