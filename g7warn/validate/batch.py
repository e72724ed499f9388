"""One batch against its suite: which rows are accepted, which go to quarantine, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from g7warn.errors import ValidationFailed
from g7warn.validate.columns import add_helper_columns
from g7warn.validate.expect import OBSERVED, run_suite
from g7warn.validate.explain import describe, explain_rows, find_critical
from g7warn.validate.suites import Suite, load_suite

if TYPE_CHECKING:
    import pandas as pd


class Validated(Protocol):
    """A dataset of the catalogue, as far as validation needs it."""

    @property
    def feed(self) -> str:
        """Name of the feed."""

    @property
    def suite(self) -> str:
        """Name of its expectation suite."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ValidationReport:
    """What validation found.

    Attributes:
        accepted: Rows that may be stored, with the columns of the input, in its order.
        quarantined: The other rows, with `expectation` (name of the defect) and `reason` (a
            sentence; all of them where a row has several defects).
        critical: What speaks against the whole batch, one sentence each; empty where nothing does.
        result: The same for a page and for the store, JSON-safe: suite, version, counts, and for
            every expectation its name, severity, whether it was met, refused rows and examples.
    """

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    critical: tuple[str, ...]
    result: dict[str, Any]

    @property
    def is_rejected(self) -> bool:
        """Whether nothing of the batch may be used."""
        return bool(self.critical)


def validate_batch(
    table: pd.DataFrame, *, dataset: Validated, known: pd.DataFrame | None = None
) -> ValidationReport:
    """Return the accepted and the quarantined rows of a batch.

    Args:
        table: Parsed rows (series_id, period, value, unit, status, conf; refusal and raw where the
            source gives them; known_at where it is stamped). It is not changed.
        dataset: Whose suite counts.
        known: What the store holds of the feed, to recognise numbers under a wrong name and to
            judge a value by those before it; without it the batch itself is all there is.

    Raises:
        ValidationFailed: A critical expectation failed; `context["report"]` is the result.
        ConfigurationError: The suite is absent or cannot be run.
    """
    report = inspect_batch(table, suite=load_suite(dataset.suite), known=known)
    if report.is_rejected:
        message = (
            f"the batch of {dataset.feed} is refused, nothing of it was stored: "
            f"{'; '.join(report.critical)}. See `g7warn feeds status {dataset.feed}`"
        )
        raise ValidationFailed(message, feed=dataset.feed, report=report.result)
    return report


def inspect_batch(
    table: pd.DataFrame, *, suite: Suite, known: pd.DataFrame | None = None
) -> ValidationReport:
    """Return what validation finds, whether the batch is refused or not.

    Raises:
        ConfigurationError: The suite cannot be run.
    """
    missing = [name for name in OBSERVED if name not in table]
    if missing:
        return _refuse_unread(table, suite, f"the table lacks the columns {', '.join(missing)}")
    rows = table.reset_index(drop=True)
    options = {name: {**given, "known": known} for name, given in suite.meta.columns.items()}
    full = add_helper_columns(rows, options)
    outcomes = run_suite(full, suite)
    refusals = explain_rows(full, outcomes)
    critical = find_critical(outcomes, suite=suite, refused=len(refusals), rows=len(rows))
    return ValidationReport(
        accepted=rows.drop(index=refusals.index).reset_index(drop=True),
        quarantined=rows.join(refusals, how="inner").reset_index(drop=True),
        critical=critical,
        result=describe(suite, full, outcomes, refused=len(refusals), critical=critical),
    )


def _refuse_unread(table: pd.DataFrame, suite: Suite, reason: str) -> ValidationReport:
    empty = table.iloc[:0]
    return ValidationReport(
        accepted=empty,
        quarantined=empty.assign(expectation="", reason=""),
        critical=(reason,),
        result=describe(suite, table, (), refused=0, critical=(reason,)),
    )
