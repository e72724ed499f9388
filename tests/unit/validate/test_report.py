from __future__ import annotations

import re

from g7warn.validate.report import render_report

RESULT = {
    "suite": "worldbank",
    "version": 1,
    "title": "Prices",
    "rows": 2,
    "accepted": 1,
    "quarantined": 1,
    "critical": [],
    "expectations": [
        {
            "defect": "not a number",
            "type": "expect_column_values_to_be_in_set",
            "severity": "warning",
            "source": "",
            "is_met": False,
            "rows": 1,
            "observed": "",
            "examples": ["nickel: <script>alert(1)</script>"],
        }
    ],
}


def test_page_names_what_was_expected_and_what_became_of_it() -> None:
    page = render_report(RESULT, feed="worldbank")
    assert "Accepted: 1 of 2 rows; 1 in quarantine" in page
    assert "the rows go to quarantine" in page


def test_text_from_a_publisher_cannot_become_markup() -> None:
    assert "<script" not in render_report(RESULT)


def test_page_loads_nothing_from_anywhere() -> None:
    page = render_report(RESULT)
    assert not re.search(r"(?:src|href|url)\s*[=(]|https?://|@import", page)


def test_refused_batch_is_said_to_be_refused() -> None:
    page = render_report({**RESULT, "critical": ["too many refused rows"]})
    assert "nothing of this batch was stored" in page
    assert "too many refused rows" in page
