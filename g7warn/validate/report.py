"""The validation report as a page of our own: one file, no scripts, nothing from other hosts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from g7warn.validate.suites import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template

_CONSEQUENCES = {
    str(Level.CRITICAL): "the batch is refused",
    str(Level.WARNING): "the rows go to quarantine",
    str(Level.INFO): "a note",
}


def render_report(result: Mapping[str, object], *, feed: str = "") -> str:
    """Return the HTML page of a validation result.

    Args:
        result: `ValidationReport.result`, as it is stored with the run.
        feed: Name of the feed; by default that of the suite.
    """
    return _load_template().render(
        result=result, feed=feed or result["suite"], consequences=_CONSEQUENCES
    )


@cache
def _load_template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")
