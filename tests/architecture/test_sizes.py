"""Is the building still the drawing? Sizes of files and functions."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for folder in ("g7warn", "dags", "bench", "tests")
    for path in (ROOT / folder).rglob("*.py")
)
PRODUCT = [
    path for path in SOURCES if path.is_relative_to(ROOT / "g7warn") and path.name != "__init__.py"
]


def measure_functions(path: Path) -> list[tuple[str, int]]:
    """Return the name and the length in lines of each function, its docstring left out."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            first = node.body[0]
            if ast.get_docstring(node, clean=False) is not None:
                length -= first.end_lineno - first.lineno + 1
            found.append((node.name, length))
    return found


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in SOURCES
    }
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {name} has {length} lines"
        for path in SOURCES
        for name, length in measure_functions(path)
        if length > 60
    ]
    assert long == []


def test_a_typical_file_holds_one_idea() -> None:
    lengths = [len(path.read_text("utf-8").splitlines()) for path in PRODUCT]
    assert statistics.median(lengths) <= 150


def test_a_typical_function_fits_into_one_glance() -> None:
    lengths = [length for path in PRODUCT for _, length in measure_functions(path)]
    assert statistics.median(lengths) <= 14


def test_no_file_is_named_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "handler", "misc"}
    assert [str(path) for path in SOURCES if path.stem in vague] == []
