"""What commands print: tables for people, JSON for programs, errors on standard error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from g7warn.cli.exits import Exit, exit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.errors import G7WarnError

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

if not out.is_terminal:  # a pipe has no edge: folded to the 80 columns assumed of it, cells tear
    out.width = max(out.width, 140)

GRADE_STYLES = {
    "critical": "bold white on red",
    "warning": "bold red",
    "advisory": "bold yellow",
    "watch": "cyan",
    "blind": "magenta",
    "normal": "green",
}


def print_json(document: object) -> None:
    """Print one JSON document and nothing else."""
    print(json.dumps(document, indent=2, ensure_ascii=False, default=str))  # noqa: T201


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; a grade stands in its colour."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    out.print(table)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    style = GRADE_STYLES.get(text)
    return f"[{style}]{text}[/]" if style else escape(text)


def print_error(error: G7WarnError) -> Exit:
    """Print an error for a person and return its exit code."""
    code = exit_of(error)
    err.print(f"[bold red]{type(error).__name__}[/]: {escape(error.message)}")
    err.print(f"[dim]exit {code.value}: {code.meaning}[/]")
    return code
