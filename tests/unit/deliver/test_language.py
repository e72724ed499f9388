from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

import g7warn
from g7warn.deliver.language import Words, open_words
from g7warn.domain.alert import EventKind, Grade
from g7warn.domain.marking import Tlp
from g7warn.domain.member import LANGUAGES
from g7warn.domain.mineral import list_minerals
from g7warn.domain.signal import Certainty, Direction, Family, Severity
from g7warn.errors import ConfigurationError

PACKAGE = Path(g7warn.__file__).parent
CLOSED_SETS = {
    *(f"grade.{grade.label}" for grade in Grade),
    *(f"severity.{severity.name.lower()}" for severity in Severity),
    *(f"certainty.{certainty.name.lower()}" for certainty in Certainty),
    *(f"subject.{family}.{direction}" for family in Family for direction in Direction),
    *(f"step.{kind}" for kind in EventKind),
    *(f"mineral.{mineral.code}" for mineral in list_minerals()),
}


def _read(language: str) -> dict[str, tuple[str, ...]]:
    path = resources.files("g7warn.deliver").joinpath("locale", f"{language}.po")
    with path.open("rb") as stream:
        catalog = read_po(stream, locale=language)
    return {
        m.id if isinstance(m.id, str) else m.id[0]: (m.string,)
        if isinstance(m.string, str)
        else m.string
        for m in catalog
        if m.id
    }


CATALOGS = {language: _read(language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_missing(language: str) -> None:
    wanted = set(CATALOGS["en"]) | CLOSED_SETS
    has = {key for key, texts in CATALOGS[language].items() if all(texts)}
    assert wanted - has == set()
    assert has - set(CATALOGS["en"]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_is_filled_with_the_same_values(language: str) -> None:
    def names(texts: tuple[str, ...]) -> set[str]:
        return {n for text in texts for _, n, _, _ in Formatter().parse(text) if n}

    differing = [k for k, t in CATALOGS[language].items() if names(t) != names(CATALOGS["en"][k])]
    assert differing == []


def test_every_message_that_the_code_asks_for_exists() -> None:
    asked = {
        key
        for path in PACKAGE.rglob("*.py")
        for key in re.findall(r'words\.(?:say|count)\(\s*"([a-z_.]+)"', path.read_text("utf-8"))
    }
    assert asked
    assert asked - set(CATALOGS["en"]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_tlp_labels_are_in_no_catalogue(language: str) -> None:
    text = " ".join(text for texts in CATALOGS[language].values() for text in texts)
    assert "TLP" not in text
    assert not [tlp for tlp in Tlp if tlp.label in text]


def test_an_unknown_language_is_english_and_an_unknown_message_an_error() -> None:
    assert open_words("tlh").language == "en"
    with pytest.raises(ConfigurationError, match=r"locale/en\.po has no message 'no\.such'"):
        Words("en").say("no.such")


def test_a_message_without_its_value_is_an_error_that_names_it() -> None:
    with pytest.raises(ConfigurationError, match=r"'banner\.reminder' wants 'number'"):
        Words("en").say("banner.reminder")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("33,920", "4.031", "-30%", "1 month")),
        ("fr", ("33\u202f920", "4,031", "-30\u00a0%", "1 mois")),
        ("de", ("33.920", "4,031", "-30\u00a0%", "1 Monat")),
        ("it", ("33.920", "4,031", "-30%", "1 mese")),
        ("ja", ("33,920", "4.031", "-30%", "1か月")),
    ],
)
def test_numbers_have_each_languages_form(language: str, expected: tuple[str, ...]) -> None:
    words = Words(language)
    found = (words.number(33924.2), words.number(4.0312), words.percent(-0.3), words.months(1))
    assert found == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_a_dash(value: float) -> None:
    assert Words("en").number(value) == Words("en").percent(value) == "\N{EN DASH}"
