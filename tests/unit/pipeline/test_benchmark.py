from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from g7warn.errors import ConfigurationError, ValidationFailed
from g7warn.pipeline.benchmark import benchmark

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nosuch"):
        benchmark(tmp_path / "nosuch.csv", tmp_path / "pool.csv")


@pytest.mark.parametrize("text", ["", "a,b\n1,2,3\n4,5,6,7,8\n", "series_id,period\nx,2020-01\n"])
def test_what_is_no_price_table_is_refused(tmp_path: Path, text: str) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text(text)
    with pytest.raises(ValidationFailed, match=r"series_id|column"):
        benchmark(prices, prices)
