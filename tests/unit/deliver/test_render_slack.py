from __future__ import annotations

import json
from typing import Any

import pytest

from g7warn.deliver.message import ActualMessage
from g7warn.deliver.render_slack import escape_slack, render_slack
from tests.support.messages import make_content, make_message, make_poison


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [t for key, v in value.items() if key != "text" or not own for t in _texts(v)]
    return [t for v in value for t in _texts(v)] if isinstance(value, list) else []


def test_blocks_begin_with_the_label_and_the_header_repeats_it() -> None:
    blocks: Any = render_slack(make_message())["blocks"]
    assert blocks[0]["elements"][0]["text"] == "TLP:GREEN"
    assert blocks[1]["text"]["text"].endswith("[TLP:GREEN] Nickel: Warning, price up")


def test_buttons_carry_the_alert_and_only_the_page_opens_an_address() -> None:
    blocks: Any = render_slack(make_message())["blocks"]
    buttons = next(block for block in blocks if block["type"] == "actions")["elements"]
    assert [(b["action_id"], b["value"]) for b in buttons[:2]] == [
        ("g7warn_acknowledge", "nickel-price-up-0123456789"),
        ("g7warn_mute", "nickel-price-up-0123456789"),
    ]
    assert [b.get("url") for b in buttons] == [None, None, "https://g7.example/alerts/1"]


def test_no_poison_mentions_anyone_or_breaks_a_limit_of_slack() -> None:
    message = render_slack(make_poison())
    blocks: Any = message["blocks"]
    assert "<" not in json.dumps(_texts(message))
    assert len(blocks) <= 50
    for block in blocks:
        if block["type"] == "header":
            assert len(block["text"]["text"]) <= 150
        if block["type"] == "section":
            assert all(len(text) <= 3000 for text in _texts(block))
            assert all(len(field["text"]) <= 2000 for field in block.get("fields", []))


def test_a_long_digest_is_cut_below_fifty_blocks() -> None:
    digest = ActualMessage(content=make_content(), items=(make_content(),) * 60)
    blocks: Any = render_slack(digest)["blocks"]
    assert len(blocks) <= 50


@pytest.mark.parametrize("limit", [5, 10, 17])
def test_escaping_never_cuts_an_entity_in_two(limit: int) -> None:
    escaped = escape_slack("&&&&&&&&", limit=limit)
    assert len(escaped) <= limit
    assert escaped.replace("&amp;", "") == "\N{HORIZONTAL ELLIPSIS}"
