"""The use cases from a shell: `g7warn COMMAND`.

Promise: every command does what a use case of `pipeline` does and nothing beside it; `--json`
prints one JSON document on standard output and nothing else there; messages go to standard error.
Exit codes: see `exits`. Commands import what they need when they run, so that `--help` is quick.
May import: everything below. To add a command, write it in the module of its noun and register it
in `app.py`.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line; the entry point `g7warn`."""
    from g7warn.cli.app import run_app

    run_app()
