"""Many observation rows at once: arrays to tables and back, by the fastest way of each database.

SQLite takes tuples through one prepared statement. PostgreSQL takes its binary COPY format, whose
rows are of one width here because no column is null or of varying length: numpy reads and writes
them whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

ROW = np.dtype(
    [
        ("series_key", "i4"),
        ("period", "i4"),
        ("known_at", "i8"),
        ("value", "f8"),
        ("unit_key", "i4"),
        ("status", "S1"),
        ("conf", "S1"),
        ("is_estimated", "?"),
        ("payload_key", "i4"),
    ]
)
"""One row of `observations`, columns in the table's order."""

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # no flags, no header extension
_TRAILER = b"\xff\xff"
_CHUNK_ROWS = 100_000


_NEWER = ", ".join(f"{name} = excluded.{name}" for name in (ROW.names or ())[2:])
_KEEP_NEWEST = (
    f" ON CONFLICT (series_key, period) DO UPDATE SET {_NEWER} "
    "WHERE excluded.known_at > newest_observations.known_at"
)


def insert_rows(connection: Connection, rows: np.ndarray, *, are_first: bool) -> None:
    """Append rows to the history, and bring the newest version of each cell up to date.

    Both are filled in the order of their keys, so that the indexes grow at their end.

    Args:
        connection: Open transaction.
        rows: Array of dtype `ROW`.
        are_first: Whether none of the cells has been stored before: there is nothing to compare.
    """
    ordered = rows[np.lexsort((rows["known_at"], rows["period"], rows["series_key"]))]
    _insert(connection, ordered, "observations")
    is_last = np.ones(len(ordered), dtype=bool)
    for name in ("series_key", "period"):
        is_last[:-1] &= ordered[name][1:] == ordered[name][:-1]
    is_last[:-1] = ~is_last[:-1]
    _insert(connection, ordered[is_last], "newest_observations", is_upsert=not are_first)


def _insert(
    connection: Connection, rows: np.ndarray, table: str, *, is_upsert: bool = False
) -> None:
    for start in range(0, len(rows), _CHUNK_ROWS):
        chunk = rows[start : start + _CHUNK_ROWS]
        if connection.dialect.name != "postgresql":
            _execute_many(connection, chunk, table, _KEEP_NEWEST if is_upsert else "")
        elif is_upsert:
            _copy_newest(connection, chunk)
        else:
            _copy_in(connection, chunk, table)


def _execute_many(connection: Connection, rows: np.ndarray, table: str, conflict: str) -> None:
    columns = [
        rows[name].astype("U1").tolist() if rows.dtype[name].kind == "S" else rows[name].tolist()
        for name in ROW.names or ()
    ]
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} VALUES ({marks}){conflict}"  # noqa: S608 - names of ours
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _copy_newest(connection: Connection, rows: np.ndarray) -> None:
    """Take rows through a table of this transaction alone: COPY itself cannot replace."""
    connection.exec_driver_sql(
        "CREATE TEMP TABLE IF NOT EXISTS incoming_newest (LIKE newest_observations) ON COMMIT DROP"
    )
    connection.exec_driver_sql("TRUNCATE incoming_newest")
    _copy_in(connection, rows, "incoming_newest")
    connection.exec_driver_sql(
        f"INSERT INTO newest_observations SELECT * FROM incoming_newest{_KEEP_NEWEST}"  # noqa: S608
    )


def fetch_rows(connection: Connection, statement: Select[Any], *, dtype: np.dtype) -> np.ndarray:
    """Return what a statement selects as a structured array.

    Args:
        connection: Open connection.
        statement: Selects the fields of `dtype` in their order, none of them null.
        dtype: Fields of `ROW`, or some of them.
    """
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    if connection.dialect.name == "postgresql":
        return _copy_out(connection, str(compiled), dtype)
    # The driver's own cursor: wrapping half a million rows one by one would double the time.
    cursor: Any = connection.exec_driver_sql(str(compiled)).cursor
    rows: np.ndarray = np.fromiter(cursor, dtype=dtype)
    return rows


def _copy_in(connection: Connection, rows: np.ndarray, table: str) -> None:
    packed = np.zeros(len(rows), dtype=_copy_dtype(rows.dtype))
    packed["fields"] = len(rows.dtype.names or ())
    for name in rows.dtype.names or ():
        packed[f"{name}_size"] = rows.dtype[name].itemsize
        packed[name] = rows[name]
    with _cursor(connection).copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(_SIGNATURE)
        copy.write(packed.tobytes())
        copy.write(_TRAILER)


def _copy_out(connection: Connection, statement: str, dtype: np.dtype) -> np.ndarray:
    with _cursor(connection).copy(f"COPY ({statement}) TO STDOUT (FORMAT BINARY)") as copy:
        body = b"".join(copy)
    packed_dtype = _copy_dtype(dtype)
    count = (len(body) - len(_SIGNATURE) - len(_TRAILER)) // packed_dtype.itemsize
    packed = np.frombuffer(body, dtype=packed_dtype, count=count, offset=len(_SIGNATURE))
    rows = np.empty(count, dtype=dtype)
    for name in dtype.names or ():
        rows[name] = packed[name]
    return rows


def _copy_dtype(dtype: np.dtype) -> np.dtype:
    """Return the layout of one row in binary COPY: a count, then size and bytes of each field."""
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name in dtype.names or ():
        fields.append((f"{name}_size", ">i4"))
        fields.append((name, dtype[name].newbyteorder(">").str))
    return np.dtype(fields)


def _cursor(connection: Connection) -> Any:  # noqa: ANN401 - psycopg is optional, its types too
    return connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
