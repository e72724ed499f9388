"""Order of events, and the parts of a large panel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from g7warn.alerts.lifecycle import advance
from g7warn.domain.mineral import list_minerals
from g7warn.errors import IllegalTransition
from g7warn.pipeline.assess import check_order
from g7warn.pipeline.shards import Shard, deal_minerals
from tests.support.assessments import AS_OF, make_assessment, make_fingerprint


def test_an_event_before_those_of_its_alert_is_refused() -> None:
    events = advance([], [make_assessment()], as_of=AS_OF)
    ahead = {make_fingerprint(): AS_OF + timedelta(days=3)}
    with pytest.raises(IllegalTransition, match=r"2022-04-08 in this store.*G7WARN_DATABASE_URL"):
        check_order(events, ahead=ahead)


def test_later_events_of_other_minerals_are_in_nobodys_way() -> None:
    events = advance([], [make_assessment()], as_of=AS_OF)
    check_order(events, ahead={make_fingerprint("tin"): AS_OF + timedelta(days=3)})


@pytest.mark.parametrize("number", [1, 2, 7, 500])
def test_every_mineral_is_in_exactly_one_part_and_no_part_is_empty(number: int) -> None:
    codes = [mineral.code for mineral in list_minerals()]
    parts = deal_minerals(dict.fromkeys(codes, 3), number=number)
    assert sorted(code for part in parts for code in part) == sorted(codes)
    assert all(parts)


def test_parts_are_of_about_equal_size() -> None:
    counts = {mineral.code: 10 * place for place, mineral in enumerate(list_minerals())}
    sizes = [sum(counts[code] for code in part) for part in deal_minerals(counts, number=4)]
    assert max(sizes) - min(sizes) < 0.05 * max(sizes)


def test_a_part_is_read_back_from_what_a_scheduler_keeps_of_it() -> None:
    last = datetime(2022, 3, 5, tzinfo=UTC)
    shard = Shard.parse({"minerals": ["tin", "zinc"], "last": last.isoformat()})
    assert (shard.minerals, shard.last) == (frozenset({"tin", "zinc"}), last)
    assert Shard.parse({"minerals": [], "last": ""}).last is None
