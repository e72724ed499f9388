"""What a slightly different release of the same publisher would do to every feed."""

from __future__ import annotations

import io
import random

import pytest
from openpyxl import load_workbook

from g7warn.errors import DataError, SourceFormatChanged
from g7warn.feeds.base import get_source
from g7warn.feeds.catalog import get_dataset
from tests.support.payloads import make_payload
from tests.support.publishers import SAMPLES, Facts

WORKBOOKS = sorted(feed for feed, one in SAMPLES.items() if one.body.startswith(b"PK"))
TABLES = sorted(
    feed
    for feed, one in SAMPLES.items()
    if feed not in WORKBOOKS and not one.body.lstrip().startswith((b"<", b"{", b"["))
)


def read(feed: str, body: bytes) -> Facts:
    """Return what is accepted; nothing where the release is refused by name."""
    dataset = get_dataset(feed)
    try:
        table = get_source(dataset.source).parse(make_payload(body), dataset).table
    except (SourceFormatChanged, DataError):
        return {}
    good = table[table["refusal"] == ""]
    keys = zip(good["series_id"], good["period"], strict=True)
    return dict(zip(keys, good["value"].round(9), strict=True))


def assert_read_or_refused(feed: str, body: bytes) -> None:
    found = read(feed, body)
    true = SAMPLES[feed].facts
    assert found == pytest.approx({key: true[key] for key in found})


def split(feed: str) -> list[str]:
    return SAMPLES[feed].body.decode("utf-8-sig").splitlines()


@pytest.mark.parametrize("feed", TABLES)
def test_a_further_column_is_left_aside_or_refused(feed: str) -> None:
    header, *rows = split(feed)
    body = "\n".join([f"{header},New column", *(f"{row},7" for row in rows)])
    assert_read_or_refused(feed, body.encode())
    front = "\n".join([f"New column,{header}", *(f"7,{row}" for row in rows)])
    assert_read_or_refused(feed, front.encode())


@pytest.mark.parametrize("feed", TABLES)
def test_footnotes_and_blank_lines_take_nothing_away(feed: str) -> None:
    header, *rows = split(feed)
    spaced = "\n".join([header, "", *rows, "", "Source: the publisher, release of 2026", ""])
    assert read(feed, spaced.encode()) == pytest.approx(SAMPLES[feed].facts)


@pytest.mark.parametrize("feed", TABLES)
def test_the_order_of_lines_changes_nothing(feed: str) -> None:
    header, *rows = split(feed)
    body = "\n".join([header, *reversed(rows)])
    assert read(feed, body.encode()) == pytest.approx(SAMPLES[feed].facts)


@pytest.mark.parametrize("feed", TABLES)
def test_titles_above_the_header_are_refused_by_name(feed: str) -> None:
    body = "\n".join(["Title of the table", "", *split(feed)])
    assert_read_or_refused(feed, body.encode())


def rewrite(feed: str, seed: int) -> bytes:
    """Return the workbook with a line inserted, a column inserted, or a note below, at random."""
    generator = random.Random(seed)
    book = load_workbook(io.BytesIO(SAMPLES[feed].body))
    for sheet in book.worksheets:
        change = generator.randrange(4)
        if change == 0:
            sheet.insert_rows(generator.randint(1, sheet.max_row or 1))
        elif change == 1:
            sheet.insert_cols(generator.randint(1, sheet.max_column or 1))
        elif change == 2:
            sheet.append(["Source: the publisher, release of 2026", 2026])
        else:
            column = (sheet.max_column or 1) + 1
            for row in range(1, (sheet.max_row or 1) + 1):
                sheet.cell(row=row, column=column, value="new" if row < 4 else 7)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("feed", WORKBOOKS)
def test_a_workbook_with_more_lines_or_columns_is_read_or_refused(feed: str, seed: int) -> None:
    assert_read_or_refused(feed, rewrite(feed, seed))
