from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from g7warn.domain.frames import ObservationFrame
from g7warn.errors import ConfigurationError


def build_table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series_id": ["a", "a", "b"],
            "period": ["2024-01", "2024-01", "2024-01"],
            "value": [1.0, 2.0, 3.0],
            "unit": ["USD/t"] * 3,
            "known_at": pd.to_datetime(["2024-02-05", "2024-06-05", "2024-03-05"], utc=True),
        }
    )


@pytest.mark.parametrize(
    ("as_of", "values"),
    [("2024-02-01", []), ("2024-02-05", [1.0]), ("2024-05-01", [1.0, 3.0]), ("2025", [2.0, 3.0])],
)
def test_only_what_was_known_is_seen_and_the_newest_version_of_it(
    as_of: str, values: list[float]
) -> None:
    frame = ObservationFrame.from_table(build_table())
    instant = pd.Timestamp(as_of, tz="UTC").to_pydatetime()
    assert frame.known_by(instant).table["value"].tolist() == values


def test_a_frame_without_a_needed_column_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="known_at"):
        ObservationFrame.from_table(build_table().drop(columns="known_at"))


def test_an_empty_frame_has_the_same_columns() -> None:
    empty = ObservationFrame.empty()
    full = ObservationFrame.from_table(build_table())
    assert list(empty.table.dtypes) == list(full.table.dtypes)
    assert len(empty.known_by(datetime(2024, 1, 1, tzinfo=UTC))) == 0
