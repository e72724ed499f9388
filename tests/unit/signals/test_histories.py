"""Facts as histories: what is added up, and what is not added twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.signals.histories import read_histories
from g7warn.signals.panel import build_panel
from tests.support.panels import AS_OF, build_frame, build_rows

if TYPE_CHECKING:
    import pandas as pd


def read_one(*tables: pd.DataFrame, by: str = "reporter") -> dict[str, float]:
    panel = build_panel(build_frame(*tables), as_of=AS_OF)
    (history,) = read_histories(panel.facts, by=by)
    return {str(period): float(value) for period, value in history.volumes.items()}


def traded(area: str, values: list[float], *, last: str = "2020") -> pd.DataFrame:
    name = f"nickel.trade.imports_weight_260400.{area}.comtrade"
    return build_rows(name, values, last=last, unit="t")


def test_a_total_is_not_added_to_the_partners_it_consists_of() -> None:
    world, partners = traded("de_world", [30.0, 40.0]), traded("de_ph", [10.0, 15.0])
    found = read_one(world, partners, traded("de_ru", [20.0, 25.0]))
    assert found == {"2019": 30.0, "2020": 40.0}


def test_a_year_whose_total_was_refused_stays_unknown() -> None:
    # Its partners would stand for a fraction of the total and look like a collapse.
    world, partners = traded("de_world", [30.0], last="2019"), traded("de_ph", [10.0, 15.0])
    assert read_one(world, partners) == {"2019": 30.0}


def test_partners_are_added_up_where_no_total_is_stated() -> None:
    found = read_one(traded("de_ph", [10.0, 15.0]), traded("de_ru", [25.0]))
    assert found == {"2019": 10.0, "2020": 40.0}
