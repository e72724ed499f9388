"""The numbers that stand for series and texts, and the choice of series for a read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Table, func, insert, select

from g7warn.domain.series import SeriesId
from g7warn.store.engine import begin_reading
from g7warn.store.schema import SERIES, TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Engine

_T = TypeVar("_T")

_CHUNK = 5000  # bound parameters of one statement; SQLite takes 32,766


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesChoice:
    """Which series a read takes; an empty field does not limit.

    Attributes:
        series_ids: These alone; None does not limit, an empty sequence chooses none.
        mineral: Code of `minerals.yaml`, or the slug of a pool commodity.
        stage: Third word of the chain: mine, refine, market, ...
        measure: What is counted: price, production, ...
        feed: Feed that delivered them.
    """

    series_ids: Sequence[str] | None = None
    mineral: str = ""
    stage: str = ""
    measure: str = ""
    feed: str = ""


EVERY_SERIES = SeriesChoice()


def find_series(connection: Connection, choice: SeriesChoice) -> dict[int, str]:
    """Return key -> series id of the chosen series that the store holds."""
    statement = select(SERIES.c.key, SERIES.c.series_id)
    for name in ("mineral", "stage", "measure", "feed"):
        if value := getattr(choice, name):
            statement = statement.where(SERIES.c[name] == value)
    if choice.series_ids is None:
        return {row.key: row.series_id for row in connection.execute(statement)}
    found: dict[int, str] = {}
    for chunk in _chunks(sorted(set(choice.series_ids))):
        rows = connection.execute(statement.where(SERIES.c.series_id.in_(chunk)))
        found |= {row.key: row.series_id for row in rows}
    return found


def intern_series(
    connection: Connection, series_ids: Iterable[str], *, feed: str
) -> dict[str, int]:
    """Return series id -> key, with new keys for series never seen.

    Raises:
        ConfigurationError: An id is not of the project's form.
    """
    names = sorted(set(series_ids))
    known = _read_keys(connection, SERIES, "series_id", names)
    absent = [SeriesId.parse(name) for name in names if name not in known]
    rows = [
        {
            "series_id": str(series),
            "mineral": series.mineral,
            "stage": series.stage,
            "measure": series.measure,
            "area": series.area,
            "source": series.source,
            "feed": feed,
        }
        for series in absent
    ]
    return known | _add(connection, SERIES, "series_id", rows)


def intern_texts(connection: Connection, texts: Iterable[str]) -> dict[str, int]:
    """Return text -> key, with new keys for texts never seen."""
    names = sorted(set(texts))
    known = _read_keys(connection, TEXTS, "text", names)
    rows = [{"text": name} for name in names if name not in known]
    return known | _add(connection, TEXTS, "text", rows)


def read_texts(connection: Connection, keys: Iterable[int]) -> dict[int, str]:
    """Return key -> text."""
    found: dict[int, str] = {}
    for chunk in _chunks(sorted(set(keys))):
        rows = connection.execute(select(TEXTS.c.key, TEXTS.c.text).where(TEXTS.c.key.in_(chunk)))
        found |= {row.key: row.text for row in rows}
    return found


def _read_keys(
    connection: Connection, table: Table, column: str, names: Sequence[str]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in _chunks(names):
        statement = select(table.c[column], table.c.key).where(table.c[column].in_(chunk))
        found |= {row[0]: row.key for row in connection.execute(statement)}
    return found


def _add(
    connection: Connection, table: Table, column: str, rows: Sequence[Mapping[str, str]]
) -> dict[str, int]:
    if not rows:
        return {}
    connection.execute(insert(table), list(rows))
    return _read_keys(connection, table, column, [row[column] for row in rows])


def _chunks(items: Sequence[_T]) -> Iterable[Sequence[_T]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def read_feeds(engine: Engine) -> dict[str, frozenset[str]]:
    """Return the feeds that deliver each source, by the last word of the series ids.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    feeds: dict[str, frozenset[str]] = {}
    with begin_reading(engine) as connection:
        pairs = connection.execute(select(SERIES.c.source, SERIES.c.feed).distinct())
        for source, feed in pairs:
            feeds[source] = feeds.get(source, frozenset()) | {feed}
    return feeds


def count_by_mineral(engine: Engine) -> dict[str, int]:
    """Return how many series the store holds of each mineral.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    statement = select(SERIES.c.mineral, func.count()).group_by(SERIES.c.mineral)
    with begin_reading(engine) as connection:
        return {mineral: int(count) for mineral, count in connection.execute(statement)}
