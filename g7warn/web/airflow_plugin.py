"""The archive inside Airflow's UI.

Every Airflow component and every task loads its plugins: nothing is imported here beyond Airflow's
own base class, and the app is made only in the api-server. Airflow passes no authentication on to
a plugin's app: it brings its own (`web.access`).
"""

from __future__ import annotations

import sys
from typing import Any

from airflow.plugins_manager import AirflowPlugin

PREFIX = "/g7warn"


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
