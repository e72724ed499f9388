"""Is the building still the drawing? Packages, their promises, and what is read from outside."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = sorted(path.parent for path in (ROOT / "g7warn").glob("*/__init__.py"))
MODULES = sorted((ROOT / "g7warn").rglob("*.py"))


@pytest.mark.parametrize("layer", LAYERS, ids=lambda path: path.name)
def test_a_layer_states_its_promise_and_how_to_add_to_it(layer: Path) -> None:
    text = ast.get_docstring(ast.parse((layer / "__init__.py").read_text("utf-8"))) or ""
    assert re.search(r"\bPromise:", text), "say what the layer promises"
    assert re.search(r"\bMay import:", text), "say what it may import"
    assert re.search(r"\bTo (add|change|simulate)\b", text), "say what to do to add something"


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_only_dag_files_and_the_web_plugin_import_airflow() -> None:
    allowed = ROOT / "g7warn" / "web" / "airflow_plugin.py"
    found = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if path != allowed
        and re.search(r"^\s*(from|import) airflow\b", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert found == []


@pytest.mark.parametrize("name", ["dev", "bench"])
def test_pins_carry_hashes_and_no_host_names(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links", text)
    packages = re.findall(r"^[a-z0-9._-]+==", text, re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(packages) > 100
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
