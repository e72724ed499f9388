"""What Airflow loads of g7warn: the archive inside its UI, and the watch on the drop folder.

Every Airflow component and every task loads its plugins: nothing is imported here beyond Airflow's
own base classes, and the app is made only in the api-server. Airflow passes no authentication on
to a plugin's app: it brings its own (`web.access`). The triggerer finds the trigger by its path,
which it could not in a DAG file.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin
from airflow.triggers.base import BaseTrigger, TriggerEvent

from g7warn.errors import G7WarnError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PREFIX = "/g7warn"

LOOK_SECONDS = 30.0
"""Between two looks into the drop folder. Judgement: a person who puts a file there and opens the
page finds it taken."""


class DropTrigger(BaseTrigger):
    """Fires once complete files of a feed wait that were never tried.

    Airflow's own file trigger fires for every file that is there, also one half written or taken
    long ago.

    Args:
        feed: Name in the catalogue.
        look_seconds: Between two looks.
    """

    def __init__(self, feed: str, look_seconds: float = LOOK_SECONDS) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.feed = feed
        self.look_seconds = look_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the path of the class and its arguments, as the triggerer wants them."""
        arguments = {"feed": self.feed, "look_seconds": self.look_seconds}
        return f"{type(self).__module__}.{type(self).__qualname__}", arguments

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield one event, the addresses of the files; faults are logged and outlasted."""
        from g7warn.pipeline.drop import DropWatch  # noqa: PLC0415 - for the triggerer alone

        watch = DropWatch(feed=self.feed)
        while True:
            waiting: list[str] = []
            try:
                waiting = await asyncio.to_thread(watch.look)
            except G7WarnError as error:
                self.log.warning("cannot look for files of %s: %s", self.feed, error.message)
            if waiting:
                yield TriggerEvent(waiting)  # type: ignore[no-untyped-call]
                return
            await asyncio.sleep(self.look_seconds)


def _make_apps() -> list[dict[str, Any]]:
    if "api-server" not in sys.argv:
        return []
    # The imports and the store are for the api-server alone: every task loads this module.
    from g7warn.clock import SystemClock  # noqa: PLC0415
    from g7warn.pipeline.cap_key import open_cap_signer  # noqa: PLC0415
    from g7warn.settings import read_settings  # noqa: PLC0415
    from g7warn.store.engine import open_store  # noqa: PLC0415
    from g7warn.web.app import create_app  # noqa: PLC0415

    settings, clock = read_settings(), SystemClock()
    signer = open_cap_signer(settings, as_of=clock.now())
    engine = open_store(settings.store_url)
    app = create_app(settings, engine, clock, cap_signer=signer, hosts=["*"])
    return [{"app": app, "url_prefix": PREFIX, "name": "g7warn archive"}]


class G7WarnPlugin(AirflowPlugin):
    """Adds the archive to the navigation; the label is short because Airflow cuts it."""

    name = "g7warn"
    fastapi_apps = _make_apps()
    external_views = [  # noqa: RUF012 - Airflow's own interface
        {
            "name": "Alerts",
            "href": f"{PREFIX}/",
            "destination": "nav",
            "url_route": "alert-archive",
            "nav_top_level": True,
        }
    ]
