"""Daily closes of minor metals, as JSON or CSV, with ranges and irregular dates.

JSON: `metals`, each with name, unit and a history of date and value; the page may also hold items
of one value each. CSV: date, name, unit, and close or low and high. Where a publisher quotes a
range alone, its middle is the price, marked as estimated; low and high are kept as series of their
own. A page without prices is a valid empty answer. A history that names no metal is refused: whose
it is would be a guess.

Source: KOMIS minor metals page as replayed in six layouts, March 2026.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.csvtable import read_csv
from g7warn.feeds.numbers import read_number
from g7warn.feeds.reading import Figure, Reading
from g7warn.feeds.text import decode_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

CSV_COLUMNS = ("date", "name", "unit")
MISSING_MARKS = frozenset({"", "n/a", "-", "none", "null"})
_WHAT = "daily closes"
_DATE = re.compile(
    r"(\d{4})\s*[.\-/\uB144]\s*(\d{1,2})\s*[.\-/\uC6D4]\s*(\d{1,2})(?!\d)"  # Korean year, month
    r"|(\d{4})(\d{2})(\d{2})(?!\d)"
)
_RANGE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:-|~|\u2013)\s*(\d+(?:\.\d+)?)\s*")
_UPDATED = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})")
_MAX_AHEAD = timedelta(days=1)  # a publisher east of Greenwich may be a day ahead


class DailyCloseSource:
    """Reads the JSON layouts and the CSV."""

    name = "daily_close"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return price, and low and high where a range is quoted, by day."""
        reading = Reading(dataset, what=_WHAT, unknown_id="unknown.market.price.world.daily_close")
        head = payload.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
        if not head.startswith((b"{", b"[")):
            _read_csv(payload.body, reading)
            return reading.finish()
        page = _load_page(payload.body)
        _read_page(page, reading)
        if not len(reading.rows):
            reading.notes.append("the page holds no prices")
        released = _find_release(page)
        if released and released > payload.fetched_at + _MAX_AHEAD:
            released = None
        return reading.finish(released_at=released, may_be_empty=True)


def _load_page(body: bytes) -> Mapping[str, Any]:
    try:
        page = json.loads(decode_text(body, what=_WHAT))
    except (ValueError, RecursionError) as error:
        message = f"{_WHAT}: no JSON ({error})"
        raise SourceFormatChanged(message[:300]) from error
    if not isinstance(page, dict):
        message = f"{_WHAT}: the page is a {type(page).__name__}, not an object"
        raise SourceFormatChanged(message)
    return page


def _read_page(page: Mapping[str, Any], reading: Reading) -> None:
    if isinstance(metals := page.get("metals"), list):
        for number, metal in enumerate(metals):
            _read_metal(metal, f"metals[{number}]", reading)
    elif isinstance(items := page.get("items"), list):
        for number, item in enumerate(items):
            _read_item(item, str(page.get("updated", "")), f"items[{number}]", reading)
    elif isinstance(history := page.get("history"), list) and "today" in page:
        _refuse_nameless(history, reading)
    else:
        message = (
            f"{_WHAT}: a page with {sorted(page)[:10]} holds neither metals nor items nor a "
            "history. The publisher has changed its layout"
        )
        raise SourceFormatChanged(message, keys=sorted(map(str, page))[:20])


def _refuse_nameless(history: list[Any], reading: Reading) -> None:
    why = "a history that names no metal: whose prices these are would be a guess"
    for number, entry in enumerate(history):
        period = _to_period(entry.get("date")) if isinstance(entry, dict) else ""
        cell = entry.get("value") if isinstance(entry, dict) else entry
        figure = Figure(labels=("",), period=period, cell=cell, ref=f"history[{number}]")
        reading.refuse(figure, why=why)


def _read_metal(metal: object, ref: str, reading: Reading) -> None:
    today = metal.get("today") if isinstance(metal, dict) else None
    history = metal.get("history") if isinstance(metal, dict) else None
    if not isinstance(metal, dict) or not isinstance(today, dict) or not isinstance(history, list):
        message = f"{_WHAT}: {ref} has no name, today and history"
        raise SourceFormatChanged(message)
    name, unit = str(metal.get("name", "")), str(today.get("unit", ""))
    for number, entry in enumerate(history):
        if not isinstance(entry, dict):
            message = f"{_WHAT}: {ref}.history[{number}] is no entry of date and value"
            raise SourceFormatChanged(message)
        _take_quote(entry, name=name, unit=unit, ref=f"{ref}.history[{number}]", reading=reading)
    if _to_period(today.get("date")) not in {_to_period(entry.get("date")) for entry in history}:
        _take_quote(today, name=name, unit=unit, ref=f"{ref}.today", reading=reading)


def _read_item(item: object, updated: str, ref: str, reading: Reading) -> None:
    if not isinstance(item, dict) or "value" not in item or "name" not in item:
        message = f"{_WHAT}: {ref} has no name and value"
        raise SourceFormatChanged(message)
    entry = {**item, "date": item.get("date") or updated}
    _take_quote(
        entry, name=str(item["name"]), unit=str(item.get("unit", "")), ref=ref, reading=reading
    )


def _read_csv(body: bytes, reading: Reading) -> None:
    table = read_csv(body, what=_WHAT)
    table.require(*CSV_COLUMNS)
    table.forbid_others(*CSV_COLUMNS, "close", "value", "low", "high", "grade")
    if not {"close", "value", "low"} & set(table.names):
        message = f"{_WHAT}: no column close, value, or low and high among {list(table.columns)}"
        raise SourceFormatChanged(message)
    for row in table:
        entry = {**row.cells, "value": row.cells.get("close", row.cells.get("value", ""))}
        ref = f"line {row.number}"
        _take_quote(entry, name=row["name"], unit=row["unit"], ref=ref, reading=reading)
    reading.refuse_lines(table)


def _take_quote(
    entry: Mapping[str, Any], *, name: str, unit: str, ref: str, reading: Reading
) -> None:
    period = _to_period(entry.get("date"))
    value, low, high = (entry.get(key) for key in ("value", "low", "high"))
    if isinstance(value, str) and (match := _RANGE.fullmatch(value)):
        value, low, high = None, match[1], match[2]
    status = "A"
    if _is_missing(value) and not _is_missing(low) and not _is_missing(high):
        numbers = read_number(low), read_number(high)
        if not (numbers[0][1] or numbers[1][1]):
            value, status = (numbers[0][0] + numbers[1][0]) / 2, "E"
    for kind, cell in (("close", value), ("low", low), ("high", high)):
        if _is_missing(cell):
            continue
        labels = (name,) if kind == "close" else (name, kind)
        figure = Figure(labels=labels, period=period, cell=cell, unit=unit, ref=ref, status=status)
        reading.take(figure)


def _is_missing(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in MISSING_MARKS)


def _to_period(text: object) -> str:
    match = _DATE.match(str(text).strip())
    if not match:
        return str(text)[:20]
    year, month, day = (part for part in match.groups() if part)
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _find_release(page: Mapping[str, Any]) -> datetime | None:
    match = _UPDATED.match(str(page.get("updated", "")))
    if not match:
        return None
    try:
        day = datetime.strptime(match[1], "%Y-%m-%d").replace(tzinfo=UTC)
        return day.replace(hour=int(match[2]), minute=int(match[3]))
    except ValueError:
        return None


SOURCE = DailyCloseSource()
