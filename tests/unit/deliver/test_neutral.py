from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.deliver.neutral import clean_line, clean_text
from tests.support.messages import POISON


@given(st.text(max_size=400))
def test_cleaned_text_holds_no_control_direction_or_hidden_character(text: str) -> None:
    categories = {unicodedata.category(c) for c in clean_text(text) if c != "\n"}
    assert not categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(max_size=400), st.integers(min_value=5, max_value=50))
def test_cleaned_text_stays_within_its_limit(text: str, limit: int) -> None:
    assert len(clean_text(text, limit=limit)) <= limit


@given(st.text(max_size=400))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(max_size=400))
def test_a_clean_line_has_no_line_break(text: str) -> None:
    assert len(clean_line(text).splitlines()) <= 1


@pytest.mark.parametrize("text", ["Prix à 30 %, déjà", "Über 3 Monate", "価格が30%上昇", "a\n\nb"])
def test_ordinary_text_in_every_language_stays_as_it_is(text: str) -> None:
    assert clean_text(text) == text


def test_a_hundred_kilobytes_become_one_paragraph() -> None:
    assert len(clean_text(POISON)) == 2_000
