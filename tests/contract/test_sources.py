"""What every source promises, tried on a small payload of every dataset."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from g7warn.domain.period import Period
from g7warn.domain.series import SeriesId
from g7warn.errors import DataError, SourceFormatChanged
from g7warn.feeds.base import PARSED_COLUMNS, get_source, list_sources
from g7warn.feeds.catalog import get_dataset, list_feeds
from g7warn.feeds.vintage import stamp_known_at
from tests.support.mutations import mutate
from tests.support.payloads import make_payload, write_xlsx
from tests.support.publishers import SAMPLES, Facts

if TYPE_CHECKING:
    from g7warn.feeds.base import ParsedPayload

MUTATIONS = 60
TYPED = (SourceFormatChanged, DataError)


def parse(feed: str, body: bytes) -> ParsedPayload:
    dataset = get_dataset(feed)
    return get_source(dataset.source).parse(make_payload(body), dataset)


def facts_of(parsed: ParsedPayload) -> Facts:
    good = parsed.table[parsed.table["refusal"] == ""]
    keys = zip(good["series_id"], good["period"], strict=True)
    return dict(zip(keys, good["value"].round(9), strict=True))


def test_every_dataset_has_a_sample_and_every_source_a_dataset() -> None:
    assert set(SAMPLES) == set(list_feeds())
    assert {get_dataset(feed).source for feed in SAMPLES} == set(list_sources())


every_feed = pytest.mark.parametrize("feed", sorted(SAMPLES))


@every_feed
def test_a_payload_gives_its_facts_and_nothing_else(feed: str) -> None:
    assert facts_of(parse(feed, SAMPLES[feed].body)) == pytest.approx(SAMPLES[feed].facts)


@every_feed
def test_accepted_rows_are_whole_and_refused_ones_say_why(feed: str) -> None:
    table = parse(feed, SAMPLES[feed].body).table
    assert tuple(table.columns) == PARSED_COLUMNS
    for row in table.to_dict("records"):
        SeriesId.parse(row["series_id"])
        if row["refusal"]:
            assert row["value"] != row["value"]
        else:
            Period.parse(row["period"])
            assert row["unit"]
            assert row["source_ref"]


@every_feed
def test_parsing_twice_gives_the_same_and_leaves_the_payload_alone(feed: str) -> None:
    body = bytearray(SAMPLES[feed].body)
    first = parse(feed, bytes(body))
    assert first.table.equals(parse(feed, bytes(body)).table)
    assert bytes(body) == SAMPLES[feed].body


@every_feed
def test_every_row_gets_an_instant_from_which_it_is_known(feed: str) -> None:
    dataset = get_dataset(feed)
    payload = make_payload(SAMPLES[feed].body)
    stamped = stamp_known_at(get_source(dataset.source).parse(payload, dataset), dataset, payload)
    assert stamped["known_at"].notna().all()
    assert stamped["is_estimated"].dtype == bool


def _zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    return stream.getvalue()


def _entity_workbook() -> bytes:
    """A workbook whose parts expand an entity ten to the ninth times, or read a file."""
    source, stream = io.BytesIO(write_xlsx({"Monthly Prices": [["a"]]})), io.BytesIO()
    dtd = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name.endswith(".xml"):
                head, mark, rest = body.partition(b"?>")
                body = head + mark + dtd + rest if mark else dtd + body
            new.writestr(name, body)
    return stream.getvalue()


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "blanks": b" \n \n",
    "html": b"<!DOCTYPE html><html><body>Service unavailable</body></html>",
    "html without doctype": b"<html><head></head></html>",
    "json of another kind": b'{"error": "not found"}',
    "json cut off": b'{"metals": [{"name": "Nd"',
    "deep json": b"[" * 100_000,
    "one word": b"NA",
    "zip of nothing": b"PK\x05\x06" + b"\x00" * 18,
    "zip bomb": _zip_bomb(),
    "entity bomb": b'<!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><l>&b;</l>',
    "external entity": b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>',
    "entities in a workbook": _entity_workbook(),
    "a million columns": b",".join([b"c%d" % n for n in range(1_000_000)]) + b"\n1\n",
    "an image": b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
    "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100,
    "pdf": b"%PDF-1.7\n",
    "nul bytes": b"a,b\n\x00\x00,1\n",
    "wrong encoding": "M\u00fcnchen,\u65e5\u672c\n1,2\n".encode("utf-16-le"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
@every_feed
def test_what_is_not_the_publishers_format_is_a_typed_error(feed: str, name: str) -> None:
    with pytest.raises(TYPED) as caught:
        parse(feed, HOSTILE[name])
    assert len(caught.value.message) < 2000


@every_feed
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_truncated_payload_is_an_error_or_a_part_of_the_truth(feed: str, part: float) -> None:
    sample = SAMPLES[feed]
    assert_no_false_fact(feed, sample.body[: int(len(sample.body) * part)], numbers_may_break=True)


def assert_no_false_fact(feed: str, body: bytes, *, numbers_may_break: bool = False) -> None:
    """Parse a damaged payload: a typed error, or facts that also stand in the whole one."""
    try:
        found = facts_of(parse(feed, body))
    except TYPED:
        return
    true = SAMPLES[feed].facts
    strays = [key for key in found if key not in true]
    assert not strays
    if not numbers_may_break:
        assert found == pytest.approx({key: true[key] for key in found})


def _labels_of(body: bytes) -> list[bytes]:
    """Texts of a payload that may be column names or labels of a series."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
        return [text for part in parts for text in re.findall(rb"<t>([A-Za-z][^<]{2,})</t>", part)]
    if body.lstrip().startswith((b"{", b"[")):
        return [b'"' + word + b'"' for word in set(re.findall(rb'"(\w{3,})":', body))]
    if body.startswith(b"<"):
        return re.findall(rb"<\w[^>]*? (\w+)=", body)
    header = next(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    return [name.encode() for name in header]


def _rename(body: bytes, label: bytes) -> bytes:
    new = label[:-1] + b"Qx" + label[-1:]
    if not body.startswith(b"PK"):
        return body.replace(label, new, 1)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(stream, "w") as out:
        for name in old.namelist():
            part = old.read(name)
            out.writestr(name, part.replace(b">" + label + b"<", b">" + new + b"<"))
    return stream.getvalue()


@every_feed
def test_a_renamed_column_never_moves_a_value_to_another_series(feed: str) -> None:
    body = SAMPLES[feed].body
    labels = _labels_of(body)
    assert labels
    for label in labels:
        assert_no_false_fact(feed, _rename(body, label))


@every_feed
def test_damaged_bytes_never_crash(feed: str) -> None:
    generator = random.Random(feed)
    for _ in range(MUTATIONS):
        damaged = mutate(SAMPLES[feed].body, generator)
        try:
            parsed = parse(feed, damaged)
        except TYPED:
            continue
        stamp_known_at(parsed, get_dataset(feed), make_payload(damaged))
        assert parsed.table.loc[parsed.table["refusal"] == "", "value"].notna().all()


NUMBERS = (
    "nan",
    "Infinity",
    "-inf",
    "1e308",
    "1e999",
    "1,5",
    "1.234,56",
    "=1+1",
    "0x10",
    "9" * 400,
)
TEXTUAL = sorted(feed for feed, sample in SAMPLES.items() if sample.written)


@pytest.mark.parametrize("feed", TEXTUAL)
@pytest.mark.parametrize("text", NUMBERS)
def test_what_is_no_finite_number_is_never_a_value(feed: str, text: str) -> None:
    sample = SAMPLES[feed]
    quoted = text if sample.body.startswith(b"<") else f'"{text}"'
    assert sample.body.count(sample.written.encode()) >= 1
    body = sample.body.replace(sample.written.encode(), quoted.encode())
    first = next(iter(sample.facts))
    try:
        found = facts_of(parse(feed, body))
    except TYPED:
        return
    assert first not in found


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e308", "1e999", "true", "[1]", "{}"])
@pytest.mark.parametrize("feed", ["comtrade", "komis"])
def test_json_literals_that_are_no_finite_numbers_are_never_values(feed: str, text: str) -> None:
    sample = SAMPLES[feed]
    body = sample.body.replace(sample.written.encode(), text.encode())
    try:
        found = facts_of(parse(feed, body))
    except TYPED:
        return
    assert next(iter(sample.facts)) not in found


@pytest.mark.parametrize("feed", TEXTUAL)
@pytest.mark.parametrize("year", ["0000", "9999"])
def test_years_that_cannot_be_are_refused(feed: str, year: str) -> None:
    sample = SAMPLES[feed]
    periods = {period[:4] for _, period in sample.facts}
    body = sample.body
    for written in periods:
        body = body.replace(written.encode(), year.encode())
    try:
        found = facts_of(parse(feed, body))
    except TYPED:
        return
    assert not [key for key in found if key[1].startswith(year)]


@pytest.mark.parametrize("feed", TEXTUAL)
def test_a_byte_order_mark_changes_nothing(feed: str) -> None:
    body = SAMPLES[feed].body
    marked = body if body.startswith(b"\xef\xbb\xbf") else b"\xef\xbb\xbf" + body
    assert facts_of(parse(feed, marked)) == pytest.approx(SAMPLES[feed].facts)


WORKBOOKS = sorted(feed for feed, sample in SAMPLES.items() if sample.body.startswith(b"PK"))
NUMBER_CELL = re.compile(rb"<v>([\d.]+)</v>")


def _rewrite_cell(body: bytes, nth: int, text: bytes) -> bytes:
    """Return a workbook with another text in the n-th of its numbers; as it is where none is."""
    stream, seen = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                places = list(NUMBER_CELL.finditer(part))
                if seen <= nth < seen + len(places):
                    start, end = places[nth - seen].span(1)
                    part = part[:start] + text + part[end:]
                seen += len(places)
            new.writestr(name, part)
    return stream.getvalue()


@pytest.mark.parametrize("text", [b"NaN", b"INF", b"1e308", b"1e999", b"1,5", b"#REF!", b""])
@pytest.mark.parametrize("feed", WORKBOOKS)
def test_a_workbook_cell_that_is_no_finite_number_is_never_a_value(feed: str, text: bytes) -> None:
    body = SAMPLES[feed].body
    for nth in range(12):
        assert_no_false_fact(feed, _rewrite_cell(body, nth, text))
