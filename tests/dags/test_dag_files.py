"""Do the DAG files stay thin? Read as text: no Airflow needed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "dags").glob("*.py"))
ALLOWED = ("airflow.sdk", "airflow.providers.standard", "g7warn.pipeline", "__future__")
TRIGGERS = "g7warn.web.airflow_plugin"
"""The one module beside the pipeline that a DAG file may load, in a task: Airflow's triggerer must
find its triggers by path."""


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def list_imports(tree: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return names


def list_tasks(tree: ast.Module) -> list[ast.FunctionDef]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("task" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]


def test_there_are_dag_files() -> None:
    stems = {path.stem for path in FILES}
    use_cases = {"ingest", "assess", "notify", "train", "upkeep"}
    assert {f"g7warn_{name}" for name in use_cases} <= stems


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_imports_the_pipeline_and_nothing_below_it(path: Path) -> None:
    standard = {"typing", "datetime", "collections"}
    foreign = [
        name
        for name in list_imports(parse(path))
        if not name.startswith((*ALLOWED, TRIGGERS)) and name.split(".")[0] not in standard
    ]
    assert foreign == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_at_parse_time_a_dag_file_imports_nothing_of_the_pipeline_but_the_plan(path: Path) -> None:
    tree = parse(path)
    top = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    own = [node for node in top if (node.module or "").startswith("g7warn")]
    assert [ast.unparse(node) for node in own] == ["from g7warn.pipeline import plan"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_task_has_at_most_three_statements(path: Path) -> None:
    tasks = list_tasks(parse(path))
    assert tasks
    long = [
        task.name for task in tasks if len(task.body) - (ast.get_docstring(task) is not None) > 3
    ]
    assert long == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_reads_no_variable_connection_or_clock(path: Path) -> None:
    text = path.read_text("utf-8")
    words = ("Variable", "Connection", "datetime.now", "os.environ", "getenv")
    assert [word for word in words if word in text] == []
