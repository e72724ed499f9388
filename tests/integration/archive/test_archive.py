from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from g7warn.alerts.entitlement import is_entitled
from g7warn.archive.chain import ChainHead, read_head, verify
from g7warn.archive.export import to_csv, to_json
from g7warn.archive.facets import count_facets
from g7warn.archive.query import ArchiveQuery
from g7warn.archive.search import search
from g7warn.archive.timeline import read_evidence, read_timeline
from g7warn.domain.alert import AlertEvent, EventKind, Grade, Reason
from g7warn.domain.marking import Audience, MessageStatus, Tlp
from g7warn.domain.notice import Scope
from g7warn.domain.signal import Evidence, Family
from g7warn.errors import ConfigurationError
from g7warn.store import alerts, observations
from g7warn.store.engine import begin_writing
from tests.support.assessments import make_assessment, make_fingerprint, make_member
from tests.support.observing import NICKEL, day, frame, price
from tests.support.signals import build_signal

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from g7warn.domain.member import Member

NOW = day("2024-01-01")


def event(
    number: int = 1,
    *,
    mineral: str = "nickel",
    family: Family = Family.PRICE,
    grade: Grade = Grade.WARNING,
    as_of: str = "2022-03-05",
    status: MessageStatus = MessageStatus.ACTUAL,
    sequence: int = 1,
    **facts: object,
) -> AlertEvent:
    fingerprint = make_fingerprint(mineral, family)
    return AlertEvent(
        alert_id=f"{mineral}-{number}",
        sequence=sequence,
        kind=EventKind.RAISED if sequence == 1 else EventKind.ESCALATED,
        reason=Reason.FIRST,
        grade=grade,
        previous_grade=Grade.NORMAL,
        raised_at=day(as_of),
        as_of=day(as_of),
        assessment=make_assessment(grade, fingerprint=fingerprint, as_of=day(as_of), **facts),
        status=status,
    )


def fill(store: Engine, *events: AlertEvent) -> None:
    with begin_writing(store) as connection:
        alerts.append(connection, events)


def find(store: Engine, viewer: Member | None = None, **query: object) -> list[str]:
    page = search(store, ArchiveQuery(**query), as_of=NOW, viewer=viewer)
    return [hit.alert_id for hit in page.hits]


def test_words_find_events_by_headline_and_reasons(store: Engine) -> None:
    fill(
        store,
        event(1, headline="Nickel: prices doubled in a day"),
        event(2, reasons=("Stocks cover three days of consumption.",)),
        event(3, mineral="cobalt", headline="Cobalt: exports stopped"),
    )
    assert find(store, words="doubled") == ["nickel-1"]
    assert find(store, words="STOCK consumption") == ["nickel-2"]
    assert find(store, words='"three days"') == ["nickel-2"]
    assert find(store, words='"days three"') == []
    assert find(store, words="cobalt") == ["cobalt-3"]
    assert find(store, words="warning -cobalt -doubled") == ["nickel-2"]


@pytest.mark.parametrize(
    "words",
    [
        "'",
        '"',
        "a AND",
        "NEAR(",
        "x OR *",
        "col:val",
        "^",
        "-",
        "; DROP TABLE alert_events",
        "%",
        "é",
    ],
)
def test_no_text_breaks_the_search(store: Engine, words: str) -> None:
    fill(store, event())
    assert find(store, words=words) in ([], ["nickel-1"])


def test_choices_limit_and_combine(store: Engine) -> None:
    fill(
        store,
        event(1, as_of="2022-12-31"),
        event(2, as_of="2023-01-01", grade=Grade.WATCH),
        event(3, mineral="cobalt", family=Family.SUPPLY, as_of="2023-05-01"),
    )
    assert find(store, minerals=("nickel",)) == ["nickel-2", "nickel-1"]
    assert find(store, years=(2023,)) == ["cobalt-3", "nickel-2"]
    assert find(store, years=(2022, 2023), grades=(int(Grade.WARNING),)) == ["cobalt-3", "nickel-1"]
    assert find(store, families=("supply",)) == ["cobalt-3"]
    assert find(store, alert_id="nickel-2") == ["nickel-2"]


def test_facets_count_and_leave_their_own_choice_out(store: Engine) -> None:
    fill(
        store,
        event(1, as_of="2022-12-31"),
        event(2, as_of="2023-01-01", grade=Grade.WATCH),
        event(3, mineral="cobalt", as_of="2023-05-01"),
    )
    counts = count_facets(store, ArchiveQuery(minerals=("nickel",)), as_of=NOW)
    assert counts["minerals"] == {"nickel": 2, "cobalt": 1}
    assert counts["years"] == {"2022": 1, "2023": 1}
    assert counts["grades"] == {str(int(Grade.WATCH)): 1, str(int(Grade.WARNING)): 1}


def test_pages_follow_on_one_another_while_events_are_appended(store: Engine) -> None:
    fill(store, *(event(number, as_of=f"2022-03-{number:02d}") for number in range(1, 8)))
    first = search(store, ArchiveQuery(), as_of=NOW, limit=3)
    fill(store, event(8, as_of="2022-03-20"))
    seen, cursor = [hit.alert_id for hit in first.hits], first.next_cursor
    while cursor:
        page = search(store, ArchiveQuery(), as_of=NOW, limit=3, cursor=cursor)
        seen, cursor = seen + [hit.alert_id for hit in page.hits], page.next_cursor
    assert seen == [f"nickel-{number}" for number in range(7, 0, -1)]


def test_damaged_cursor_and_page_size_are_refused(store: Engine) -> None:
    with pytest.raises(ConfigurationError, match="cursor"):
        search(store, ArchiveQuery(), as_of=NOW, cursor="1; drop")
    with pytest.raises(ConfigurationError, match="page"):
        search(store, ArchiveQuery(), as_of=NOW, limit=100000)


