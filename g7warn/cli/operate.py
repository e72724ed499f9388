"""`g7warn init | ingest | train | assess | notify | run | doctor`: the chain, and its check-up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from g7warn.cli.exits import Exit, exit_of_branches
from g7warn.cli.options import AsJson, AsOf, Mirror, resolve_as_of, resolve_settings
from g7warn.cli.output import err, out, print_json, print_table

Watch = Annotated[bool, typer.Option("--watch", help="Deliver what comes due until stopped.")]


def _progress() -> Progress:
    """Return a progress line on standard error, so that standard output stays clean."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True)


def init() -> None:
    """Create the store, or bring it to the newest schema."""
    from g7warn.pipeline.wiring import open_workspace

    with open_workspace() as workspace:
        out.print(f"store ready: {workspace.engine.url.render_as_string(hide_password=True)}")


def ingest(
    feed: Annotated[list[str] | None, typer.Option("--feed", help="Feed; may be repeated.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every feed of the catalogue.")] = False,
    as_of: AsOf = "",
    mirror: Mirror = None,
    as_json: AsJson = False,
) -> None:
    """Fetch, validate and store feeds; a feed that fails leaves the others unharmed."""
    from g7warn.feeds.catalog import list_feeds
    from g7warn.pipeline.ingest import ingest_many

    if not feed and not every:
        raise typer.BadParameter("name a --feed or say --all; `g7warn feeds list` shows them")
    with _progress() as progress:
        task = progress.add_task("ingesting", total=None)
        results = ingest_many(
            list_feeds() if every else tuple(feed or ()),
            as_of=resolve_as_of(as_of),
            settings=resolve_settings(mirror),
            report=lambda name: progress.update(task, description=f"ingesting {name}"),
        )
    if as_json:
        print_json(results)
    else:
        _print_ingested(results)
    _exit(results)


def _print_ingested(results: list[dict[str, Any]]) -> None:
    columns = ["feed", "state", "new", "revised", "unchanged", "quarantined"]
    rows = [[row.get(name, "") for name in columns] for row in results]
    print_table("Ingested", columns, rows)
    if any(row["state"] == "absent" for row in results):
        out.print("absent: nothing is there; a dropped file counts 10 s after its last change")
    for row in results:
        if row["state"] == "held":
            out.print(f"[bold]{row['feed']}[/] waits for a person: see `g7warn feeds held`")
        if row.get("message"):
            out.print(f"[bold]{row['feed']}[/] {row['error']}: {escape(str(row['message']))}")


def _exit(results: list[dict[str, Any]]) -> None:
    code = exit_of_branches([str(row["branch"]) for row in results if row.get("branch")])
    if code is not Exit.OK:
        err.print(f"exit {code.value}: {code.meaning}")
        raise typer.Exit(code.value)


def train(as_of: AsOf = "", as_json: AsJson = False) -> None:
    """Fit the model of price signals on the prices known then; later assessments use it."""
    from g7warn.pipeline.train import train as use_case

    with _progress() as progress:
        progress.add_task("training; this takes minutes", total=None)
        result = use_case(as_of=resolve_as_of(as_of), settings=resolve_settings())
    print_json(result) if as_json else out.print(result)


def assess(as_of: AsOf = "", as_json: AsJson = False) -> None:
    """Compute signals and grades, and append what changed to the alerts' life."""
    from g7warn.pipeline.assess import assess as use_case

    with _progress() as progress:
        progress.add_task("assessing", total=None)
        result = use_case(as_of=resolve_as_of(as_of), settings=resolve_settings())
    print_json(result) if as_json else out.print(result)


def notify(as_of: AsOf = "", watch: Watch = False, as_json: AsJson = False) -> None:
    """Decide who gets which notice, and deliver what is due."""
    from g7warn.pipeline import notify as use_case

    if watch:
        err.print("delivering until Ctrl-C")
        use_case.watch(is_stopped=_stop_on_signal(), settings=resolve_settings())
        return
    with _progress() as progress:
        progress.add_task("notifying", total=None)
        result = use_case.notify(as_of=resolve_as_of(as_of), settings=resolve_settings())
    print_json(result) if as_json else out.print(result)


def _stop_on_signal() -> Callable[[], bool]:
    """Return what tells whether SIGINT or SIGTERM came: parcels under way are finished first."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped.is_set


def run(as_of: AsOf = "", mirror: Mirror = None, as_json: AsJson = False) -> None:
    """Run the whole chain: ingest every feed, assess, notify; then show the alerts."""
    from g7warn.cli.alerts import print_alerts
    from g7warn.pipeline.run import run as use_case

    with _progress() as progress:
        task = progress.add_task("running", total=None)
        result = use_case(
            as_of=resolve_as_of(as_of),
            settings=resolve_settings(mirror),
            report=lambda step: progress.update(task, description=step),
        )
    if as_json:
        print_json(result)
    else:
        _print_ingested(result["ingested"])
        print_alerts(result["alerts"], as_of=str(result["as_of"]))
    _exit(result["ingested"])


def doctor(as_json: AsJson = False) -> None:
    """Check environment, settings, database and feeds, and say what to do."""
    from g7warn.pipeline.doctor import examine

    findings = examine()
    if as_json:
        print_json(findings)
    else:
        print_table(
            "Check-up",
            ["check", "state", "what to do"],
            [(f["check"], f["state"], f["advice"]) for f in findings],
        )
    if any(finding["state"] == "fault" for finding in findings):
        raise typer.Exit(Exit.PERMANENT.value)
