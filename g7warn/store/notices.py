"""Notices as they went out: kept once under their identifier, and never changed."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import insert, select

from g7warn.domain.marking import Realm
from g7warn.domain.notice import KINDS, ActualNotice, ExerciseNotice, Notice
from g7warn.errors import ConfigurationError
from g7warn.store.delivery_schema import NOTICES
from g7warn.store.engine import begin_reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Engine

_CHUNK = 500  # bound variables of one statement; SQLite's oldest limit is 999


@cache
def _adapter(realm: Realm) -> TypeAdapter[ActualNotice | ExerciseNotice]:
    return TypeAdapter(KINDS[realm])


def encode_notice(notice: Notice) -> str:
    """Return a notice as JSON text of plain ASCII, so that any character survives any database.

    Raises:
        ConfigurationError: It is of neither kind.
    """
    if not isinstance(notice, ActualNotice | ExerciseNotice):
        message = f"notice {notice.identifier!r} is of neither kind: it is not kept"
        raise ConfigurationError(message, identifier=notice.identifier)
    return json.dumps([notice.REALM, _adapter(notice.REALM).dump_python(notice, mode="json")])


def decode_notice(text: str) -> ActualNotice | ExerciseNotice:
    """Return the notice of its JSON text.

    Raises:
        ConfigurationError: The text is not what `encode_notice` wrote.
    """
    try:
        realm, body = json.loads(text)
        return _adapter(Realm(realm)).validate_python(body)
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        message = "a stored notice is damaged: restore the store from a backup"
        raise ConfigurationError(message, cause=type(error).__name__) from error


def put_notices(connection: Connection, notices: Iterable[Notice]) -> None:
    """Keep the notices that are not kept yet; a kept one stays as it went out."""
    fresh = {notice.identifier: notice for notice in notices}
    known = _read_bodies(connection, list(fresh))
    rows = [
        {
            "identifier": notice.identifier,
            "alert_id": notice.alert_id,
            "sequence": notice.sequence,
            "repeat": notice.repeat,
            "status": str(notice.status),
            "grade": int(notice.grade),
            "tlp": int(notice.tlp),
            "sent_at": notice.sent,
            "body": encode_notice(notice),
        }
        for identifier, notice in fresh.items()
        if identifier not in known
    ]
    if rows:
        connection.execute(insert(NOTICES), rows)


def read_notices(
    connection: Connection, identifiers: Sequence[str]
) -> dict[str, ActualNotice | ExerciseNotice]:
    """Return kept notices by identifier; those that are not kept are absent."""
    bodies = _read_bodies(connection, identifiers)
    return {identifier: decode_notice(body) for identifier, body in bodies.items()}


def read_earlier(
    engine: Engine, alert_ids: Sequence[str]
) -> dict[str, list[ActualNotice | ExerciseNotice]]:
    """Return the notices that went out for each alert, oldest first.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    table = NOTICES.c
    earlier: dict[str, list[ActualNotice | ExerciseNotice]] = {name: [] for name in alert_ids}
    names = sorted(set(alert_ids))
    with begin_reading(engine) as connection:
        for start in range(0, len(names), _CHUNK):
            rows = connection.execute(
                select(table.alert_id, table.body)
                .where(table.alert_id.in_(names[start : start + _CHUNK]))
                .order_by(table.sequence, table.repeat, table.identifier)
            )
            for row in rows:
                earlier[row.alert_id].append(decode_notice(row.body))
    return earlier


def _read_bodies(connection: Connection, identifiers: Sequence[str]) -> dict[str, str]:
    bodies: dict[str, str] = {}
    table, names = NOTICES.c, list(identifiers)
    for start in range(0, len(names), _CHUNK):
        rows = connection.execute(
            select(table.identifier, table.body).where(
                table.identifier.in_(names[start : start + _CHUNK])
            )
        )
        bodies |= {row.identifier: row.body for row in rows}
    return bodies
