from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from g7warn.errors import ConfigurationError, StoreUnavailable
from g7warn.store.engine import begin_reading, begin_writing, is_current, open_store, upgrade
from g7warn.store.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

_BY_HAND = ("alert_words", "ix_alert_events_words")  # full-text indexes, made by the migration


def test_migrations_lead_to_the_declared_tables(store: Engine) -> None:
    def include(_object: object, name: str | None, *_: object) -> bool:
        return not (name or "").startswith(_BY_HAND)

    with begin_reading(store) as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": include}
        )
        assert compare_metadata(context, METADATA) == []


def test_upgrade_can_be_repeated(store: Engine) -> None:
    upgrade(store)
    assert is_current(store)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_store_of_an_earlier_release_is_brought_up_to_date(
    kind: str, make_bare_store: Callable[[str], Engine]
) -> None:
    from alembic import command

    from g7warn.store.engine import _alembic_config

    engine = make_bare_store(kind)
    with begin_writing(engine) as connection:
        config = _alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for known_at, value in ((1, 10.0), (2, 20.0)):
            connection.exec_driver_sql(
                f"INSERT INTO observations VALUES (1, 3, {known_at}, {value}, "  # noqa: S608
                "1, 'A', 'F', false, 1)"
            )
    assert not is_current(engine)
    upgrade(engine)
    with begin_reading(engine) as connection:
        rows = connection.exec_driver_sql("SELECT known_at, value FROM newest_observations")
        assert [tuple(row) for row in rows] == [(2, 20.0)]


def test_new_store_is_made_with_its_folder(tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path}/deep/down/store.sqlite")
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)
    engine.dispose()


def test_sqlite_store_lets_readers_read_while_one_writes(sqlite_store: Engine) -> None:
    with begin_writing(sqlite_store) as writer, begin_reading(sqlite_store) as reader:
        writer.exec_driver_sql("INSERT INTO texts (text) VALUES ('t')")
        assert reader.exec_driver_sql("SELECT count(*) FROM texts").scalar_one() == 0


def test_what_fails_in_the_middle_leaves_nothing(store: Engine) -> None:
    def write_and_fail() -> None:
        with begin_writing(store) as connection:
            connection.exec_driver_sql("INSERT INTO texts (text) VALUES ('half')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with begin_reading(store) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM texts").scalar_one() == 0


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("no address", id="no address"),
        pytest.param("mysql://u:hunter2@host/x", id="another database"),
        pytest.param("nonsense+driver://u:hunter2@host/x", id="unknown"),
    ],
)
def test_wrong_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_store(url)
    assert "hunter2" not in str(caught.value.to_dict())


def test_store_without_tables_says_what_to_run(tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path}/empty.sqlite")
    with (
        pytest.raises(ConfigurationError, match="g7warn init"),
        begin_reading(engine) as connection,
    ):
        connection.exec_driver_sql("SELECT 1 FROM series")
    engine.dispose()


def test_file_that_is_no_database_is_unavailable_or_misconfigured(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_text("no database at all, and long enough to look like one" * 10)
    engine = open_store(f"sqlite:///{path}")
    with pytest.raises((ConfigurationError, StoreUnavailable)):
        upgrade(engine)
    engine.dispose()


@pytest.mark.postgres
def test_absent_server_is_unavailable(tmp_path: Path) -> None:
    engine = open_store(f"postgresql://postgres:hunter2@/db?host={tmp_path}")
    with pytest.raises(StoreUnavailable) as caught:
        is_current(engine)
    assert "hunter2" not in str(caught.value.to_dict())
    engine.dispose()


@pytest.mark.parametrize("act", ["UPDATE observations SET value = 0", "DELETE FROM observations"])
def test_database_itself_refuses_to_rewrite_observations(store: Engine, act: str) -> None:
    from g7warn.errors import IllegalTransition
    from g7warn.store import observations
    from tests.support.observing import day, frame, price

    with begin_writing(store) as connection:
        rows = frame([price("2020-01", 1.0, "2020-02-05")])
        observations.append(connection, rows, released_at=day("2020-03-01"))
    with pytest.raises(IllegalTransition, match="append-only"), begin_writing(store) as connection:
        connection.exec_driver_sql(act)
