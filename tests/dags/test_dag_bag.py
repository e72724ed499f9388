"""Do the DAGs load, and say what an operator needs?"""

from __future__ import annotations

from typing import Any

import pytest

from g7warn.pipeline import plan

pytestmark = pytest.mark.airflow
DAGS = [feed.dag_id for feed in plan.list_feeds()] + [
    "g7warn_assess",
    "g7warn_notify",
    "g7warn_train",
    "g7warn_upkeep",
]


def test_every_dag_file_loads(loaded: dict[str, Any]) -> None:
    assert loaded["errors"] == {}


def test_there_is_one_dag_a_feed_and_one_a_use_case(loaded: dict[str, Any]) -> None:
    assert set(DAGS) <= set(loaded["dags"])


def test_parsing_loads_no_heavy_library(loaded: dict[str, Any]) -> None:
    assert loaded["heavy"] == []


def test_parsing_loads_nothing_of_g7warn_but_the_plan_and_its_dates(
    loaded: dict[str, Any],
) -> None:
    plan = {"g7warn", "g7warn.errors", "g7warn.pipeline", "g7warn.pipeline.plan"}
    assert set(loaded["own"]) == plan | {"g7warn.domain", "g7warn.domain.period"}


@pytest.mark.parametrize("dag_id", DAGS)
def test_a_dag_is_documented_tagged_owned_and_can_be_run_for_a_date(
    dag_id: str, loaded: dict[str, Any]
) -> None:
    dag = loaded["dags"][dag_id]
    assert len(dag["doc"]) > 100
    assert plan.TAG in dag["tags"]
    assert dag["params"] == ["as_of"]
    assert not dag["catchup"]
    assert {task["owner"] for task in dag["tasks"].values()} == {plan.TASK_DEFAULTS["owner"]}


@pytest.mark.parametrize("dag_id", DAGS)
def test_a_dag_is_named_after_its_file(dag_id: str, loaded: dict[str, Any]) -> None:
    stem = loaded["dags"][dag_id]["file"]
    assert dag_id == stem or dag_id.startswith("g7warn_ingest_")


@pytest.mark.parametrize("dag_id", DAGS)
def test_retries_follow_the_error_branch(dag_id: str, loaded: dict[str, Any]) -> None:
    tasks = loaded["dags"][dag_id]["tasks"].values()
    assert all(task["has_policy"] for task in tasks)


def test_each_ingest_emits_the_asset_that_the_assessment_waits_for(loaded: dict[str, Any]) -> None:
    for feed in plan.list_feeds():
        tasks = loaded["dags"][feed.dag_id]["tasks"]
        assert tasks["announce"]["outlets"] == [feed.asset_uri]
        assert tasks["has_news"]["downstream"] == ["announce"]
        assert tasks["ingest"]["outlets"] == []
        first = tasks["await_file"]["downstream"] if feed.is_dropped else ["ingest"]
        assert first == ["ingest"]
        assert ("await_file" in tasks) == feed.is_dropped
    assert loaded["dags"]["g7warn_assess"]["timetable"] == "AssetOrTimeSchedule"


def test_a_critical_alert_waits_for_the_duty_officer_between_finding_and_sending(
    loaded: dict[str, Any],
) -> None:
    tasks = loaded["dags"]["g7warn_notify"]["tasks"]
    assert "duty_officer" in tasks["find_waiting"]["downstream"]
    assert "record_answer" in tasks["duty_officer"]["downstream"]
    assert tasks["record_answer"]["downstream"] == ["send_approved"]
    assert tasks["duty_officer"]["retries"] == 2  # an answer that came too fast is asked for again
