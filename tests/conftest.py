"""What every test shares: the folder of real files, the seed, and the skips that say why."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.stores import (  # noqa: F401 - fixtures for every test
    make_bare_store,
    make_store,
    postgres_template,
    postgres_url,
    sqlite_store,
    sqlite_template,
    store,
)

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("G7WARN_DATA") or ROOT.parent / "shared" / "data")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run, with the reason and the remedy."""
    lacks = {
        "data": None
        if (DATA / "manifest.csv").is_file()
        else f"no real files at {DATA}: set G7WARN_DATA to the folder that holds manifest.csv",
        "browser": None if CHROMIUM else "no Chromium: apt-get install chromium",
    }
    for item in items:
        for marker, reason in lacks.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def data() -> Path:
    """Folder of the real publishers' files (mark the test `data`)."""
    return DATA


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser (mark the test `browser`)."""
    assert CHROMIUM is not None
    return CHROMIUM


@pytest.fixture(autouse=True)
def _isolated_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings of the shell it was started from, nor writes into the clone."""
    for name in list(os.environ):
        if name.startswith("G7WARN_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("G7WARN_VAR", str(tmp_path / "var"))
