"""The feeds' pages: what an operator decides on, and how little of it a member sees."""

from __future__ import annotations

import re

import pytest

from tests.support.web import OTHER_TOKEN, REPORT, TOKEN, Site

REPORT_PATH = f"/feeds/worldbank/reports/{'0' * 64}"


@pytest.fixture(scope="module")
def site() -> Site:
    return Site()


@pytest.mark.parametrize("token", [TOKEN, OTHER_TOKEN])
@pytest.mark.parametrize("path", ["/feeds", "/feeds.json"])
def test_a_member_sees_no_message_and_no_feed_above_its_label(
    site: Site, token: str, path: str
) -> None:
    page = site.client(token).get(path).text
    assert "worldbank" in page
    assert "member_submission" not in page
    assert "4711" not in page


def test_an_operator_sees_every_feed_with_age_and_calendar(site: Site) -> None:
    page = site.client(site.operator_token).get("/feeds").text
    for shown in ("member_submission", "worldbank", "2022-03", "2022-04-05", "fresh", "4711"):
        assert shown in page


def test_an_operator_sees_what_is_held_and_how_to_decide(site: Site) -> None:
    page = site.client(site.operator_token).get("/feeds/worldbank").text
    assert "the release ends in 2021-12" in page
    assert "g7warn feeds release 7" in page


def test_refused_rows_stand_by_defect_the_most_frequent_first(site: Site) -> None:
    client = site.client(site.operator_token)
    defects = client.get("/feeds/worldbank.json").json()["defects"]
    assert [(one["defect"], one["rows"]) for one in defects] == [
        ("not a number", 9),
        ("straight line", 1),
    ]
    assert len(defects[0]["examples"]) == 5
    assert "<script" not in client.get("/feeds/worldbank").text


def test_a_report_names_what_was_expected_and_what_became_of_it(site: Site) -> None:
    page = site.client(site.operator_token).get(REPORT_PATH).text
    assert "1 of 2 rows accepted; 1 in quarantine" in page
    assert "the rows go to quarantine" in page
    assert "1 corrected to 2" in page
    assert "<script" not in page
    assert not re.search(r"(?:src|url)\s*[=(]|https?://|@import", page)


def test_a_refused_batch_is_said_to_be_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = {name: REPORT[name] for name in REPORT if "correct" not in name}
    monkeypatch.setattr(
        "tests.support.web.REPORT", {**refused, "critical": ["too many refused rows"]}
    )
    page = site.client(site.operator_token).get(REPORT_PATH).text
    assert "nothing of this batch was stored" in page
    assert "too many refused rows" in page


@pytest.mark.parametrize("path", ["/feeds/nosuch", "/feeds/worldbank/reports/abc"])
def test_what_is_not_there_is_not_found(site: Site, path: str) -> None:
    assert site.client(site.operator_token).get(path).status_code == 404
