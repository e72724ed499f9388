"""The chart on an alert's page: the price its evidence names, as known when it was gravest.

This module loads matplotlib; the archive imports it when a page first needs a chart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.deliver.charts import ChartData, describe_chart, draw_chart
from g7warn.deliver.language import open_words
from g7warn.domain.period import Period
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from g7warn.deliver.message import Chart
    from g7warn.domain.alert import AlertEvent
    from g7warn.web.records import Records


def draw_alert(records: Records, life: Sequence[AlertEvent]) -> Chart | None:
    """Return the chart of an alert's price, None where its evidence names no price series."""
    data = _read_chart_data(records, life)
    return draw_chart(data) if data else None


def describe_price(records: Records, life: Sequence[AlertEvent]) -> str:
    """Return the alternative text of an alert's chart, empty where there is none."""
    data = _read_chart_data(records, life)
    return describe_chart(data, open_words("en")) if data else ""


def _read_chart_data(records: Records, life: Sequence[AlertEvent]) -> ChartData | None:
    event = max(life, key=lambda step: (step.grade, -step.sequence))
    series = [s for signal in event.assessment.signals for s in signal.evidence.series_ids]
    prices = [one for one in series if ".price." in one]
    rows = records.read_prices(prices[0], as_of=event.as_of) if prices else ()
    kept = [(instant, value, unit) for label, value, unit in rows if (instant := _begin(label))]
    if len(kept) < 2:
        return None
    return ChartData(
        mineral=event.assessment.fingerprint.mineral,
        unit=kept[-1][2],
        instants=tuple(instant for instant, _, _ in kept),
        values=tuple(value for _, value, _ in kept),
        alert_at=event.as_of,
        grade=event.grade,
    )


def _begin(label: str) -> datetime | None:
    try:
        return Period.parse(label).starts_at
    except ConfigurationError:
        return None
