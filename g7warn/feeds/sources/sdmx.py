"""SDMX data of any agency, by the codes of its key: OECD, IMF, Eurostat, members.

The catalogue's `options` say which dimensions name a series and which fill in its area; `names`
of a series are the key's codes joined by `|`. Codes that the catalogue does not list, and areas of
several countries, are noted, not refused: an SDMX key says itself what it is, and agencies send
whole tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from g7warn.errors import ConfigurationError, SourceFormatChanged, UnitMismatch
from g7warn.feeds.base import PARSED_COLUMNS, ParsedPayload
from g7warn.feeds.countries import area_from_code
from g7warn.feeds.rows import find_period_fault
from g7warn.feeds.sdmx import read_message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.feeds.base import Payload
    from g7warn.feeds.catalog import Dataset, SeriesRule
    from g7warn.feeds.sdmx_message import SdmxMessage

_LARGEST_POWER = 12  # 10^12, a trillion, is the largest multiplier of the code list in use


class SdmxOptions(BaseModel):
    """How a dataset's key is read.

    Attributes:
        key: Dimensions whose codes, joined by `|`, name a series in the catalogue.
        areas: Placeholder of the series id -> dimension that holds a country's code.
        keep: Dimension -> codes to read; other series are left out.
        renamed: Dimension of another version of the structure -> its name here.
        unit: Dimension or attribute that holds the unit's code; empty: `unit_text` counts.
        unit_text: Unit text of all values where the message states none.
        multiplier: Attribute that holds a power of ten.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: tuple[str, ...] = Field(min_length=1)
    areas: dict[str, str] = Field(default_factory=dict)
    keep: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    renamed: dict[str, str] = Field(default_factory=dict)
    unit: str = ""
    unit_text: str = ""
    multiplier: str = "UNIT_MULT"

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Everything that is needed of a key."""
        named = (*self.key, *self.areas.values(), *self.keep, self.unit, self.multiplier)
        names = (*named, *self.renamed)
        return tuple(dict.fromkeys(filter(None, names)))


class SdmxSource:
    """Reads SDMX data messages."""

    name = "sdmx"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return the observations of the series that the catalogue lists."""
        options = _read_options(dataset)
        message = read_message(payload.body, what=dataset.title, dimensions=options.dimensions)
        table, unknown = _to_table(message, dataset, options)
        if len(message) and table.empty:
            message_text = (
                f"{dataset.title}: none of {len(message.series)} keys is in the catalogue, such "
                f"as {unknown[:3]}. Compare the dimensions {list(options.key)}"
            )
            raise SourceFormatChanged(message_text, unknown=unknown[:10])
        notes = [f"keys outside of the catalogue: {len(unknown)}, such as {unknown[:5]}"]
        if not len(message):
            notes.append("the publisher has no records for this query")
        return ParsedPayload(table=table, notes=tuple(notes if unknown else notes[1:]))


def _read_options(dataset: Dataset) -> SdmxOptions:
    try:
        return SdmxOptions.model_validate(dataset.options)
    except ValidationError as error:
        message = f"options of {dataset.feed} are wrong: {error.errors()[0]['msg']}"
        raise ConfigurationError(message, feed=dataset.feed) from error


def _to_table(
    message: SdmxMessage, dataset: Dataset, options: SdmxOptions
) -> tuple[pd.DataFrame, list[str]]:
    """Return the table and the keys that the catalogue does not list."""
    count = len(message.series)
    ids, units = np.full(count, "", object), np.full(count, "", object)
    factors, faults = np.ones(count), np.full(count, "", object)
    unknown: dict[str, None] = {}
    for number, found in enumerate(message.series):
        key = {options.renamed.get(name, name): code for name, code in found.items() if code}
        if any(key.get(name, "") not in codes for name, codes in options.keep.items()):
            continue
        labels = [key.get(name, "") for name in options.key]
        rule = dataset.find_rule(*labels)
        groups = [key.get(name, "") for name in options.areas.values() if _is_group(key.get(name))]
        if rule is None or groups:
            unknown["|".join([*labels, *groups])] = None
            continue
        ids[number] = _name_series(rule, key, options)
        try:
            unit_text = key.get(options.unit, "") if options.unit else options.unit_text
            units[number], factor = dataset.scale_of(rule, unit_text)
            factors[number] = factor * _read_multiplier(key.get(options.multiplier, ""))
        except UnitMismatch as error:
            faults[number] = error.message
        if not ids[number]:
            ids[number] = "unknown.market.value.world.sdmx"
            faults[number] = f"unknown area in the key {labels}"
    return _assemble(message, ids, units, factors, faults), list(unknown)


