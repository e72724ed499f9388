"""Errors of the database, turned into the project's own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)

from g7warn.errors import ConfigurationError, G7WarnError, IllegalTransition, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_TABLES = ("no such table", "does not exist", "no such column", "UndefinedTable")


@contextmanager
def translate_errors() -> Iterator[None]:
    """Let no error of SQLAlchemy or of a driver out; the body's own errors pass.

    Yields:
        Nothing.

    Raises:
        StoreUnavailable: The database did not answer, is locked, or its disk is full.
        ConfigurationError: The database has not the tables of this release, or refuses the login.
        IllegalTransition: The database refused a row: it would rewrite or contradict a stored one.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise _translate(error) from error


def _translate(error: SQLAlchemyError) -> G7WarnError:
    # Only the first line of the driver's own message: the statement below it may hold data.
    cause = error.orig if isinstance(error, DBAPIError) else error
    first = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    if isinstance(error, ProgrammingError | OperationalError) and _means_no_tables(first):
        message = f"the store lacks a table of this release ({first}): run `g7warn init`"
        return ConfigurationError(message, cause=first)
    if isinstance(error, IntegrityError) or "append-only" in first:
        message = f"the store refused a row ({first}): what is stored is never rewritten"
        return IllegalTransition(message, cause=first)
    if isinstance(error, OperationalError | InterfaceError):
        message = (
            f"the store did not answer ({first}): check that it runs, has space, is not locked"
        )
        return StoreUnavailable(message, cause=first)
    message = f"the store could not do what was asked ({type(error).__name__}: {first})"
    return ConfigurationError(message, cause=first)


def _means_no_tables(first_line: str) -> bool:
    return any(mark in first_line for mark in _NO_TABLES) and "database" not in first_line
