"""`ObservationFrame`: facts as (series, period, value, known_at), in one long table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

COLUMNS: dict[str, str] = {
    "series_id": "str",
    "period": "str",
    "value": "float64",
    "unit": "str",
    "status": "str",
    "conf": "str",
    "known_at": "datetime64[us, UTC]",
    "is_estimated": "bool",
    "payload": "str",
}
"""Column -> dtype. `value` is finite (a row without a value is no observation); `known_at` is the
instant from which the fact may be used; `is_estimated` says that `known_at` was inferred from the
period's end and the publication lag; `payload` is the SHA-256 of the raw bytes it came from."""

_DEFAULTS: dict[str, str | bool] = {
    "status": "A",
    "conf": "F",
    "is_estimated": False,
    "payload": "",
}


def _pick_newest(table: pd.DataFrame) -> np.ndarray:
    """Return the positions of each cell's newest version, by series and period.

    Texts are sorted once as numbers: three sorts of texts took three times as long.
    """
    series = pd.factorize(table["series_id"], sort=True)[0]
    periods = pd.factorize(table["period"], sort=True)[0]
    known = table["known_at"].astype("int64").to_numpy()
    order = np.lexsort((known, periods, series))
    series, periods = series[order], periods[order]
    is_last = np.ones(order.size, dtype=bool)
    is_last[:-1] = (series[1:] != series[:-1]) | (periods[1:] != periods[:-1])
    return order[is_last]


@dataclass(frozen=True, slots=True, eq=False)
class ObservationFrame:
    """Observations in a long table with exactly the columns of `COLUMNS`.

    Attributes:
        table: One row an observation; the index carries no meaning. Treat it as read-only.
    """

    table: pd.DataFrame

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> Self:
        """Return a frame of a table, with defaults for absent columns and dtypes enforced.

        Args:
            table: At least series_id, period, value, unit, known_at; further columns are dropped.

        Raises:
            ConfigurationError: A needed column is absent or cannot take its dtype.
        """
        missing = [name for name in COLUMNS if name not in table and name not in _DEFAULTS]
        if missing:
            message = f"an observation frame lacks the columns {missing}"
            raise ConfigurationError(message, missing=missing)
        full = table.copy(deep=False)
        for name, default in _DEFAULTS.items():
            if name not in full:
                full[name] = default
        try:
            typed = full[list(COLUMNS)].astype(COLUMNS).reset_index(drop=True)
        except (TypeError, ValueError) as error:
            message = f"an observation frame has a column of the wrong type: {error}"
            raise ConfigurationError(message) from error
        return cls(table=typed)

    @classmethod
    def empty(cls) -> Self:
        """Return a frame without rows."""
        return cls.from_table(pd.DataFrame({name: [] for name in COLUMNS}))

    @classmethod
    def concat(cls, frames: Sequence[ObservationFrame]) -> Self:
        """Return one frame with the rows of all, in order."""
        tables = [frame.table for frame in frames if len(frame)]
        return cls(table=pd.concat(tables, ignore_index=True)) if tables else cls.empty()

    def __len__(self) -> int:
        """Return the number of observations."""
        return len(self.table)

    def known_by(self, as_of: datetime) -> Self:
        """Return the newest version of each (series, period) that was known at `as_of`."""
        known = (self.table["known_at"] <= pd.Timestamp(as_of)).to_numpy()
        chosen = _pick_newest(self.table[["series_id", "period", "known_at"]][known])
        newest = self.table.take(np.flatnonzero(known)[chosen])
        return type(self)(table=newest.reset_index(drop=True))

    def restate(self, *, seen_at: datetime) -> Self | None:
        """Return what was known at `seen_at` with today's values, or None where none has changed.

        It answers "would we say the same of that day, had we had today's numbers?". Cells that
        were unknown then stay unknown; the rest keep the instant they were first known.
        """
        then = self.known_by(seen_at).table
        now = self.table.sort_values("known_at", kind="stable")
        now = now.drop_duplicates(["series_id", "period"], keep="last")
        both = then.merge(now, on=["series_id", "period"], suffixes=("", "_now"))
        if both["value"].equals(both["value_now"]):
            return None
        return type(self)(table=both.assign(value=both["value_now"])[list(COLUMNS)])

    def where(self, keep: np.ndarray | pd.Series) -> Self:
        """Return the rows for which the boolean mask `keep` is true."""
        return type(self)(table=self.table[np.asarray(keep)].reset_index(drop=True))
