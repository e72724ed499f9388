from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from g7warn.errors import ConfigurationError, SourceRejected, SourceUnavailable
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.requests import fetch_request, plan_requests
from g7warn.feeds.transport import MirrorTransport

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://a.example/x.csv"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def write_manifest(
    folder: Path, *lines: str, header: str = "url,file,retrieved_at,licence"
) -> Path:
    manifest = folder / "manifest.csv"
    manifest.write_text("\n".join([header, *lines]), "utf-8")
    return manifest


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    for name in ("undated", "old", "new"):
        (tmp_path / f"{name}.csv").write_text(name, "utf-8")
    return write_manifest(
        tmp_path,
        f"{URL},new.csv,2025-06-01T00:00:00+00:00,CC0",
        f"{URL},undated.csv,,CC0",
        f"{URL},old.csv,2025-01-01T02:00:00+02:00,CC0",
    )


@pytest.mark.parametrize(
    ("as_of", "body"), [("2024-12-31", b"undated"), ("2025-01-01", b"old"), ("2025-07-01", b"new")]
)
def test_the_newest_version_retrieved_by_then_is_served(
    manifest: Path, as_of: str, body: bytes
) -> None:
    instant = datetime.fromisoformat(as_of).replace(tzinfo=UTC)
    payload = MirrorTransport(manifest).fetch(URL, as_of=instant)
    assert payload.body == body
    assert payload.licence == "CC0"
    assert payload.is_dated == (body != b"undated")


def test_versions_are_listed_oldest_first_up_to_an_instant(manifest: Path) -> None:
    versions = MirrorTransport(manifest).versions(URL, until=NOW)
    dated = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC))
    assert versions == (NOW, *dated)


def test_an_address_that_is_not_recorded_is_rejected(manifest: Path) -> None:
    with pytest.raises(SourceRejected, match="manifest"):
        MirrorTransport(manifest).fetch("https://b.example", as_of=NOW)


def test_before_the_first_version_there_is_nothing_yet(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x", "utf-8")
    manifest = write_manifest(tmp_path, f"{URL},x,2025-06-01T00:00:00Z,")
    with pytest.raises(SourceUnavailable):
        MirrorTransport(manifest).fetch(URL, as_of=datetime(2025, 1, 1, tzinfo=UTC))


def test_a_recorded_file_that_is_gone_is_unavailable(tmp_path: Path) -> None:
    manifest = write_manifest(tmp_path, f"{URL},gone.csv,,")
    with pytest.raises(SourceUnavailable):
        MirrorTransport(manifest).fetch(URL, as_of=NOW)


def test_a_file_beyond_the_limit_is_not_read(manifest: Path) -> None:
    with pytest.raises(SourceRejected, match="bytes"):
        MirrorTransport(manifest, max_bytes=2).fetch(URL, as_of=NOW)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"{URL},../secret,,", id="outside of the folder"),
        pytest.param(f"{URL},/etc/passwd,,", id="absolute"),
        pytest.param(f"{URL},,,", id="no file"),
        pytest.param(f"{URL},x,yesterday,", id="no time"),
    ],
)
def test_a_wrong_line_is_refused_by_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigurationError, match="line 2"):
        MirrorTransport(write_manifest(tmp_path, line))


def test_a_manifest_that_is_absent_or_no_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="G7WARN_MIRROR"):
        MirrorTransport(tmp_path / "absent.csv")
    with pytest.raises(ConfigurationError, match="columns"):
        MirrorTransport(write_manifest(tmp_path, header="a,b"))


def test_all_addresses_of_a_document_are_requested_in_order_of_retrieval(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a", "utf-8")
    (tmp_path / "b").write_text("b", "utf-8")
    base = "https://thedocs.worldbank.org/en/doc"
    manifest = write_manifest(
        tmp_path,
        f"{base}/new/related/CMO-Historical-Data-Monthly.xlsx,b,2026-02-03T00:00:00Z,CC BY 4.0",
        f"{base}/unseen/related/CMO-Historical-Data-Monthly.xlsx,a,2021-02-03T00:00:00Z,CC BY 4.0",
        "https://elsewhere.example/CMO.xlsx,a,2021-02-03T00:00:00Z,",
    )
    mirror = MirrorTransport(manifest)
    requests = plan_requests(get_dataset("worldbank"), mirror, until=NOW.replace(year=2027))
    assert [fetch_request(mirror, request).body for request in requests] == [b"a", b"b"]
    assert len(plan_requests(get_dataset("worldbank"), mirror, until=NOW)) == 1