def _name_series(rule: SeriesRule, key: dict[str, str], options: SdmxOptions) -> str:
    name = rule.id
    for placeholder, dimension in options.areas.items():
        area = area_from_code(key.get(dimension, ""))
        if not area:
            return ""
        name = name.replace("{" + placeholder + "}", area)
    return name


def _is_group(code: str | None) -> bool:
    """Return whether an area's code is one of several countries, such as `EXT_EU27_2020`."""
    return bool(code and "_" in code and not area_from_code(code))


def _read_multiplier(text: str) -> float:
    if not text:
        return 1.0
    try:
        power = int(text)
    except ValueError:
        power = _LARGEST_POWER + 1
    if abs(power) > _LARGEST_POWER:
        message = f"unit multiplier {text!r} is no power of ten"
        raise UnitMismatch(message)
    return float(10.0**power)


def _assemble(
    message: SdmxMessage,
    ids: np.ndarray,
    units: np.ndarray,
    factors: np.ndarray,
    faults: np.ndarray,
) -> pd.DataFrame:
    numbers = np.frombuffer(message.series_numbers, dtype=np.int32)
    periods = np.frombuffer(message.periods, dtype=np.int32)
    pairs = np.frombuffer(message.statuses, dtype=np.int32)
    raw, refusal = _find_refusals(message, faults, numbers, periods)
    values = np.frombuffer(message.values, dtype=np.float64) * factors[numbers]
    values[np.asarray(refusal != "", dtype=bool)] = np.nan
    table = pd.DataFrame(
        {
            "series_id": _categorise(ids, numbers),
            "period": _categorise(message.labels, periods),
            "value": values,
            "unit": _categorise(units, numbers),
            "status": _categorise([pair[0] or "A" for pair in message.status_pairs], pairs),
            "conf": _categorise([pair[1] or "F" for pair in message.status_pairs], pairs),
            "source_ref": _categorise([f"Series {n + 1}" for n in range(len(ids))], numbers),
            "raw": raw,
            "refusal": refusal,
        },
        columns=list(PARSED_COLUMNS),
    )
    is_wanted = (ids != "")[numbers] if len(numbers) else np.array([], dtype=bool)
    return table if is_wanted.all() else table[is_wanted].reset_index(drop=True)


def _find_refusals(
    message: SdmxMessage, faults: np.ndarray, numbers: np.ndarray, periods: np.ndarray
) -> tuple[pd.Categorical, pd.Categorical]:
    """Return the refused texts and why they are refused; empty where an observation is not."""
    label_faults = [find_period_fault(label) for label in message.labels]
    reasons = [*faults, *label_faults, *(why for _, why in message.refused.values())]
    is_bad = np.asarray(faults != "", dtype=bool)[numbers]
    why = np.where(is_bad, numbers, periods + len(faults))
    texts = np.zeros(len(numbers), dtype=np.int32)
    for number, row in enumerate(message.refused):
        why[row], texts[row] = len(faults) + len(label_faults) + number, number + 1
    return (
        _categorise(["", *(text[:200] for text, _ in message.refused.values())], texts),
        _categorise(reasons, why),
    )


def _categorise(texts: Sequence[str] | np.ndarray, numbers: np.ndarray) -> pd.Categorical:
    """Return the texts that numbers stand for, each text held once."""
    codes, names = pd.factorize(np.array([*texts, ""], object))
    return pd.Categorical.from_codes(codes[numbers], categories=pd.Index(names, dtype="str"))


SOURCE = SdmxSource()
