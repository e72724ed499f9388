from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from g7warn.domain.policy import HazardDate, PolicyMeasure, PolicyStage
from g7warn.errors import SourceFormatChanged
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.sources.policy_notices import SOURCE
from tests.support.payloads import make_payload
from tests.support.publishers import make_notices

if TYPE_CHECKING:
    from g7warn.feeds.base import ParsedPayload


def parse(**changes: object) -> ParsedPayload:
    page: dict[str, Any] = json.loads(make_notices())
    page["notices"][0].update(changes)
    return SOURCE.parse(make_payload(json.dumps(page)), get_dataset("policy_notices"))


def test_a_notice_is_read_with_its_hazard_calendar() -> None:
    (notice,) = parse().policies
    assert (notice.stage, notice.measure) == (PolicyStage.SUSPENDED, PolicyMeasure.EXPORT_LICENCE)
    assert (notice.area, notice.minerals) == ("cn", ("rare_earths",))
    expires = HazardDate(on=date(2026, 11, 10), what="suspension expires")
    assert notice.hazards == (expires,)


def test_minerals_are_those_of_the_headings_where_none_is_named() -> None:
    (notice,) = parse(minerals="", hs="8505.11".replace(".", "")).policies
    assert notice.minerals == ("permanent_magnets",)


@pytest.mark.parametrize(
    "changes",
    [
        {"stage": "rumoured"},
        {"measure": "charm"},
        {"country": "Atlantis"},
        {"announced_on": "soon"},
        {"hs": "28-46"},
        {"source_url": "javascript:alert(1)"},
        {"minerals": "unobtainium"},
        {"title": " "},
        {"hazards": "next year: expiry"},
        {"licence_lead_days": "many"},
        {"extra": 1},
    ],
)
def test_a_wrong_record_is_refused_alone(changes: dict[str, object]) -> None:
    parsed = parse(**changes)
    assert parsed.policies == ()
    assert parsed.table["refusal"].str.startswith("no policy notice").all()


def test_a_csv_of_notices_is_read_too() -> None:
    body = (
        "notice_id,stage,measure,country,announced_on,effective_on,title,source_url,hs\n"
        "id-1,in_force,export_ban,Indonesia,2019-10-28,2020-01-01,Nickel ore ban,"
        "https://gazette.example/1,2604\n"
    )
    (notice,) = SOURCE.parse(make_payload(body), get_dataset("policy_notices")).policies
    assert (notice.area, notice.minerals) == ("id", ("nickel",))


@pytest.mark.parametrize("body", ["{}", '{"notices": 1}', "[1]", "a,b\n1,2", "["])
def test_what_is_no_list_of_notices_is_a_changed_format(body: str) -> None:
    with pytest.raises(SourceFormatChanged):
        SOURCE.parse(make_payload(body), get_dataset("policy_notices"))
