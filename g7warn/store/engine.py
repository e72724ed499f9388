"""Opening a store: SQLite in WAL mode by default, PostgreSQL by its address."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from g7warn.errors import ConfigurationError
from g7warn.store.faults import translate_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 30  # how long a writer waits for another one: the longest append measured is 10 s
_WRITE_LOCK = 0x67377761  # "g7wa": one advisory lock for all writers of a PostgreSQL store
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",  # with WAL: durable but for the last commit at a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",  # KiB; the default 2 MiB makes large appends seek
    "PRAGMA temp_store=MEMORY",
)


def open_store(url: str) -> Engine:
    """Return an engine for the store at `url`; for SQLite the folder is created.

    Args:
        url: `sqlite:///path/to/file`, or `postgresql+psycopg://user@host/name` (also
            `postgresql://` and `postgres://`).

    Raises:
        ConfigurationError: The address is none, names another database, or its driver is absent.
            The message never holds the password.
    """
    try:
        address = _normalise_url(url)
        engine = create_engine(address, **_engine_options(address))
    except (ArgumentError, NoSuchModuleError) as error:
        message = (
            "the store's address is no database address: set G7WARN_DATABASE_URL to "
            "sqlite:///path or postgresql+psycopg://user@host/name"
        )
        raise ConfigurationError(message) from error
    except ImportError as error:
        message = (
            f"the driver of the store is not installed ({error.name}): install g7warn[postgres]"
        )
        raise ConfigurationError(message, driver=error.name) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, address)
    return engine


def _normalise_url(url: str) -> URL:
    address = make_url(url)
    if address.drivername in {"postgres", "postgresql"}:
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in {"sqlite", "postgresql"}:
        message = (
            f"the store cannot be {address.get_backend_name()!r}: "
            "set G7WARN_DATABASE_URL to an SQLite or a PostgreSQL address"
        )
        raise ConfigurationError(message, backend=address.get_backend_name())
    return address


def _engine_options(address: URL) -> dict[str, object]:
    if address.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": _BUSY_SECONDS}}
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 10}}


def _prepare_sqlite(engine: Engine, address: URL) -> None:
    if address.database and address.database != ":memory:":
        folder = Path(address.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"the store's folder {folder} cannot be made: {error.strerror}"
            raise ConfigurationError(message, folder=str(folder)) from error
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: `_begin` does, so that the reads and the
    # writes of one transaction see one state.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("g7warn_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


@contextmanager
def begin_writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that is alone among the writers; readers go on undisturbed.

    Whoever reads and then writes what follows from it needs this: two such transactions side by
    side would both build on the same past.

    Yields:
        A connection; what was done on it is committed at the end, or undone on an error.

    Raises:
        StoreUnavailable: Another writer held the store for too long, or it does not answer.
    """
    with translate_errors(), engine.connect() as connection:
        writer = connection.execution_options(g7warn_writing=True)
        with writer.begin():
            if engine.dialect.name == "postgresql":
                writer.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
            yield writer


@contextmanager
def begin_reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one state of the store and changes nothing.

    Yields:
        A connection.

    Raises:
        StoreUnavailable: The store does not answer.
        ConfigurationError: The store has no tables yet.
    """
    with translate_errors(), engine.connect() as connection:
        yield connection


def upgrade(engine: Engine) -> None:
    """Bring the tables to this release's schema; a current store is left as it is.

    Raises:
        StoreUnavailable: The store does not answer.
    """
    with begin_writing(engine) as connection:
        config = _alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Return whether the store's schema is this release's.

    Raises:
        StoreUnavailable: The store does not answer.
    """
    head = ScriptDirectory.from_config(_alembic_config()).get_current_head()
    with begin_reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
