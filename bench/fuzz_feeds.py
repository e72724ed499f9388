"""Coverage-guided fuzzing of the sources: `python bench/fuzz_feeds.py FEED [libFuzzer options]`.

Starts from the small hand-written payload of the feed, of a workbook from its last sheet, which is
packed again; whatever comes out must be a typed error, or rows that are finite or refused. Example:
`python bench/fuzz_feeds.py komis -max_total_time=60`.
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["g7warn.feeds", "g7warn.domain.period"]):
    from g7warn.errors import DataError, SourceFormatChanged
    from g7warn.feeds.base import Payload, get_source, list_sources
    from g7warn.feeds.catalog import get_dataset
    from g7warn.feeds.vintage import stamp_known_at
    from tests.support.publishers import SAMPLES

    SOURCES = {name: get_source(name) for name in list_sources()}

NOW = datetime(2025, 1, 1, tzinfo=UTC)


def unpack(body: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return the last sheet of a workbook, and its other parts; no parts of another payload."""
    if not body.startswith(b"PK"):
        return body, {}
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = max(name for name in parts if name.startswith("xl/worksheets/sheet"))
    return parts.pop(sheet), {**parts, sheet: b""}


def pack(sheet: bytes, parts: dict[str, bytes]) -> bytes:
    """Return the workbook of a sheet and the other parts, or the payload that is no workbook."""
    if not parts:
        return sheet
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part or sheet)
    return stream.getvalue()


def main() -> None:
    """Fuzz one feed until libFuzzer's own limit."""
    feed = sys.argv.pop(1)
    dataset = get_dataset(feed)
    source = SOURCES[dataset.source]

    start, parts = unpack(SAMPLES[feed].body)

    def try_body(part: bytes) -> None:
        body = pack(part, parts)
        payload = Payload(address="fuzz://x", body=body, sha256="0" * 64, fetched_at=NOW)
        try:
            parsed = source.parse(payload, dataset)
        except (SourceFormatChanged, DataError):
            return
        table = stamp_known_at(parsed, dataset, payload)
        good = table[table["refusal"] == ""]
        if good["value"].isna().any() or table["known_at"].isna().any():
            message = f"a hole in the table of {feed}"
            raise AssertionError(message)

    with tempfile.TemporaryDirectory() as corpus:
        (Path(corpus) / "sample").write_bytes(start)
        atheris.Setup([*sys.argv, corpus, "-max_len=4096", "-rss_limit_mb=4096"], try_body)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
