"""Which releases spoke about a series, and over which span of periods."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Connection, insert, select

from g7warn.store.schema import SERIES_RELEASES
from g7warn.store.versions import Release

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHUNK = 5000


def read(connection: Connection, series_keys: Sequence[int]) -> dict[int, tuple[Release, ...]]:
    """Return the releases by series key, oldest first; series without any are left out."""
    table = SERIES_RELEASES.c
    found: dict[int, list[Release]] = defaultdict(list)
    for start in range(0, len(series_keys), _CHUNK):
        chosen = table.series_key.in_(series_keys[start : start + _CHUNK])
        statement = select(SERIES_RELEASES).where(chosen).order_by(table.released_at)
        for key, released_at, first, last in connection.execute(statement):
            found[key].append(
                Release(released_at=released_at, first_period=first, last_period=last)
            )
    return {key: tuple(of) for key, of in found.items()}


def add(connection: Connection, rows: np.ndarray, *, released_at: int) -> None:
    """Note that a release spoke about the series of `rows`; a note once made is left.

    Args:
        connection: Open transaction.
        rows: All rows of the release, of dtype `bulk.ROW`.
        released_at: Release time in microseconds.
    """
    keys, places = np.unique(rows["series_key"], return_inverse=True)
    first = np.full(len(keys), np.iinfo(np.int32).max, dtype=np.int32)
    last = np.full(len(keys), np.iinfo(np.int32).min, dtype=np.int32)
    np.minimum.at(first, places, rows["period"])
    np.maximum.at(last, places, rows["period"])
    noted = {
        key
        for key, of in read(connection, keys.tolist()).items()
        if any(release.released_at == released_at for release in of)
    }
    notes = [
        {"series_key": key, "released_at": released_at, "first_period": low, "last_period": high}
        for key, low, high in zip(keys.tolist(), first.tolist(), last.tolist(), strict=True)
        if key not in noted
    ]
    if notes:
        connection.execute(insert(SERIES_RELEASES), notes)
