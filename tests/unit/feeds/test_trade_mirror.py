from __future__ import annotations

import pandas as pd
import pytest

from g7warn.feeds.trade_mirror import compare_mirrors, unit_values


def table(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["series_id", "period", "value"])


def test_both_sides_of_a_pair_stand_side_by_side() -> None:
    found = compare_mirrors(
        table(
            ("nickel.trade.imports_weight_260400.cn_ph.comtrade", "2012", 120.0),
            ("nickel.trade.exports_weight_260400.ph_cn.comtrade", "2012", 100.0),
            ("nickel.trade.exports_weight_260400.ph_jp.comtrade", "2012", 50.0),
            ("nickel.trade.exports_weight_750110.ph_cn.comtrade", "2012", 7.0),
            ("nickel.market.price.world.worldbank", "2012", 1.0),
        )
    )
    assert found[["importer", "exporter", "heading", "imports", "exports"]].to_numpy().tolist() == [
        ["cn", "ph", "260400", 120.0, 100.0]
    ]
    assert found["gap"].tolist() == pytest.approx([0.2])


def test_freight_is_taken_out_of_values_and_nothing_is_divided_by_zero() -> None:
    found = compare_mirrors(
        table(
            ("tin.trade.imports_value_8001.us_cn.x", "2024", 110.0),
            ("tin.trade.exports_value_8001.cn_us.x", "2024", 100.0),
            ("tin.trade.imports_value_8001.us_cn.x", "2025", 110.0),
            ("tin.trade.exports_value_8001.cn_us.x", "2025", 0.0),
        )
    )
    assert found["gap"].iloc[0] == pytest.approx(0.0)
    assert found["gap"].isna().tolist() == [False, True]


def test_one_side_alone_gives_no_comparison() -> None:
    assert compare_mirrors(table(("tin.trade.imports_value_8001.us_cn.x", "2024", 1.0))).empty
    assert compare_mirrors(table()).empty


def test_unit_values_need_value_and_weight() -> None:
    found = unit_values(
        table(
            ("tin.trade.imports_value_8001.us_cn.x", "2024", 90.0),
            ("tin.trade.imports_weight_8001.us_cn.x", "2024", 3.0),
            ("tin.trade.imports_value_8001.us_cn.x", "2025", 90.0),
            ("tin.trade.imports_weight_8001.us_cn.x", "2025", 0.0),
        )
    )
    assert found[["period", "unit_value"]].to_numpy().tolist() == [["2024", 30.0]]
    assert unit_values(table(("tin.trade.imports_value_8001.us_cn.x", "2024", 90.0))).empty
