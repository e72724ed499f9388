"""`g7warn heartbeat send | key | check`: signs of life, and the receiver's check of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from g7warn.cli.exits import Exit
from g7warn.cli.options import AsJson, AsOf, resolve_as_of
from g7warn.cli.output import out, print_json

app = typer.Typer(no_args_is_help=True, help="Signs of life: silence must be told from death.")


@app.command("send")
def send(as_json: AsJson = False) -> None:
    """Send today's heartbeat to every endpoint that has not had it yet."""
    from g7warn.pipeline.heartbeat import send_heartbeats

    counts = send_heartbeats()
    if as_json:
        print_json(counts)
    else:
        told = ", ".join(f"{count} {name}" for name, count in counts.items())
        out.print(told or "nothing to do")


@app.command("key")
def key() -> None:
    """Print the key that receivers keep; it is public."""
    from g7warn.pipeline.heartbeat import describe_key

    out.print(describe_key(), soft_wrap=True, highlight=False)


@app.command("check")
def check(
    public_key: Annotated[str, typer.Option("--key", help="What `heartbeat key` printed.")],
    file: Annotated[
        Path | None, typer.Argument(help="A message, a mailbox, a feed. Default: standard input.")
    ] = None,
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """Tell whether the sender is alive by what was received; exit code 0 means alive."""
    from g7warn.pipeline.heartbeat import check_received

    text = file.read_text("utf-8", errors="replace") if file else sys.stdin.read()
    found = check_received(text, public_key=public_key, as_of=resolve_as_of(as_of))
    if as_json:
        print_json(found)
    else:
        sent = f", newest sent {found['sent_at']} by {found['sender']}" if found["sent_at"] else ""
        out.print(f"{found['pulse']}{sent}", soft_wrap=True, highlight=False)
    if found["pulse"] != "alive":
        raise typer.Exit(Exit.DATA.value)
