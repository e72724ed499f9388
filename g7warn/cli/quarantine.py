"""`g7warn quarantine list | show | release | reject`: rows that validation refused."""

from __future__ import annotations

from typing import Annotated

import typer

from g7warn.cli.options import AsJson, resolve_settings
from g7warn.cli.output import out, print_json, print_table

app = typer.Typer(help="Rows that validation refused, and what becomes of them.")

Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the row.")]
By = Annotated[str, typer.Option("--by", help="Who decides; kept with the row.")]
Feed = Annotated[str, typer.Option("--feed", help="Rows of this feed alone.")]
Keys = Annotated[list[int], typer.Argument(help="Numbers of rows, as `quarantine list` shows.")]


@app.command("list")
def list_rows(feed: Feed = "", as_json: AsJson = False) -> None:
    """List the rows that wait for a person, newest first."""
    from g7warn.pipeline.quarantine import list_refused

    rows = list_refused(feed=feed, settings=resolve_settings())
    if as_json:
        print_json(rows)
        return
    columns = ["key", "feed", "series_id", "period", "raw", "expectation", "reason"]
    print_table("In quarantine", columns, [[row[name] for name in columns] for row in rows])


@app.command("show")
def show(key: int, as_json: AsJson = False) -> None:
    """Show one row with everything that is known of it."""
    from g7warn.pipeline.quarantine import show_refused

    row = show_refused(key, settings=resolve_settings())
    if as_json:
        print_json(row)
    else:
        print_table(f"Row {key}", ["field", "value"], list(row.items()))


@app.command("release")
def release(keys: Keys, reason: Reason, by: By) -> None:
    """Let rows into the observations; they count as known from now on."""
    _decide(keys, is_released=True, reason=reason, by=by)


@app.command("reject")
def reject(keys: Keys, reason: Reason, by: By) -> None:
    """Keep rows out for good."""
    _decide(keys, is_released=False, reason=reason, by=by)


def _decide(keys: list[int], *, is_released: bool, reason: str, by: str) -> None:
    from g7warn.pipeline.quarantine import decide_refused

    count = decide_refused(
        keys, is_released=is_released, reason=reason, by=by, settings=resolve_settings()
    )
    out.print(f"{count} rows {'released' if is_released else 'rejected'}")
