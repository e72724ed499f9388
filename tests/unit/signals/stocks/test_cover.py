"""Cover and draw-down, in bands."""

import pandas as pd
import pytest

from g7warn.domain.marking import Tlp
from g7warn.domain.signal import Severity, Signal
from g7warn.signals.panel import build_panel
from g7warn.signals.stocks.cover import StockCover
from tests.support.panels import AS_OF, build_frame, build_rows

CONSUMPTION = build_rows("tin.use.consumption.jp.made", [3650.0], last="2020", unit="t")


def cover(levels: list[float], *tables: pd.DataFrame, conf: str = "F") -> Signal:
    rows = build_rows("tin.stock.level.jp.made", levels, unit="t", conf=conf)
    (signal,) = StockCover().compute(build_panel(build_frame(rows, *tables), as_of=AS_OF))
    return signal


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        pytest.param(1000.0, Severity.NONE, id="100 days"),
        pytest.param(500.0, Severity.MINOR, id="50 days"),
        pytest.param(200.0, Severity.MODERATE, id="20 days"),
        pytest.param(50.0, Severity.SEVERE, id="5 days"),
    ],
)
def test_the_band_of_the_cover_decides(level: float, severity: Severity) -> None:
    assert cover([level] * 14, CONSUMPTION).severity is severity


def test_a_stock_halved_within_a_year_is_told_without_consumption() -> None:
    signal = cover([1000.0] * 10 + [400.0] * 4)
    assert signal.severity is Severity.MINOR
    assert signal.score == 0.5
    assert any("no consumption" in note for note in signal.evidence.notes)


def test_neither_the_level_nor_the_days_appear_anywhere() -> None:
    signal = cover([987.0] * 13 + [234.5], CONSUMPTION, conf="C")
    assert signal.evidence.tlp is Tlp.AMBER_STRICT
    numbers = {signal.score, *dict(signal.evidence.values).values()}
    assert not numbers & {234.5, 23.45, -23.45, 987.0}
    assert "234" not in signal.reason
    assert "23.4" not in signal.reason
