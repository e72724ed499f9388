"""Helper columns: facts about a row that Great Expectations cannot compute by itself.

Promise: each is a function of the table alone (and of the options that a suite gives it), keeps
the table's order and index, and never raises on odd values. A plain expectation then checks it, so
that thresholds stand in the suites.
To add one, write a function here and name it in `COLUMNS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from g7warn.errors import ConfigurationError
from g7warn.validate.columns.cells import (
    find_days_ahead,
    find_defect,
    find_own_range,
    find_period_form,
    find_repeat,
    find_weekday,
)
from g7warn.validate.columns.groups import (
    find_own_distance,
    find_parts_share,
    find_quote_position,
    find_unit_value_factor,
)
from g7warn.validate.columns.likeness import (
    find_copy_of,
    find_known_as,
    find_newest_of,
    find_offset_from,
)
from g7warn.validate.columns.runs import (
    find_flat_run,
    find_is_in_order,
    find_joint_share,
    find_lull_factor,
    find_record_factor,
    find_spike_factor,
    find_step_factor,
    find_straight_run,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


class HelperColumn(Protocol):
    """Computes one helper column."""

    def __call__(self, table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
        """Return the column for `table`, with its index."""
        ...


COLUMNS: dict[str, HelperColumn] = {
    "defect": find_defect,
    "period_form": find_period_form,
    "repeat": find_repeat,
    "days_ahead": find_days_ahead,
    "weekday": find_weekday,
    "own_range": find_own_range,
    "is_in_order": find_is_in_order,
    "spike_factor": find_spike_factor,
    "step_factor": find_step_factor,
    "record_factor": find_record_factor,
    "lull_factor": find_lull_factor,
    "joint_share": find_joint_share,
    "straight_run": find_straight_run,
    "flat_run": find_flat_run,
    "copy_of": find_copy_of,
    "offset_from": find_offset_from,
    "known_as": find_known_as,
    "newest_of": find_newest_of,
    "parts_share": find_parts_share,
    "own_distance": find_own_distance,
    "quote_position": find_quote_position,
    "unit_value_factor": find_unit_value_factor,
}
"""Name in a suite -> how it is computed."""


def add_helper_columns(
    table: pd.DataFrame, options: Mapping[str, Mapping[str, object]]
) -> pd.DataFrame:
    """Return the table with the helper columns that `options` names.

    Raises:
        ConfigurationError: A suite names a helper column that does not exist.
    """
    unknown = sorted(set(options) - set(COLUMNS))
    if unknown:
        message = f"no helper columns {unknown}; there are: {', '.join(COLUMNS)}"
        raise ConfigurationError(message, columns=unknown)
    return table.assign(**{name: COLUMNS[name](table, given) for name, given in options.items()})
