"""The command tree, and the one place where an error becomes an exit code."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from g7warn.cli import (
    alerts,
    bench,
    desk,
    feeds,
    heartbeat,
    members,
    minerals,
    operate,
    pages,
    quarantine,
    submissions,
)
from g7warn.cli.output import err, print_error
from g7warn.errors import G7WarnError

app = typer.Typer(
    name="g7warn",
    help="Early warning of stress in critical-minerals markets.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("init")(operate.init)
app.command("ingest")(operate.ingest)
app.command("assess")(operate.assess)
app.command("train")(operate.train)
app.command("notify")(operate.notify)
app.command("run")(operate.run)
app.command("doctor")(operate.doctor)
app.command("bench")(bench.bench)
app.command("minerals")(minerals.list_catalogue)
app.command("approve")(desk.approve)
app.command("acknowledge")(desk.acknowledge)
app.command("serve")(pages.serve)
app.command("token")(pages.token)
app.add_typer(members.app, name="member")
app.add_typer(heartbeat.app, name="heartbeat")
app.add_typer(desk.silence_app, name="silence")
app.add_typer(desk.outbox_app, name="outbox")
app.add_typer(alerts.app, name="alerts")
app.add_typer(feeds.app, name="feeds")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(submissions.app, name="submission")


def run_app() -> NoReturn:
    """Run the command line and exit with the code that `exits` documents."""
    try:
        app(standalone_mode=True)
    except G7WarnError as error:
        sys.exit(print_error(error))
    except KeyboardInterrupt:
        err.print("stopped")
        sys.exit(130)
    sys.exit(0)
