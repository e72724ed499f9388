from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from lxml import etree

from g7warn.alerts.cap import CapTexts, format_cap_time, notice_to_ack, notice_to_cap
from g7warn.domain.alert import Fingerprint
from g7warn.domain.marking import Tlp
from g7warn.domain.notice import ExerciseNotice, TrackRecord
from g7warn.domain.signal import Direction, Family
from g7warn.errors import ConfigurationError
from tests.support.notices import SENT, make_notice

CAP = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
TEXTS = CapTexts(
    language="en",
    event="Nickel: price rise",
    headline="Nickel",
    description="It rose.",
    instruction="",
    area="World",
)


def _find(document: bytes, path: str) -> list[str]:
    return [str(node.text) for node in etree.fromstring(document).findall(path, CAP)]


@pytest.mark.parametrize("hours", [0, 2, -5, 9])
def test_times_are_utc_with_an_offset_and_never_z(hours: int) -> None:
    local = datetime(2022, 4, 5, 12, tzinfo=timezone(timedelta(hours=hours)))
    assert format_cap_time(local) == f"2022-04-05T{12 - hours:02d}:00:00-00:00"


@pytest.mark.parametrize(
    ("tlp", "extra", "expected"),
    [
        (Tlp.CLEAR, {}, ["Public"]),
        (Tlp.AMBER, {}, ["Restricted", "TLP:AMBER"]),
        (Tlp.RED, {"addresses": ("jp", "de")}, ["Private", "jp de"]),
    ],
)
def test_scope_restriction_and_addresses_follow_the_label(
    tlp: Tlp, extra: dict[str, object], expected: list[str]
) -> None:
    document = notice_to_cap(make_notice(tlp=tlp, **extra), [TEXTS])
    found = [_find(document, f"c:{name}") for name in ("scope", "restriction", "addresses")]
    assert [value for values in found for value in values] == expected


def test_references_name_every_earlier_message_and_the_alert_is_the_incident() -> None:
    first = make_notice()
    second = make_notice(sequence=2, references=(first.reference,))
    document = notice_to_cap(second, [TEXTS])
    assert _find(document, "c:references") == [
        "g7warn@example.org,nickel-price-up-1-1,2022-04-05T06:30:00-00:00"
    ]
    assert _find(document, "c:incidents") == ["nickel-price-up-1"]


def test_an_exercise_says_so_in_status_and_note() -> None:
    document = notice_to_cap(make_notice(ExerciseNotice), [TEXTS])
    assert _find(document, "c:status") == ["Exercise"]
    assert _find(document, "c:note") == ["Exercise: EXERCISE MESSAGE"]


def test_a_country_has_its_iso_code_and_the_track_record_its_parameter() -> None:
    fingerprint = Fingerprint(
        mineral="nickel", family=Family.SUPPLY, direction=Direction.DOWN, area="id"
    )
    record = TrackRecord(alerts=9, hits=6, median_lead_months=4.0)
    document = notice_to_cap(make_notice(fingerprint=fingerprint, track_record=record), [TEXTS])
    assert _find(document, ".//c:geocode/c:value") == ["ID"]
    assert "hits=6 alerts=9 lead_months=4" in _find(document, ".//c:parameter/c:value")


def test_characters_that_xml_forbids_are_left_out() -> None:
    document = notice_to_cap(make_notice(criterion="a\x00b\ud800c\ufffed]]>"), [TEXTS])
    assert "abcd]]>" in _find(document, ".//c:parameter/c:value")


def test_a_notice_without_texts_is_no_cap_message() -> None:
    with pytest.raises(ConfigurationError, match="at least one language"):
        notice_to_cap(make_notice(), [])


def test_an_acknowledgement_refers_to_the_notice_and_is_addressed_to_its_sender() -> None:
    ack = notice_to_ack(make_notice(), sender="cap@meti.example", sent=SENT, identifier="ack-1")
    assert _find(ack, "c:msgType") == ["Ack"]
    assert _find(ack, "c:addresses") == ["g7warn@example.org"]
    assert _find(ack, "c:references")[0].startswith("g7warn@example.org,nickel-price-up-1-1,")
