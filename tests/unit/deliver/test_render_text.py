from __future__ import annotations

from g7warn.deliver.message import ActualMessage
from g7warn.deliver.render_text import WIDTH, render_text
from tests.support.messages import make_content, make_exercise, make_message, make_poison

EXPECTED = """\
TLP:GREEN

Nickel: Warning, price up

Price at least 30 % above today's within 6 months.

  Probability: 62 %
  Horizon: 6 months

  - The price rose 48 % in 3 months, more than in 99 % of its past.

Check stocks and contracts.

Acknowledge: https://g7.example/a/1
Mute: https://g7.example/m/1
Open: https://g7.example/alerts/1
Unsubscribe: https://g7.example/u/1

Data known at 5 April 2022.
"""


def test_a_notice_reads_from_label_to_footnote() -> None:
    assert render_text(make_message()) == EXPECTED


def test_every_item_of_a_digest_carries_its_own_label() -> None:
    digest = ActualMessage(content=make_content(), items=(make_content(), make_content()))
    assert render_text(digest).count("TLP:GREEN\n") == 3


def test_an_exercise_says_so_in_its_subject() -> None:
    assert make_exercise().content.marked_title.startswith("[TLP:GREEN] [EXERCISE] Nickel")


def test_words_longer_than_a_line_are_not_broken_and_nothing_else_is_wider() -> None:
    lines = render_text(make_message(summary="copper " * 60)).splitlines()
    assert max(map(len, lines)) <= WIDTH


def test_poison_leaves_no_control_character_and_a_bounded_length() -> None:
    text = render_text(make_poison())
    assert not [c for c in text if ord(c) < 32 and c != "\n"]
    assert len(text) < 15_000
