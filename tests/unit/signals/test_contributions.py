"""Members' contributions are seen as safe sums or not at all."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from g7warn.domain.frames import ObservationFrame
from g7warn.domain.marking import Tlp
from g7warn.signals.contributions import pool_contributions
from g7warn.signals.panel import build_panel
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id

SUM = "nickel.stock.level.members.members"


def give(
    *contributions: tuple[str, float, int], unit: str = "t", status: str = "A"
) -> pd.DataFrame:
    """Stocks of February 2022: contributor, amount, days before `AS_OF` when it was known."""
    rows = [
        {
            "series_id": f"nickel.stock.level.{name}.member_{name}",
            "period": "2022-02",
            "value": amount,
            "unit": unit,
            "status": status,
            "conf": "C",
            "known_at": AS_OF - timedelta(days=days),
        }
        for name, amount, days in contributions
    ]
    return pd.DataFrame(rows)


def pool(*tables: pd.DataFrame) -> ObservationFrame:
    return pool_contributions(build_frame(*tables))


def totals(frame: ObservationFrame) -> list[float]:
    assert set(frame.table["series_id"]) <= {SUM}
    return frame.table.sort_values("known_at")["value"].tolist()


@pytest.mark.parametrize(
    ("amounts", "shown"),
    [
        pytest.param([10.0, 20.0, 30.0], [60.0], id="three alike"),
        pytest.param([10.0, 20.0], [], id="two"),
        pytest.param([10.0, 20.0, 0.0], [], id="a zero is no contribution"),
        pytest.param([1.0, 2.0, 300.0], [], id="one dominates"),
        pytest.param([10.0, 20.0, -5.0], [], id="a negative amount"),
    ],
)
def test_a_sum_is_shown_only_if_it_tells_nobodys_value(
    amounts: list[float], shown: list[float]
) -> None:
    given = [(name, amount, 9) for name, amount in zip(["ca", "fr", "jp"], amounts, strict=False)]
    assert totals(pool(give(*given))) == shown


def test_a_single_later_contribution_does_not_move_the_sum() -> None:
    three = give(("ca", 10.0, 9), ("fr", 20.0, 9), ("jp", 30.0, 9))
    assert totals(pool(three, give(("it", 17.0, 5)), give(("ca", 11.0, 3)))) == [60.0]


def test_the_sum_moves_once_enough_have_changed() -> None:
    three = give(("ca", 10.0, 9), ("fr", 20.0, 9), ("jp", 30.0, 9))
    changed = give(("ca", 15.0, 3), ("fr", 24.0, 3), ("jp", 33.0, 3))
    assert totals(pool(three, changed)) == [60.0, 72.0]


def test_units_of_weight_are_brought_together_and_others_left_out() -> None:
    kilotonnes = give(("ca", 1.0, 9), ("fr", 2.0, 9), unit="kt")
    assert totals(pool(kilotonnes, give(("jp", 500.0, 9)))) == [3500.0]
    assert totals(pool(give(("ca", 1.0, 9), ("fr", 2.0, 9), ("jp", 3.0, 9), unit="days"))) == []


def test_what_nobody_contributed_stays_as_it_was() -> None:
    frame = build_frame(build_rows(price_id("nickel"), calm_prices()))
    assert pool_contributions(frame) is frame
    assert not len(pool_contributions(ObservationFrame.empty()))


def test_no_members_series_reaches_the_panel_and_the_sum_keeps_its_label() -> None:
    frame = pool(
        build_rows(price_id("nickel"), calm_prices()),
        give(("ca", 10.0, 9), ("fr", 20.0, 9), ("jp", 30.0, 9)),
        build_rows(price_id("tin", source="member_ca"), calm_prices(), unit="USD/t"),
    )
    panel = build_panel(frame, as_of=AS_OF, tlp_by_source={"members": Tlp.AMBER_STRICT})
    assert panel.facts["series_id"].tolist() == [SUM]
    assert panel.facts["tlp"].tolist() == [Tlp.AMBER_STRICT]
    assert [row.series_id for row in panel.monthly.rows] == [price_id("nickel")]
