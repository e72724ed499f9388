"""The archive's searches as addresses, and its hits as the pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from g7warn.archive.query import ArchiveQuery
from g7warn.deliver.neutral import clean_line, clean_text
from g7warn.domain.alert import Grade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.archive.search import Hit

CHOICES = ("minerals", "families", "grades", "years")
"""Facets of the archive, and the parameters of its address."""

_LONGEST = 200


def read_choices(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the value chosen for each facet, empty for none."""
    return {facet: parameters.get(facet, "")[:_LONGEST] for facet in CHOICES}


def read_archive_query(parameters: Mapping[str, str]) -> ArchiveQuery:
    """Return what an address asks of the archive; what no facet can hold limits nothing."""
    chosen = read_choices(parameters)
    grades = {str(int(grade)): int(grade) for grade in Grade}
    year = chosen["years"]
    is_year = year.isascii() and year.isdigit() and 1900 <= int(year) < 2200
    return ArchiveQuery(
        words=parameters.get("q", "")[:_LONGEST],
        minerals=(chosen["minerals"],) if chosen["minerals"] else (),
        families=(chosen["families"],) if chosen["families"] else (),
        grades=(grades[chosen["grades"]],) if chosen["grades"] in grades else (),
        years=(int(year),) if is_year else (),
    )


def describe_hit(hit: Hit) -> dict[str, Any]:
    """Return a hit as a JSON-safe mapping."""
    return {
        "alert_id": hit.alert_id,
        "sequence": hit.sequence,
        "event": str(hit.kind),
        "status": str(hit.status),
        "mineral": hit.mineral,
        "family": hit.family,
        "direction": hit.direction,
        "area": hit.area,
        "grade": hit.grade.label,
        "tlp": hit.tlp.label,
        "raised_at": hit.raised_at.isoformat(),
        "as_of": hit.as_of.isoformat(),
        "headline": clean_line(hit.headline),
        "excerpt": clean_text(hit.excerpt),
    }


def name_choice(facet: str, value: str) -> str:
    """Return how a facet's value is shown: grades are stored as numbers, names without spaces.

    Example:
        >>> name_choice("grades", "3"), name_choice("mineral", "iron_ore")
        ('warning', 'iron ore')
    """
    return Grade(int(value)).label if facet == "grades" else value.replace("_", " ")
