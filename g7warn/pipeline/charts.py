"""Charts of alerts: the price that the evidence names, as known when the alert was gravest.

This module loads matplotlib: import it where a chart is drawn, not before.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from g7warn.deliver.charts import ChartData, Fan, draw_chart
from g7warn.domain.period import Period
from g7warn.errors import ConfigurationError, TransientError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from g7warn.deliver.message import Chart
    from g7warn.domain.alert import AlertEvent
    from g7warn.domain.signal import Evidence

    PriceReader = Callable[[str, datetime], Sequence[tuple[str, float, str]]]

_KEPT = 64
_BANDS = {0.5: ("25", "75"), 0.9: ("05", "95")}
"""Share covered -> the quantiles, in per cent, that bound it."""

_QUANTILE = re.compile(r"^q(\d\d)_(\d+)m_")
"""Name of a forecast quantile in the evidence: level in per cent, months ahead, unit."""


@dataclass(slots=True)
class ChartDrawer:
    """Draws the charts of alerts, each once a language; safe in several threads.

    Attributes:
        read: Series and instant -> period, value and unit, oldest first.
    """

    read: PriceReader
    _drawn: OrderedDict[tuple[str, int, str], Chart | None] = field(
        default_factory=OrderedDict, repr=False
    )
    _lock: Lock = field(default_factory=Lock, repr=False)

    def draw(self, life: Sequence[AlertEvent], *, language: str = "en") -> Chart | None:
        """Return the chart of an alert's events, None where there is nothing to draw.

        A chart that cannot be drawn now holds nothing back.

        Args:
            life: Events of one alert, oldest first; at least one.
            language: Of lettering and alternative text.
        """
        key = (life[-1].alert_id, life[-1].sequence, language)
        with self._lock:  # matplotlib's settings are shared by all threads
            if key not in self._drawn:
                self._drawn[key] = self._draw(life, language)
                while len(self._drawn) > _KEPT:
                    self._drawn.popitem(last=False)
            return self._drawn[key]

    def _draw(self, life: Sequence[AlertEvent], language: str) -> Chart | None:
        try:
            data = collect_chart_data(life, self.read)
            return draw_chart(data, language=language) if data else None
        except (ConfigurationError, TransientError):
            return None


def collect_chart_data(life: Sequence[AlertEvent], read: PriceReader) -> ChartData | None:
    """Return what the chart of an alert shows, None where its evidence names no price series.

    The fan is the forecast that the evidence states; evidence without one gives no fan.

    Args:
        life: Events of one alert, at least one.
        read: Series and instant -> period, value and unit, oldest first.
    """
    event = max(life, key=lambda step: (step.grade, -step.sequence))
    evidence = [signal.evidence for signal in event.assessment.signals]
    series = [one for each in evidence for one in each.series_ids if ".price." in one]
    rows = read(series[0], event.as_of) if series else ()
    kept = [(period, value, unit) for label, value, unit in rows if (period := _parse(label))]
    if len(kept) < 2:
        return None
    return ChartData(
        mineral=event.assessment.fingerprint.mineral,
        unit=kept[-1][2],
        instants=tuple(period.starts_at for period, _, _ in kept),
        values=tuple(value for _, value, _ in kept),
        alert_at=event.as_of,
        grade=event.grade,
        fan=_read_fan(kept[-1][0], evidence),
    )


def _read_fan(newest: Period, evidence: Sequence[Evidence]) -> Fan | None:
    for each in evidence:
        found: dict[str, dict[int, float]] = {}
        for name, price in each.values.items():
            if match := _QUANTILE.match(name):
                found.setdefault(match[1], {})[int(match[2])] = price
        if found:
            return _to_fan(newest, found)
    return None


def _to_fan(newest: Period, found: dict[str, dict[int, float]]) -> Fan:
    ahead = sorted(found["50"])

    def line(level: str) -> tuple[float, ...]:
        return tuple(found[level][months] for months in ahead)

    return Fan(
        instants=tuple(_months_after(newest, months) for months in ahead),
        median=line("50"),
        bands={share: (line(low), line(high)) for share, (low, high) in _BANDS.items()},
    )


def _months_after(period: Period, months: int) -> datetime:
    begin = period.starts_at
    count = begin.year * 12 + begin.month - 1 + months
    return begin.replace(year=count // 12, month=count % 12 + 1, day=1)


def _parse(label: str) -> Period | None:
    try:
        return Period.parse(label)
    except ConfigurationError:
        return None
