"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from g7warn.clock import SystemClock
from g7warn.domain.period import parse_as_of, refuse_far_future
from g7warn.settings import Settings, read_settings

if TYPE_CHECKING:
    from datetime import datetime

AsOf = Annotated[
    str, typer.Option("--as-of", help="Use only what was known then (2022-04-05). Default: now.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Mirror = Annotated[
    Path | None,
    typer.Option("--mirror", help="manifest.csv of recorded payloads, in place of the network."),
]


def resolve_as_of(text: str) -> datetime:
    """Return the instant an `--as-of` names; the present where it is empty."""
    now = SystemClock().now()
    return refuse_far_future(parse_as_of(text), now=now) if text else now


def resolve_settings(mirror: Path | None = None) -> Settings:
    """Return the settings, with the mirror that the command line names in place of theirs."""
    settings = read_settings()
    return settings.model_copy(update={"mirror": mirror}) if mirror else settings
