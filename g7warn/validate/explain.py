"""From outcomes of expectations to sentences: about rows, about the batch, about the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from g7warn.validate.suites import Level

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from g7warn.validate.expect import Outcome
    from g7warn.validate.suites import Suite

_EXAMPLES = 5


def explain_rows(table: pd.DataFrame, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return expectation and reason of every row to be quarantined, by the table's index.

    Args:
        table: Rows with their helper columns.
        outcomes: Of the suite; the first defect found names the row, all of them explain it.
    """
    defects: dict[int, list[tuple[str, str]]] = {}
    for outcome in outcomes:
        if outcome.is_met or outcome.expectation.severity is not Level.WARNING:
            continue
        meta = outcome.expectation.meta
        for label, row in _rows(table, outcome.rows):
            defects.setdefault(label, []).append((meta.defect, _fill(meta.reason, row)))
    return pd.DataFrame(
        {
            "expectation": [found[0][0] for found in defects.values()],
            "reason": ["; ".join(reason for _, reason in found) for found in defects.values()],
        },
        index=pd.Index(list(defects), dtype="int64"),
        dtype="str",
    ).sort_index()


def _rows(table: pd.DataFrame, labels: Sequence[int]) -> list[tuple[int, Mapping[Hashable, Any]]]:
    if not labels:
        return []
    chosen = table.loc[list(labels)]
    return list(zip(labels, chosen.to_dict("records"), strict=True))


def _fill(reason: str, row: Mapping[Hashable, Any]) -> str:
    try:
        return reason.format_map({str(name): value for name, value in row.items()})
    except (KeyError, ValueError, IndexError):
        return reason  # a template that does not fit must not cost the row its reason


def find_critical(
    outcomes: Sequence[Outcome], *, suite: Suite, refused: int, rows: int
) -> tuple[str, ...]:
    """Return what speaks against the whole batch, one sentence each.

    Args:
        outcomes: Of the suite.
        suite: Whose limit on refused rows counts.
        refused: Rows to be quarantined.
        rows: Rows of the batch.
    """
    found = [
        f"{outcome.expectation.meta.defect}: {outcome.expectation.meta.reason}"
        + (f" (found: {outcome.observed})" if outcome.observed else "")
        for outcome in outcomes
        if not outcome.is_met and outcome.expectation.severity is Level.CRITICAL
    ]
    share, limit = refused / max(rows, 1), suite.meta.refused_share_limit
    if share > limit:
        found.append(
            f"too many refused rows: {refused} of {rows} ({share:.0%}), the limit is {limit:.0%}"
        )
    return tuple(found)


def describe(
    suite: Suite,
    table: pd.DataFrame,
    outcomes: Sequence[Outcome],
    *,
    refused: int,
    critical: Sequence[str],
) -> dict[str, Any]:
    """Return the result of a run, JSON-safe, for the store and for a page."""
    return {
        "suite": suite.name,
        "version": suite.meta.version,
        "title": suite.meta.title,
        "rows": len(table),
        "accepted": 0 if critical else len(table) - refused,
        "quarantined": refused,
        "critical": list(critical),
        "expectations": [_describe_one(table, outcome) for outcome in outcomes],
    }


def _describe_one(table: pd.DataFrame, outcome: Outcome) -> dict[str, Any]:
    expectation = outcome.expectation
    shown = _rows(table, outcome.rows[:_EXAMPLES])
    return {
        "defect": expectation.meta.defect,
        "type": expectation.type,
        "severity": str(expectation.severity),
        "source": expectation.meta.source,
        "is_met": outcome.is_met,
        "rows": len(outcome.rows),
        "observed": outcome.observed,
        "examples": [_fill(expectation.meta.reason, row) for _, row in shown],
    }
