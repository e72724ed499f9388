"""Builders of chart data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from g7warn.deliver.charts import ChartData, Fan
from g7warn.domain.alert import Grade


def month(index: int) -> datetime:
    return datetime(2012 + index // 12, 1 + index % 12, 1, tzinfo=UTC)


def make_chart_data(**changes: Any) -> ChartData:
    values = (*(15_000.0 + 40.0 * (i * 37 % 101) for i in range(120)), 24_016.0, 33_924.0)
    count = len(values)
    ahead = range(1, 7)
    facts: dict[str, Any] = {
        "mineral": "nickel",
        "unit": "USD/t",
        "instants": tuple(month(i) for i in range(count)),
        "values": values,
        "alert_at": month(count - 1) + timedelta(days=35),
        "grade": Grade.WARNING,
        "thresholds": (50_000.0,),
        "fan": Fan(
            instants=tuple(month(count - 1 + step) for step in ahead),
            median=tuple(33_000.0 - 200 * step for step in ahead),
            bands={
                0.5: (
                    tuple(33_000.0 - 1_000 * step for step in ahead),
                    tuple(33_000.0 + 1_100 * step for step in ahead),
                ),
                0.9: (
                    tuple(33_000.0 - 2_200 * step for step in ahead),
                    tuple(33_000.0 + 3_300 * step for step in ahead),
                ),
            },
        ),
    }
    return ChartData(**(facts | changes))
