"""Sources past their publication calendar, and releases that wait for a person."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from g7warn.domain.signal import Direction, Severity, Signal
from g7warn.signals.data.held_release import HeldRelease
from g7warn.signals.data.sight import SourceSight
from g7warn.signals.panel import build_panel
from g7warn.signals.publication import Publications
from tests.support.panels import AS_OF, build_frame, build_rows

if TYPE_CHECKING:
    import pandas as pd

    from g7warn.signals.base import Indicator

YEARLY = SimpleNamespace(grace_days=30, suspended_after_days=365)
KNOWN = {
    name: (SimpleNamespace(feed=f"{name}_feed", lag_days=31, calendar=YEARLY),)
    for name in ("usgs", "bgs")
}


def compute(
    indicator: Indicator, *tables: pd.DataFrame, held: tuple[int, ...] = ()
) -> list[Signal]:
    holds = tuple(
        SimpleNamespace(
            feed="usgs_feed", released_at=AS_OF - timedelta(days=days), reason="it ends in 2019"
        )
        for days in held
    )
    known = Publications(datasets=KNOWN, holds=holds)
    return indicator.compute(build_panel(build_frame(*tables), as_of=AS_OF, publications=known))


def mined(source: str, last: str, *, status: str = "A") -> pd.DataFrame:
    name = f"tin.mine.production.world.{source}"
    return build_rows(name, [1.0], last=last, unit="t", lag_days=-400, status=status)


@pytest.mark.parametrize(
    ("newest", "severity"),
    [
        pytest.param({"usgs": "2021"}, Severity.NONE, id="in time"),
        pytest.param({"usgs": "2020"}, Severity.SEVERE, id="the only source is stale"),
        pytest.param({"usgs": "2020", "bgs": "2021"}, Severity.MINOR, id="another one is not"),
        pytest.param({"usgs": "2020", "bgs": "2015"}, Severity.SEVERE, id="all are silent"),
        pytest.param({"nobody": "2001", "usgs": "2021"}, Severity.NONE, id="one without calendar"),
    ],
)
def test_supply_is_out_of_sight_when_no_source_is_within_its_calendar(
    newest: dict[str, str], severity: Severity
) -> None:
    (signal,) = compute(SourceSight(), *(mined(source, last) for source, last in newest.items()))
    assert (signal.severity, signal.direction) == (severity, Direction.DOWN)
    assert "sources of its supply" in signal.reason


def test_a_projection_is_no_sight_of_today() -> None:
    (signal,) = compute(SourceSight(), mined("usgs", "2019"), mined("usgs", "2030", status="F"))
    assert signal.severity is Severity.SEVERE


def test_a_held_release_is_a_doubt_until_it_is_decided() -> None:
    (signal,) = compute(HeldRelease(), mined("usgs", "2021"), mined("bgs", "2021"), held=(3,))
    assert (signal.severity, signal.direction) == (Severity.MODERATE, Direction.UP)
    assert "usgs_feed of 2022-04-02 is held, it ends in 2019" in signal.reason
    (quiet,) = compute(HeldRelease(), mined("usgs", "2021"))
    assert quiet.severity is Severity.NONE


def test_a_release_of_tomorrow_is_not_known_to_be_held() -> None:
    (signal,) = compute(HeldRelease(), mined("usgs", "2021"), held=(-1,))
    assert signal.severity is Severity.NONE
