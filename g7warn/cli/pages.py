"""`g7warn serve | token`: the archive and the members' pages, and the way in for operators."""

from __future__ import annotations

from typing import Annotated

import typer

from g7warn.cli.output import out


def serve(
    host: Annotated[str, typer.Option("--host", help="Numeric address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port.", min=0, max=65535)] = 8200,
    allow_network: Annotated[
        bool, typer.Option("--allow-network", help="Beyond loopback; behind a TLS proxy only.")
    ] = False,
) -> None:
    """Serve the pages until stopped; an operator's token is printed once."""
    from g7warn.settings import read_settings
    from g7warn.web.serve import serve as use_case

    use_case(read_settings(), host=host, port=port, allows_network=allow_network)


def token() -> None:
    """Print a token with which an operator logs in to the pages for twelve hours."""
    from g7warn.clock import SystemClock
    from g7warn.settings import read_settings
    from g7warn.web.serve import make_operator_token

    made = make_operator_token(read_settings(), as_of=SystemClock().now())
    out.print(made, soft_wrap=True, highlight=False)