def test_later_events_are_not_found(store: Engine) -> None:
    fill(store, event(1, as_of="2022-03-05"), event(2, as_of="2022-06-05"))
    page = search(store, ArchiveQuery(), as_of=day("2022-04-01"))
    assert [hit.alert_id for hit in page.hits] == ["nickel-1"]


MEMBERS = [
    make_member("jp"),
    make_member("au", Audience.PARTNER),
    make_member("kr", Audience.LIKE_MINDED, minerals=frozenset({"nickel"})),
    make_member("xx", Audience.NAMED),
    make_member("off", is_active=False),
]


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.member_id)
def test_archive_shows_exactly_what_entitlement_allows(store: Engine, member: Member) -> None:
    events = [
        event(number, mineral=mineral, status=status, tlp=tlp)
        for number, (mineral, status, tlp) in enumerate(
            (mineral, status, tlp)
            for mineral in ("nickel", "cobalt")
            for status in MessageStatus
            for tlp in Tlp
        )
    ]
    fill(store, *events)

    class Thing:
        scope, addresses = Scope.RESTRICTED, ()

        def __init__(self, of: AlertEvent) -> None:
            self.status, self.tlp = of.status, of.assessment.tlp
            self.mineral = of.assessment.fingerprint.mineral

    allowed = {one.alert_id for one in events if is_entitled(member, Thing(one))}
    page = search(store, ArchiveQuery(), as_of=NOW, viewer=member, limit=200)
    assert {hit.alert_id for hit in page.hits} == allowed
    counts = count_facets(store, ArchiveQuery(), as_of=NOW, viewer=member)
    assert sum(counts["minerals"].values()) == len(allowed)


def test_timeline_holds_an_alerts_life_and_hides_what_may_not_be_seen(store: Engine) -> None:
    first = event(1, tlp=Tlp.RED)
    second = replace(first, sequence=2, kind=EventKind.ESCALATED, as_of=day("2022-04-05"))
    fill(store, first, second, event(2))
    assert read_timeline(store, "nickel-1", as_of=NOW) == (first, second)
    for name in ("nickel-1", "no-such-alert"):
        with pytest.raises(ConfigurationError, match="no alert"):
            read_timeline(store, name, as_of=NOW, viewer=make_member("jp"))


def test_evidence_is_shown_as_known_that_day_with_what_was_revised_since(store: Engine) -> None:
    rows = [price("2022-01", 1.0, "2022-02-05"), price("2022-02", 2.0, "2022-03-05")]
    with begin_writing(store) as connection:
        observations.append(connection, frame(rows), released_at=day("2022-03-05"))
        later = [price("2022-02", 9.0, "2022-03-05"), price("2022-03", 3.0, "2022-04-05")]
        observations.append(connection, frame(later), released_at=day("2022-05-01"))
    evidence = Evidence(
        series_ids=(NICKEL,), periods=("2022-01", "2022-02"), vintage_at=day("2022-03-05")
    )
    raised = event(as_of="2022-03-10", signals=(build_signal(evidence=evidence),))
    known = read_evidence(store, raised, as_of=NOW)
    assert known.then.table["value"].tolist() == [1.0, 2.0]
    assert known.revised_since.table[["period", "value"]].to_numpy().tolist() == [["2022-02", 9.0]]


def test_untouched_chain_is_intact(store: Engine) -> None:
    fill(store, event(1), event(2))
    head = read_head(store)
    fill(store, event(3))
    report = verify(store, expected=head)
    assert (report.is_intact, report.checked) == (True, 3)
    assert verify(store, expected=ChainHead(events=0, digest="0" * 64)).is_intact


TAMPERING = {
    "text": (
        "UPDATE alert_events SET body = replace(body, 'WARNING', 'WATCH') WHERE sequence = 2",
        "#2",
    ),
    "column": ("UPDATE alert_events SET grade = 1 WHERE sequence = 2", "#2"),
    "seal": ("UPDATE alert_events SET digest = upper(digest) WHERE sequence = 2", "#2"),
    "removal": ("DELETE FROM alert_events WHERE sequence = 2", "#3"),
}


def tamper(store: Engine, statement: str) -> None:
    """Write past the triggers, as someone with the database's own tools would."""
    with begin_writing(store) as connection:
        if store.dialect.name == "sqlite":
            for act in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER alert_events_no_{act}")
        else:
            connection.exec_driver_sql("ALTER TABLE alert_events DISABLE TRIGGER USER")
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("how", sorted(TAMPERING))
def test_first_tampered_event_is_named(store: Engine, how: str) -> None:
    fill(store, *(event(1, sequence=number) for number in range(1, 5)))
    statement, broken = TAMPERING[how]
    tamper(store, statement)
    report = verify(store)
    assert not report.is_intact
    assert report.broken_event == f"nickel-1{broken}"
    assert report.reason


def test_chain_that_was_cut_off_is_found_with_a_head_kept_elsewhere(store: Engine) -> None:
    fill(store, event(1), event(2))
    head = read_head(store)
    tamper(store, "DELETE FROM alert_events WHERE alert_id = 'nickel-2'")
    assert verify(store).is_intact
    assert not verify(store, expected=head).is_intact


def test_csv_is_defused_and_json_is_whole() -> None:
    nasty = event(headline='=HYPERLINK("x")', reasons=("+1", "plain"), criterion="@cmd")
    row = next(csv.DictReader(io.StringIO(to_csv([nasty]))))
    assert (row["headline"], row["criterion"]) == ('\'=HYPERLINK("x")', "'@cmd")
    assert row["reasons"] == "'+1 | plain"
    assert json.loads(to_json([nasty]))[0]["assessment"]["headline"] == '=HYPERLINK("x")'
