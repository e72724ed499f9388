"""Runs a suite in Great Expectations, which is loaded here and nowhere else."""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    import pandas as pd

    from g7warn.validate.suites import Expectation, Suite

OBSERVED = ("series_id", "period", "value", "unit", "status", "conf")
"""Columns that every batch has; those no expectation looks at are not handed to the library, which
hashes all it is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one expectation.

    Attributes:
        expectation: What was expected.
        is_met: Whether the batch meets it.
        rows: Labels of the rows that do not, in the table's index; empty where the whole batch
            does not.
        observed: What was seen instead, for a person.
    """

    expectation: Expectation
    is_met: bool
    rows: tuple[int, ...] = ()
    observed: str = ""


@cache
def _load_library() -> Any:  # noqa: ANN401 - the library comes without types
    """Load the library, with its log and its telemetry off."""
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a dependency imports a module that Python will drop
        import great_expectations as gx  # noqa: PLC0415 - takes seconds
    return gx


@cache
def _open_batch_definition() -> Any:  # noqa: ANN401 - the library comes without types
    context = _load_library().get_context(mode="ephemeral")
    context.variables.config.analytics_enabled = False
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("observations")
    return asset.add_batch_definition_whole_dataframe("all")


def run_suite(table: pd.DataFrame, suite: Suite) -> tuple[Outcome, ...]:
    """Return the outcome of every expectation, in the suite's order.

    Args:
        table: Observations with the helper columns the suite uses; the index is unique.
        suite: What is expected.

    Raises:
        ConfigurationError: An expectation cannot be run: a type or a column that does not exist.
    """
    configured = suite.model_dump(mode="json")
    used = {one.kwargs["column"] for one in suite.expectations if "column" in one.kwargs}
    narrow = table[[name for name in table if name in used or name in OBSERVED]]
    try:
        batch = _open_batch_definition().get_batch(batch_parameters={"dataframe": narrow})
        # The library reorders what it is given: the place finds an expectation again.
        expectations = _load_library().ExpectationSuite(
            name=suite.name,
            expectations=[
                {**one, "meta": {"place": place}}
                for place, one in enumerate(configured["expectations"])
            ],
        )
        result = batch.validate(expectations, result_format={"result_format": "COMPLETE"})
    except Exception as error:
        message = f"expectation suite {suite.name} cannot be run: {error}"
        raise ConfigurationError(message, suite=suite.name) from error
    by_place = {one.expectation_config.meta["place"]: one for one in result.results}
    # The library leaves out what it does not know, with a line in its log.
    unknown = [one.type for n, one in enumerate(suite.expectations) if n not in by_place]
    if unknown:
        message = f"expectation suite {suite.name} holds expectations that do not exist: {unknown}"
        raise ConfigurationError(message, suite=suite.name, expectations=unknown)
    return tuple(
        _to_outcome(suite, expectation, by_place[place])
        for place, expectation in enumerate(suite.expectations)
    )


def _to_outcome(suite: Suite, expectation: Expectation, result: Any) -> Outcome:  # noqa: ANN401
    if result.exception_info and _was_raised(result.exception_info):
        message = (
            f"expectation {expectation.meta.defect!r} ({expectation.type}) of suite {suite.name} "
            f"could not be computed: {_first_message(result.exception_info)}"
        )
        raise ConfigurationError(message, suite=suite.name, expectation=expectation.type)
    found = result.result or {}
    rows = tuple(int(row) for row in found.get("unexpected_index_list") or ())
    observed = found.get("observed_value")
    return Outcome(
        expectation=expectation,
        is_met=bool(result.success),
        rows=rows,
        observed="" if observed is None else str(observed),
    )


def _was_raised(info: dict[str, Any]) -> bool:
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(one.get("raised_exception") for one in info.values() if isinstance(one, dict))


def _first_message(info: dict[str, Any]) -> str:
    parts = [info, *(one for one in info.values() if isinstance(one, dict))]
    return next(
        (str(one["exception_message"]) for one in parts if one.get("exception_message")), ""
    )
