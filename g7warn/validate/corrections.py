"""Corrections of publishers' slips: data in YAML, each guarded by the value it expects to find.

A correction is temporary: when the publisher mends the value, the guard no longer matches, the
correction is not applied, and the operator is told to delete it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from g7warn.domain.vintage import SAME_RTOL
from g7warn.errors import ConfigurationError, CorrectionOutdated

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_FILE = Path(__file__).with_name("corrections.yaml")


class Correction(BaseModel):
    """One mended cell, or the same mend for every cell of a series that holds the value.

    Attributes:
        feed: Feed it belongs to.
        series_id: Series it belongs to.
        period: Period of the cell.
        expect: Value that must be found there, in the stored unit.
        value: Value that is put there; None drops the row.
        reason: Why the value found is wrong.
        source: Where the right one was read.
        since: When the correction was written.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    feed: str
    series_id: str
    period: str
    expect: float
    value: float | None = None
    reason: str
    source: str
    since: date

    @model_validator(mode="after")
    def _check(self) -> Correction:
        if not self.reason.strip() or not self.source.strip():
            message = f"the correction of {self.series_id} {self.period} needs reason and source"
            raise ValueError(message)
        return self


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CorrectedTable:
    """A table after its corrections.

    Attributes:
        table: The rows, mended.
        applied: One sentence a correction applied, for the report.
        outdated: Corrections whose guard no longer matches, as errors to be recorded.
    """

    table: pd.DataFrame
    applied: tuple[str, ...] = ()
    outdated: tuple[CorrectionOutdated, ...] = ()


@cache
def load_corrections() -> tuple[Correction, ...]:
    """Return all corrections of `corrections.yaml`.

    Raises:
        ConfigurationError: The file is not well formed.
    """
    return parse_corrections(_FILE.read_text("utf-8"))


def parse_corrections(text: str) -> tuple[Correction, ...]:
    """Return the corrections of a YAML text.

    Raises:
        ConfigurationError: No list of corrections, an unknown key, or one cell mended twice.
    """
    try:
        found = tuple(Correction.model_validate(entry) for entry in yaml.safe_load(text) or ())
    except (ValidationError, yaml.YAMLError, TypeError) as error:
        message = f"the corrections are not well formed: {error}"
        raise ConfigurationError(message) from error
    cells = [(one.feed, one.series_id, one.period, one.expect) for one in found]
    if len(set(cells)) < len(cells):
        message = "the corrections mend one cell twice"
        raise ConfigurationError(message)
    return found


def apply_corrections(
    table: pd.DataFrame, *, feed: str, corrections: Sequence[Correction] | None = None
) -> CorrectedTable:
    """Return the table with the corrections of its feed; it is not changed itself.

    A cell that the table does not hold is passed over: a payload need not hold every period.

    Args:
        table: Parsed rows, at least series_id, period, value.
        feed: Whose corrections count.
        corrections: In place of those of `corrections.yaml`.
    """
    chosen = [
        one
        for one in (load_corrections() if corrections is None else corrections)
        if one.feed == feed
    ]
    if not chosen:
        return CorrectedTable(table=table)
    mended = table.copy(deep=True)
    applied: list[str] = []
    outdated: list[CorrectionOutdated] = []
    for one in chosen:
        is_cell = (mended["series_id"] == one.series_id) & (mended["period"] == one.period)
        if not is_cell.any():
            continue
        found = mended.loc[is_cell, "value"].to_numpy(dtype=np.float64)
        if not np.isclose(found, one.expect, rtol=SAME_RTOL, atol=0.0).all():
            outdated.append(_outdated(one, found))
        elif one.value is None:
            mended = mended[~is_cell]
            applied.append(f"{one.series_id} {one.period}: {one.expect:g} dropped ({one.reason})")
        else:
            mended.loc[is_cell, "value"] = one.value
            change = f"{one.expect:g} corrected to {one.value:g}"
            applied.append(f"{one.series_id} {one.period}: {change} ({one.reason})")
    return CorrectedTable(table=mended, applied=tuple(applied), outdated=tuple(outdated))


def _outdated(one: Correction, found: np.ndarray) -> CorrectionOutdated:
    seen = ", ".join(f"{value:g}" for value in found)
    message = (
        f"the correction of {one.series_id} {one.period} expects {one.expect:g} and finds {seen}: "
        "the publisher has changed it. Check the value and delete the correction"
    )
    return CorrectionOutdated(
        message, feed=one.feed, series_id=one.series_id, period=one.period, expect=one.expect
    )
