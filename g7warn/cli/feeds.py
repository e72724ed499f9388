"""`g7warn feeds list | status | diff | held | release | reject`: what comes in."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from g7warn.cli.options import AsJson, AsOf, resolve_as_of, resolve_settings
from g7warn.cli.output import out, print_json, print_table

app = typer.Typer(help="Feeds: list, status, differences.", no_args_is_help=True)

Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the release.")]
By = Annotated[str, typer.Option("--by", help="Who decides; kept with the release.")]


_STATUS = {
    "feed": "feed",
    "state": "state",
    "last period": "last_period",
    "age, days": "age_days",
    "next expected": "expected_at",
    "last payload": "last_payload_at",
    "last change": "last_change_at",
    "accepted": "accepted",
    "quarantined": "quarantined",
    "held": "held",
}
"""Heading -> key of a row."""


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


@app.command("status")
def status(as_of: AsOf = "", as_json: AsJson = False) -> None:
    """Show what each feed delivered last, what was refused, and whether it is late."""
    from g7warn.pipeline.status import read_feed_status

    rows = read_feed_status(as_of=resolve_as_of(as_of), settings=resolve_settings())
    if as_json:
        print_json(rows)
        return
    print_table("Feeds", list(_STATUS), [_tell_status(row) for row in rows])
    for row in rows:
        if row["message"]:
            out.print(f"[bold]{row['feed']}[/] {row['last_run_state']}: {escape(row['message'])}")


def _tell_status(row: dict[str, Any]) -> list[str]:
    """Return the cells of a feed; what a feed that never came has not, is left empty."""
    known = row if row["last_period"] else row | {"age_days": ""}
    return [
        str(known[key] or "")[:10] if key.endswith("_at") else str(known[key])
        for key in _STATUS.values()
    ]


@app.command("diff")
def diff(feed: str, as_json: AsJson = False) -> None:
    """Show what each release of a feed changed: new, revised, withdrawn, gone back in time."""
    from g7warn.pipeline.status import read_feed_diffs

    releases = read_feed_diffs(feed, settings=resolve_settings())
    if as_json:
        print_json(releases)
        return
    columns = ["released_at", "new", "revised", "withdrawn", "unchanged", "last_period"]
    print_table(feed, columns, [[release[name] for name in columns] for release in releases])
    for release in releases:
        rows = [
            (change["series_id"], change["period"], change["before"], change["after"])
            for change in release["changes"]
        ]
        if rows:
            title = f"Largest changes of the release of {release['released_at'][:10]}"
            print_table(title, ["series", "period", "before", "after"], rows)


@app.command("held")
def held(as_json: AsJson = False) -> None:
    """List the releases that wait for a person, with the reason."""
    from g7warn.pipeline.held import list_held

    rows = list_held(settings=resolve_settings())
    if as_json:
        print_json(rows)
        return
    columns = ["key", "feed", "released_at", "reason"]
    print_table("Held releases", columns, [[row[name] for name in columns] for row in rows])


@app.command("release")
def release(key: int, reason: Reason, by: By) -> None:
    """Let a held release pass: the next ingest of its feed takes it."""
    _decide(key, is_released=True, reason=reason, by=by)


@app.command("reject")
def reject(key: int, reason: Reason, by: By) -> None:
    """Keep a held release out for good."""
    _decide(key, is_released=False, reason=reason, by=by)


def _decide(key: int, *, is_released: bool, reason: str, by: str) -> None:
    from g7warn.pipeline.held import decide_held

    hold = decide_held(
        key, is_released=is_released, reason=reason, by=by, settings=resolve_settings()
    )
    out.print(f"release {key} of {hold['feed']}: {'released' if is_released else 'rejected'}")
