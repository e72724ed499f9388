"""Pages: Jinja templates with one inline style sheet, escaped throughout."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from g7warn.web.archive_views import name_choice

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request


@cache
def read_style() -> str:
    """Return the style sheet of every page."""
    return resources.files("g7warn.web").joinpath("templates/style.css").read_text("utf-8")


def render_page(
    request: Request, template: str, *, status: int = 200, **values: object
) -> HTMLResponse:
    """Return a page; `root` is the prefix under which the app is mounted."""
    page = _environment().get_template(template)
    root = str(request.scope.get("root_path", "")).rstrip("/")
    visitor = getattr(request.state, "visitor", None)
    is_simulated = bool(getattr(request.app.state, "is_simulated", False))
    html = page.render(
        root=root, visitor=visitor, style=read_style(), is_simulated=is_simulated, **values
    )
    return HTMLResponse(html, status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("g7warn.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["name_choice"] = name_choice
    environment.filters["minute"] = _format_minute
    return environment


def _format_minute(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC" if instant else "\N{EN DASH}"
