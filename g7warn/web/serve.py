"""Serve the pages from a shell, on loopback unless told otherwise."""

from __future__ import annotations

import sys
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import uvicorn

from g7warn.clock import SystemClock
from g7warn.errors import ConfigurationError
from g7warn.pipeline.cap_key import open_cap_signer
from g7warn.pipeline.channels import open_signer
from g7warn.store.engine import open_store, upgrade
from g7warn.web.access import OPERATOR, OPERATOR_HOURS
from g7warn.web.app import create_app

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.clock import Clock
    from g7warn.settings import Settings

DEFAULT_PORT = 8200


def serve(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    allows_network: bool = False,
    clock: Clock | None = None,
) -> None:
    """Serve until interrupted.

    Args:
        settings: What the installation decides.
        host: Numeric address to listen on.
        port: Port to listen on; 0 takes a free one.
        allows_network: Whether an address beyond loopback is meant: a proxy with TLS must stand
            before it.
        clock: The machine's by default.

    Raises:
        ConfigurationError: An address beyond loopback that was not allowed, or none at all.
        StoreUnavailable: The database does not answer.
    """
    _check_host(host, allows_network=allows_network)
    clock = clock or SystemClock()
    engine = open_store(settings.store_url)
    try:
        upgrade(engine)
        signer = open_cap_signer(settings, as_of=clock.now())
        app = create_app(settings, engine, clock, cap_signer=signer)
        token = app.state.gate.make_operator_token(as_of=clock.now())
        sys.stdout.write(f"http://{host}:{port}/login\noperator's token (12 hours): {token}\n")
        sys.stdout.flush()
        # Tokens stand in paths: no access log.
        uvicorn.run(app, host=host, port=port, access_log=False, server_header=False)
    finally:
        engine.dispose()


def make_operator_token(settings: Settings, *, as_of: datetime) -> str:
    """Return a token that opens the pages to an operator for twelve hours, wherever they run.

    Raises:
        ConfigurationError: The installation has no secret key that the pages could share.
    """
    until = as_of + timedelta(hours=OPERATOR_HOURS)
    return open_signer(settings).make(OPERATOR, {}, expires_at=until)


def _check_host(host: str, *, allows_network: bool) -> None:
    try:
        is_loopback = ip_address(host).is_loopback
    except ValueError as error:
        message = f"host {host!r} is no numeric address: write 127.0.0.1"
        raise ConfigurationError(message, host=host) from error
    if not is_loopback and not allows_network:
        message = f"host {host} is open to the network: put a TLS proxy before it and allow it"
        raise ConfigurationError(message, host=host)
