"""The app: every router behind one shield."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import FastAPI
from pydantic import SecretStr
from starlette.middleware.trustedhost import TrustedHostMiddleware

from g7warn.clock import SystemClock
from g7warn.deliver.signing import TokenSigner
from g7warn.web import archive, feed_status, feeds, login, members, slack, status
from g7warn.web.access import Gate
from g7warn.web.limits import RateLimit
from g7warn.web.pages import read_style
from g7warn.web.shield import raise_shield
from g7warn.web.store_records import StoreRecords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from g7warn.clock import Clock
    from g7warn.deliver.signing import CapSigner
    from g7warn.settings import Settings
    from g7warn.web.records import Records


def create_app(
    settings: Settings,
    engine: Engine | None = None,
    clock: Clock | None = None,
    *,
    records: Records | None = None,
    cap_signer: CapSigner | None = None,
    limit: RateLimit | None = None,
    hosts: Sequence[str] = (),
) -> FastAPI:
    """Return the app with all pages and endpoints.

    Args:
        settings: What the installation decides. Without a secret key a passing one is made: links
            in messages do not work then, logging in as operator does.
        engine: The store; needed where no records is given.
        clock: The machine's by default.
        records: In place of the store, for tests.
        cap_signer: Signs CAP documents; without one they are unsigned.
        limit: In place of the usual rate limit.
        hosts: Names the app answers to beside loopback and that of `base_url`; "*" for any, where
            the server around it decides.
    """
    clock = clock or SystemClock()
    key = settings.secret_key.get_secret_value().encode() if settings.secret_key else b""
    signer = TokenSigner(key or secrets.token_bytes(32))
    records = records or StoreRecords(engine, settings)
    gate = Gate(records, signer, clock)
    app = FastAPI(title="g7warn", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.gate = gate
    app.state.is_simulated = settings.simulated
    raise_shield(app, limit=limit or RateLimit(), clock=clock, css=read_style())
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*_list_hosts(settings), *hosts])
    app.include_router(login.make_router(gate=gate))
    app.include_router(members.make_router(records=records, signer=signer, clock=clock))
    app.include_router(
        slack.make_router(
            records=records, clock=clock, secret=settings.slack_signing_secret or SecretStr("")
        )
    )
    app.include_router(
        feeds.make_router(
            records=records,
            gate=gate,
            clock=clock,
            sender=settings.sender,
            cap_signer=cap_signer,
            base_url=settings.base_url.rstrip("/"),
        )
    )
    app.include_router(feed_status.make_router(records=records, gate=gate, clock=clock))
    app.include_router(status.make_router(records=records, gate=gate))
    app.include_router(archive.make_router(records=records, gate=gate, clock=clock))
    return app


def _list_hosts(settings: Settings) -> list[str]:
    """Return the names the app answers to: a foreign name in Host is an attack on the browser."""
    named = urlsplit(settings.base_url).hostname
    return ["127.0.0.1", "localhost", "[::1]", *([named] if named else [])]
