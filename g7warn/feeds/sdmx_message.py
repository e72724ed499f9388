"""An SDMX data message in columns: a million observations in a few dozen megabytes."""

from __future__ import annotations

import math
import re
from array import array
from dataclasses import dataclass, field

from g7warn.feeds.numbers import read_number

TIME, VALUE, STATUS = "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"
CONF_NAMES: tuple[str, ...] = ("CONF_STATUS", "OBS_CONF", "CONF_STATUS_OBS")
"""Names under which publishers state confidentiality; the first is the cross-domain concept."""
DELETIONS: frozenset[str] = frozenset({"D", "DELETE"})
"""Actions of a dataset or a line whose observations are withdrawn, not stated."""
_ABSENT = frozenset({"", "NaN", "nan", "null"})
_MONTH = re.compile(r"(\d{4})-?M(\d{1,2})")
_SUBYEAR = re.compile(r"(\d{4})-?([QSW])(\d{1,2})")
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})T[\d:.]+Z?")
_YEAR = re.compile(r"(\d{4})-?A1?")


@dataclass(slots=True)
class SdmxMessage:
    """Series keys, and observations that refer to them by number.

    Attributes:
        series: For each series its dimensions and attributes, code by name.
        series_numbers: For each observation the number of its series.
        periods: For each observation the number of its period label.
        labels: Period labels, normalised to the forms of `Period.parse`.
        values: For each observation its value; NaN where the text was no number.
        statuses: For each observation the number of its (status, confidentiality) pair.
        status_pairs: The pairs; empty texts where the message states nothing.
        refused: Number of an observation -> its text and why it is no number.
        absent: Observations that the publisher marks as missing; they are not kept.
    """

    series: list[dict[str, str]] = field(default_factory=list)
    series_numbers: array[int] = field(default_factory=lambda: array("i"))
    periods: array[int] = field(default_factory=lambda: array("i"))
    labels: list[str] = field(default_factory=list)
    values: array[float] = field(default_factory=lambda: array("d"))
    statuses: array[int] = field(default_factory=lambda: array("i"))
    status_pairs: list[tuple[str, str]] = field(default_factory=list)
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)
    absent: int = 0
    _label_numbers: dict[str, int] = field(default_factory=dict)
    _pair_numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _key_numbers: dict[tuple[tuple[str, str], ...], int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of observations."""
        return len(self.values)

    def add_series(self, key: dict[str, str]) -> int:
        """Add a series and return its number."""
        self.series.append(key)
        return len(self.series) - 1

    def find_series(self, key: dict[str, str]) -> int:
        """Return the number of the series with this key, added when it is new."""
        items = tuple(key.items())
        number = self._key_numbers.get(items)
        if number is None:
            number = self._key_numbers[items] = self.add_series(dict(key))
        return number

    def add(
        self, series_number: int, *, period: str, text: str, status: str = "", conf: str = ""
    ) -> None:
        """Add one observation; a missing mark adds none, a text that is no number is kept."""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or abs(value) > 1e15 or "_" in text:
            if text.strip() in _ABSENT:
                self.absent += 1
                return
            value, why = read_number(text)
            if why:
                self.refused[len(self.values)] = (text, why)
        number = self._label_numbers.get(period)
        if number is None:
            number = self._label_numbers[period] = len(self.labels)
            self.labels.append(normalise_period(period))
        pair = (status, conf)
        pair_number = self._pair_numbers.get(pair)
        if pair_number is None:
            pair_number = self._pair_numbers[pair] = len(self.status_pairs)
            self.status_pairs.append(pair)
        self.series_numbers.append(series_number)
        self.periods.append(number)
        self.values.append(value)
        self.statuses.append(pair_number)


def normalise_period(text: str) -> str:
    """Return an SDMX time period in the form that `Period.parse` reads.

    Example:
        >>> normalise_period("2024-M03"), normalise_period("2024-03-31T00:00:00")
        ('2024-03', '2024-03-31')
    """
    text = text.strip()
    if match := _MONTH.fullmatch(text):
        return f"{match[1]}-{int(match[2]):02d}"
    if match := _SUBYEAR.fullmatch(text):
        digits = f"{int(match[3]):02d}" if match[2] == "W" else str(int(match[3]))
        return f"{match[1]}-{match[2]}{digits}"
    if match := _INSTANT.fullmatch(text) or _YEAR.fullmatch(text):
        return str(match[1])
    return text
