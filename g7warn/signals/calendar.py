"""Months as numbers, so that a matrix has a column for every month."""

from __future__ import annotations


def month_index(label: str) -> int:
    """Return the months since year 0 of a monthly label.

    Example:
        >>> month_index("2022-03") - month_index("2021-03")
        12
    """
    return int(label[:4]) * 12 + int(label[5:7]) - 1


def index_month(index: int) -> str:
    """Return the label of a month number.

    Example:
        >>> index_month(month_index("2022-03") + 10)
        '2023-01'
    """
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
