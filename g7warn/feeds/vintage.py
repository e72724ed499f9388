"""Stamps observations with the instant from which they may be used, and compares releases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from g7warn.domain.period import Period
from g7warn.domain.series import ObsStatus
from g7warn.errors import ConfigurationError
from g7warn.feeds.catalog import KnownAtRule

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset


def release_time(parsed: ParsedPayload, payload: Payload) -> datetime:
    """Return when the payload's content came out, as far as it can be known.

    A recorded fetch time is a fact. A file of unknown date is placed at the release date found
    inside it, else at the time it was handed over.
    """
    if payload.is_dated or parsed.released_at is None:
        return payload.fetched_at
    return min(parsed.released_at, payload.fetched_at)


def stamp_known_at(parsed: ParsedPayload, dataset: Dataset, payload: Payload) -> pd.DataFrame:
    """Return the parsed table with `known_at` (UTC), `is_estimated` and the catalogue's breaks.

    Under the estimate rule a cell is known at its period's end plus the publication lag, marked as
    estimated, but never later than the release that held it. Under the release rule it is known
    from the release on, and not before its period has ended unless it is a projection. Cells
    whose period cannot be read carry the release.

    Args:
        parsed: What a source read.
        dataset: Its catalogue entry, with rule and lag.
        payload: What it was read from.
    """
    released = pd.Timestamp(release_time(parsed, payload))
    if dataset.known_at_rule is KnownAtRule.RELEASE and parsed.released_at is not None:
        released = min(released, pd.Timestamp(parsed.released_at))
    table = parsed.table.astype({"series_id": "str", "period": "str"})
    ends = table["period"].map(_end_by_label(table["period"], released))
    ends = ends.astype("datetime64[us, UTC]")
    if dataset.known_at_rule is KnownAtRule.ESTIMATE:
        estimate = ends + timedelta(days=dataset.lag_days)
        table["known_at"] = estimate.where(estimate < released, released)
        table["is_estimated"] = estimate < released
    else:
        is_late = (ends > released) & (table["status"] != ObsStatus.FORECAST)
        table["known_at"] = ends.where(is_late, released)
        table["is_estimated"] = False
    return _mark_breaks(table, dataset)


def _mark_breaks(table: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Return the table with a break where the catalogue knows of one and the publisher is silent.

    Only the first cell of the new basis is marked: a release that begins later holds no break.
    """
    for rule in dataset.series:
        if rule.new_basis_from:
            is_first = (table["series_id"] == rule.id) & (table["period"] == rule.new_basis_from)
            table["status"] = table["status"].astype("str").mask(is_first, ObsStatus.BREAK.value)
    return table


def _end_by_label(labels: pd.Series[str], otherwise: pd.Timestamp) -> dict[str, pd.Timestamp]:
    ends: dict[str, pd.Timestamp] = {}
    for label in labels.unique():
        try:
            ends[label] = pd.Timestamp(Period.parse(label).ends_at)
        except ConfigurationError:
            ends[label] = otherwise
    return ends
