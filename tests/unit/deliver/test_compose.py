from __future__ import annotations

import json
from dataclasses import replace

import pytest

from g7warn.deliver.compose import compose_digest, compose_message
from g7warn.deliver.message import ActualMessage, ExerciseMessage, LinkKind, MessageKind
from g7warn.deliver.render_text import render_text
from g7warn.domain.alert import EventKind, Grade
from g7warn.domain.marking import Tlp
from g7warn.domain.member import LANGUAGES
from g7warn.domain.notice import ActualNotice, ExerciseNotice, Finding, Notice, TrackRecord
from g7warn.domain.signal import Certainty
from g7warn.errors import ConfigurationError
from tests.support.messages import POISON
from tests.support.notices import SENT, make_notice

GERMAN = """\
TLP:AMBER
*** Automatisch, nicht geprüft ***

Nickel: Warnung, Preisanstieg wahrscheinlich (72 %) innerhalb von 6 Monaten

Neue Warnmeldung.

  Stufe: Warnung
  Zuvor: Normal
  Schwere: schwer
  Gewissheit: wahrscheinlich
  Wahrscheinlichkeit: 72 %
  Zeithorizont: 6 Monate
  Zeitraum: 5. April 2022 – 5. Oktober 2022
  Kriterium: Preis +50 % oder mehr, Zeitraum 6 Monate
  Bisherige Trefferquote: 6 von 9 eingetreten, mittlerer Vorlauf: 4 Monate
  HS-Positionen: 2604, 7502

  - The price grew by 48 % in six months, above 97 % of its past. (auf
    Englisch)

Maßnahmen vorbereiten und Ansprechstelle für Konsultationen benennen.

Belege öffnen: https://g7.example/alerts/1

Gesendet am 5. April 2022, 06:30 UTC von g7warn@example.org. Nachricht
nickel-price-up-1-1. Regel severe_likely.
"""  # noqa: RUF001


ENGLISH = "The price grew by 48 % in six months, above 97 % of its past."


def test_a_german_notice_reads_as_a_whole() -> None:
    notice = make_notice(
        tlp=Tlp.AMBER,
        criterion="price +50 % or more within 6 months",
        track_record=TrackRecord(alerts=9, hits=6, median_lead_months=4.0),
        findings=(
            Finding(key="", text="The price grew by 48 % in six months, above 97 % of its past."),
        ),
    )
    urls = {LinkKind.PAGE: "https://g7.example/alerts/1"}
    text = render_text(compose_message(notice, language="de", urls=urls))
    assert text.replace("\u00a0", " ") == GERMAN


@pytest.mark.parametrize(
    ("notice_type", "message_type"),
    [(ActualNotice, ActualMessage), (ExerciseNotice, ExerciseMessage)],
)
def test_the_kind_of_notice_decides_the_type_of_message(
    notice_type: type[Notice], message_type: type
) -> None:
    message = compose_message(make_notice(notice_type))
    assert type(message) is message_type


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"certainty": Certainty.OBSERVED, "horizon_months": 0}, id="observed"),
        pytest.param({"kind": EventKind.ESCALATED, "grade": Grade.CRITICAL}, id="escalated"),
        pytest.param({"kind": EventKind.ENDED, "grade": Grade.NORMAL}, id="ended"),
        pytest.param({"kind": EventKind.WITHDRAWN, "grade": Grade.NORMAL}, id="withdrawn"),
        pytest.param({"grade": Grade.BLIND}, id="blind"),
        pytest.param({"repeat": 2, "is_reviewed": True, "is_simulated": True}, id="reminder"),
    ],
)
def test_every_step_of_an_alert_has_words_in_every_language(
    language: str, facts: dict[str, object]
) -> None:
    message = compose_message(make_notice(**facts), language=language)
    assert message.content.title
    assert "{" not in render_text(message)
    assert json.dumps(message.body, allow_nan=False)


def test_a_reminder_says_so_first() -> None:
    message = compose_message(make_notice(repeat=2))
    assert message.kind is MessageKind.REMINDER
    assert "Reminder 2" in message.content.banners


def test_a_digest_is_ordered_worst_first_under_its_strictest_label() -> None:
    notices = [
        make_notice(mineral="tin", grade=Grade.WATCH),
        make_notice(mineral="nickel", grade=Grade.CRITICAL, tlp=Tlp.AMBER),
    ]
    digest = compose_digest(notices, language="fr", sent_at=SENT, identifier="digest-1")
    assert digest.content.tlp is Tlp.AMBER
    assert [item.title.split(" ")[0] for item in digest.items] == ["Nickel", "Étain"]
    assert digest.content.title == "Synthèse du 5 avril 2022, avis : 2"


def test_a_digest_of_nothing_or_of_both_kinds_is_refused() -> None:
    mixed = [make_notice(), make_notice(ExerciseNotice)]
    for notices in ([], mixed):
        with pytest.raises(ConfigurationError, match="all of one kind"):
            compose_digest(notices, language="en", sent_at=SENT, identifier="digest-1")


def test_poison_in_a_notice_is_harmless_in_its_message() -> None:
    finding = Finding(key=POISON[-80:], text=POISON, values={POISON[-80:]: 1.0})
    message = compose_message(replace(make_notice(), findings=(finding,) * 40, rule=POISON))
    text = render_text(message)
    assert len(text) < 10_000
    assert not [c for c in text if ord(c) < 32 and c != "\n"]
