"""`g7warn feeds list | status | diff`: what comes in."""

from __future__ import annotations

import typer

from g7warn.cli.options import AsJson
from g7warn.cli.output import print_json, print_table

app = typer.Typer(help="Feeds: list, status, differences.", no_args_is_help=True)


@app.command("list")
def list_catalogue(as_json: AsJson = False) -> None:
    """List the feeds of the catalogue with publisher, licence and frequency."""
    from g7warn.feeds.catalog import load_catalog

    datasets = [dataset for _, dataset in sorted(load_catalog().items())]
    if as_json:
        print_json([dataset.model_dump(mode="json") for dataset in datasets])
        return
    columns = ["feed", "publisher", "title", "frequency", "licence"]
    rows = [(d.feed, d.publisher, d.title, d.frequency.name.lower(), d.licence) for d in datasets]
    print_table("Feeds", columns, rows)
