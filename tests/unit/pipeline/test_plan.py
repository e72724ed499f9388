from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from g7warn import errors
from g7warn.domain.period import parse_as_of
from g7warn.errors import ConfigurationError
from g7warn.pipeline import plan

DUE = datetime(2025, 1, 31, 6, 40, tzinfo=UTC)


def build_context(
    *, asked: str | None = None, events: Any = (), logical_date: datetime | None = None
) -> dict[str, Any]:
    return {
        "params": {"as_of": asked},
        "triggering_asset_events": {"an asset": list(events)} if events else {},
        "dag_run": SimpleNamespace(logical_date=logical_date, run_after=DUE),
    }


def build_event(*, at: datetime, extra: dict[str, Any] | None = None) -> SimpleNamespace:
    return SimpleNamespace(timestamp=at, extra=extra or {})


def test_a_run_uses_what_was_known_when_it_became_due() -> None:
    assert plan.as_of(build_context()) == DUE


def test_a_run_for_a_logical_date_uses_what_was_known_then() -> None:
    date = datetime(2022, 4, 5, tzinfo=UTC)
    assert plan.as_of(build_context(logical_date=date)) == date


def test_what_a_person_asks_for_goes_before_everything_else() -> None:
    event = build_event(at=DUE)
    context = build_context(asked="2022-04-05", events=[event], logical_date=DUE)
    assert plan.as_of(context) == parse_as_of("2022-04-05")


def test_a_live_event_stands_for_its_own_time_because_data_came_after_the_run_was_due() -> None:
    fetched_at = datetime(2025, 1, 31, 6, 43, tzinfo=UTC)
    event = build_event(at=fetched_at, extra=plan.event_extra(build_context()))
    assert plan.as_of(build_context(events=[event])) == fetched_at


def test_a_replay_carries_its_date_down_the_chain() -> None:
    first = plan.event_extra(build_context(asked="2022-04-05"))
    second = build_context(events=[build_event(at=DUE, extra=first)])
    third = build_context(events=[build_event(at=DUE, extra=plan.event_extra(second))])
    assert plan.as_of(third) == parse_as_of("2022-04-05")


def test_of_several_events_the_newest_counts() -> None:
    events = [build_event(at=DUE), build_event(at=datetime(2025, 2, 1, tzinfo=UTC))]
    assert plan.as_of(build_context(events=events)) == datetime(2025, 2, 1, tzinfo=UTC)


def test_an_as_of_far_after_its_run_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="9999"):
        plan.as_of(build_context(asked="9999-12-31"))


def test_every_branch_of_the_error_tree_has_its_reaction() -> None:
    actions = {
        rule["exception"].split(".")[-1]: rule["action"] for rule in plan.RETRY_POLICY["rules"]
    }
    assert actions["TransientError"] == "retry"
    assert actions["PermanentError"] == actions["DataError"] == "fail"
    assert all(hasattr(errors, name) for name in actions)


def test_a_catalogue_entry_without_what_a_dag_needs_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="catalogue entry cannot be planned"):
        plan._read_entry({"feed": "x"})


def test_a_feed_whose_files_all_come_by_hand_waits_for_its_drop_folder() -> None:
    entry = {"feed": "x", "title": "X", "publisher": "P", "licence": "L", "frequency": "A"}
    dropped = plan._read_entry({**entry, "documents": [{"addresses": ["drop://x.xlsx"]}]})
    fetched = plan._read_entry({**entry, "documents": [{"addresses": ["https://x.org/x.xlsx"]}]})
    assert (dropped.is_dropped, fetched.is_dropped) == (True, False)
    assert "G7WARN_DROP" in dropped.doc


def test_only_news_is_announced() -> None:
    unchanged = {"new": 0, "revised": 0, "unchanged": 9}
    assert not plan.has_news(unchanged, build_context())
    assert plan.has_news({**unchanged, "revised": 1}, build_context())


def test_a_replay_is_announced_even_without_news() -> None:
    assert plan.has_news({"new": 0, "revised": 0}, build_context(asked="2022-04-05"))


def test_one_run_always_waits_for_the_drop_folder() -> None:
    feed = plan.FeedPlan(
        feed="x", title="", publisher="", licence="", frequency="A", is_dropped=True
    )
    assert feed.schedule == "@continuous"
