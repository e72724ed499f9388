"""Builders of small payloads in publishers' formats, written by hand: no publisher's data."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from openpyxl import Workbook

from g7warn.feeds.base import Payload, hash_body

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FETCHED_AT = datetime(2025, 1, 3, tzinfo=UTC)


def make_payload(
    body: bytes | str,
    *,
    address: str = "https://publisher.example/file",
    fetched_at: datetime = FETCHED_AT,
    is_dated: bool = True,
) -> Payload:
    raw = body.encode() if isinstance(body, str) else body
    return Payload(
        address=address,
        body=raw,
        sha256=hash_body(raw),
        fetched_at=fetched_at,
        is_dated=is_dated,
    )


def write_xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def make_pink_sheet(
    *,
    names: Sequence[str | None] = ("Copper", "Nickel", "Iron ore, cfr spot", "Gold"),
    units: Sequence[str | None] = ("($/mt)", "($/mt)", "($/dmtu)", "($/troy oz)"),
    codes: Sequence[str] | None = None,
    months: Sequence[tuple[object, ...]] = (
        ("2024M11", 9075.7, 15721.6, 102.2, 2651.1),
        ("2024M12", 8916.3, 15444.4, 105.1, 2648.0),
    ),
    updated: str = "Updated on January 03, 2025",
    sheet: str = "Monthly Prices",
) -> bytes:
    top = [["World Bank Commodity Price Data (The Pink Sheet)"], ["monthly prices"], [], [updated]]
    header = [[None, *names], [None, *units]]
    middle = [[None, *codes]] if codes else []
    return write_xlsx({"AFOSHEET": [], sheet: [*top, *header, *middle, *months]})
