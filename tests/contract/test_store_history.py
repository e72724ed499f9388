"""What the store promises about the past, against a model that is too simple to be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from g7warn.store import observations
from g7warn.store.engine import begin_reading, begin_writing
from tests.support.observing import day, frame, price

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

MONTHS = [f"2020-{month:02d}" for month in range(1, 7)]
LAG = timedelta(days=35)
LATER = day("2030-01-01")


@dataclass(frozen=True)
class Issue:
    """A release: when it came out, its first month and its values."""

    released_at: datetime
    first: int
    values: tuple[float, ...]

    def rows(self) -> list[dict[str, object]]:
        return [
            price(
                MONTHS[self.first + place],
                value,
                min(stamp(self.first + place), self.released_at).isoformat(),
            )
            for place, value in enumerate(self.values)
        ]


def stamp(month: int) -> datetime:
    return day(MONTHS[month] + "-01") + LAG


@st.composite
def issues(draw: st.DrawFn) -> list[Issue]:
    """Draw releases in the order of their dates, each without gaps in its months."""
    days = draw(st.lists(st.integers(0, 400), min_size=1, max_size=4, unique=True))
    found = []
    for offset in sorted(days):
        first = draw(st.integers(0, len(MONTHS) - 1))
        length = draw(st.integers(1, len(MONTHS) - first))
        numbers = draw(st.lists(st.sampled_from([1.0, 2.0]), min_size=length, max_size=length))
        found.append(Issue(day("2020-07-10") + timedelta(days=offset), first, tuple(numbers)))
    return found


def model(of: list[Issue], *, as_of: datetime) -> dict[str, float]:
    """Return what was known at an instant, by replaying the releases one after the other."""
    versions: dict[int, list[tuple[datetime, float]]] = {}
    for number, issue in enumerate(of):
        for place, value in enumerate(issue.values):
            month = issue.first + place
            known = versions.setdefault(month, [])
            if not known:
                lacked = [
                    other
                    for other in of[:number]
                    if other.first <= month < other.first + len(other.values)
                    and other.released_at >= stamp(month)
                ]
                known.append(
                    (issue.released_at if lacked else min(stamp(month), issue.released_at), value)
                )
            elif known[-1][1] != value:
                known.append((issue.released_at, value))
    newest = {
        MONTHS[month]: [value for at, value in known if at <= as_of]
        for month, known in versions.items()
    }
    return {month: seen[-1] for month, seen in newest.items() if seen}


def ingest(store: Engine, issue: Issue) -> None:
    with begin_writing(store) as connection:
        observations.append(connection, frame(issue.rows()), released_at=issue.released_at)


def read(store: Engine, as_of: datetime) -> dict[str, float]:
    table = observations.read(store, as_of=as_of).table
    return dict(zip(table["period"], table["value"], strict=True))


def dump(store: Engine) -> set[tuple[object, ...]]:
    with begin_reading(store) as connection:
        return {tuple(row) for row in connection.exec_driver_sql("SELECT * FROM observations")}


KINDS = [
    pytest.param("sqlite", 25, id="sqlite"),
    pytest.param("postgresql", 5, id="postgresql", marks=pytest.mark.postgres),
]
FUNCTION_SCOPED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.parametrize(("kind", "examples"), KINDS)
def test_reads_of_any_day_equal_a_replay_of_the_releases(
    make_store: Callable[[str], Engine], kind: str, examples: int
) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
    @given(of=issues(), offset=st.integers(0, 700))
    def check(of: list[Issue], offset: int) -> None:
        store = make_store(kind)
        for issue in of:
            ingest(store, issue)
        for as_of in (day("2020-01-01") + timedelta(days=offset), LATER):
            assert read(store, as_of) == model(of, as_of=as_of)
        store.dispose()

    check()


@pytest.mark.parametrize(("kind", "examples"), KINDS)
def test_order_of_ingestion_neither_harms_new_knowledge_nor_rewrites_old(
    make_store: Callable[[str], Engine], kind: str, examples: int
) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
    @given(drawn=issues().flatmap(lambda of: st.tuples(st.just(of), st.permutations(of))))
    def check(drawn: tuple[list[Issue], list[Issue]]) -> None:
        in_order, shuffled = drawn
        store = make_store(kind)
        for issue in shuffled:
            rows = dump(store)
            just_before = issue.released_at - timedelta(microseconds=1)
            past = read(store, just_before)
            ingest(store, issue)
            assert dump(store) >= rows
            assert read(store, just_before).items() >= past.items()
        assert read(store, LATER) == model(in_order, as_of=LATER)
        store.dispose()

    check()
