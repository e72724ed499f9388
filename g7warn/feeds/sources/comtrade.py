"""UN Comtrade: annual trade by reporter and partner, API version 1 JSON and CSV.

A record gives two figures, a value and a net weight. A weight that contradicts its value (nothing,
or 2,088 kg for 242 million dollars) is refused with the unit value as reason; the value stays.

Source: UN Comtrade API v1, `data/v1/get`; bounds of unit values are judgements in the catalogue.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from g7warn.errors import ConfigurationError, SourceFormatChanged
from g7warn.feeds.countries import area_from_code, find_area
from g7warn.feeds.csvtable import read_csv
from g7warn.feeds.numbers import read_number
from g7warn.feeds.reading import Figure, Reading
from g7warn.feeds.text import decode_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

FIELDS = (
    *("period", "reporterISO", "partnerISO", "flowCode", "cmdCode", "primaryValue", "netWgt"),
    *("reporterDesc", "partnerDesc"),
)
FLOWS: dict[str, str] = {"M": "import", "X": "export", "RX": "reexport", "RM": "reimport"}
_WHAT = "UN Comtrade"
_CHECKED_FROM_USD = 10_000.0  # below this rounding alone makes unit values absurd


class ComtradeOptions(BaseModel):
    """Judgements on weights.

    Attributes:
        unit_values: HS code -> least and greatest plausible value in USD per kg.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit_values: dict[str, tuple[float, float]] = Field(default_factory=dict)


class ComtradeSource:
    """Reads API answers and CSV tables."""

    name = "comtrade"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return values in dollars and plausible net weights by reporter and partner."""
        try:
            options = ComtradeOptions.model_validate(dataset.options)
        except ValidationError as error:
            message = f"options of {dataset.feed} are wrong: {error.errors()[0]['msg']}"
            raise ConfigurationError(message, feed=dataset.feed) from error
        reading = Reading(dataset, what=_WHAT, unknown_id="unknown.trade.value.world.comtrade")
        is_json = payload.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
        records = _read_json(payload.body) if is_json else _read_csv(payload.body, reading)
        count = 0
        for ref, record in records:
            count += 1
            _take(record, ref, reading, options)
        if not count:
            reading.notes.append("the publisher has no records for this query")
        return reading.finish(may_be_empty=not count)


def _read_json(body: bytes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        answer = json.loads(decode_text(body, what=_WHAT))
        records, count = answer["data"], answer.get("count")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"{_WHAT}: no answer with `data` ({type(error).__name__}: {error})"
        raise SourceFormatChanged(message[:300]) from error
    if not isinstance(records, list) or not all(isinstance(entry, dict) for entry in records):
        message = f"{_WHAT}: `data` is no list of records"
        raise SourceFormatChanged(message)
    if count is not None and count != len(records):
        message = f"{_WHAT}: {len(records)} records where `count` says {count}: cut off?"
        raise SourceFormatChanged(message)
    for number, record in enumerate(records):
        if missing := [name for name in FIELDS if name not in record]:
            message = f"{_WHAT}: a record has no {missing}. The publisher has changed its layout"
            raise SourceFormatChanged(message, missing=missing)
        yield f"data[{number}]", record


def _read_csv(body: bytes, reading: Reading) -> Iterator[tuple[str, Mapping[str, Any]]]:
    table = read_csv(body, what=_WHAT, normalise=str.strip)
    table.require(*FIELDS)
    reading.refuse_lines(table)
    for row in table:
        yield f"line {row.number}", row.cells


def _take(record: Mapping[str, Any], ref: str, reading: Reading, options: ComtradeOptions) -> None:
    code, flow_code = str(record["cmdCode"]), str(record["flowCode"])
    areas = {
        "area": _area_of(record, "reporter"),
        "partner": _area_of(record, "partner"),
    }
    place = f"{record['reporterDesc']} - {record['partnerDesc']}"
    period = str(record["period"])
    flow = FLOWS.get(flow_code, flow_code)
    value = record["primaryValue"]
    if not (value is None or value == ""):
        reading.take(
            Figure(
                labels=(code, f"{flow} value"),
                areas=areas,
                period=period,
                cell=value,
                unit="USD",
                ref=ref,
                place=place,
            )
        )
    weight = record["netWgt"]
    if weight is None or weight == "":
        return
    figure = Figure(
        labels=(code, f"{flow} weight"),
        areas=areas,
        period=period,
        cell=weight,
        unit="kg",
        ref=ref,
        status="E" if str(record.get("isNetWgtEstimated")).lower() == "true" else "A",
        place=place,
    )
    if why := _find_weight_fault(value, weight, options.unit_values.get(code)):
        reading.refuse(figure, why=f"{why}, {place} {period}")
    else:
        reading.take(figure)


def _area_of(record: Mapping[str, Any], side: str) -> str:
    code = str(record[f"{side}ISO"])
    return area_from_code(code) or find_area(str(record[f"{side}Desc"]))


def _find_weight_fault(value: object, weight: object, bounds: tuple[float, float] | None) -> str:
    """Return why a weight contradicts its value; empty where it does not, or cannot be told."""
    dollars, value_fault = read_number(value)
    kilograms, weight_fault = read_number(weight)
    if value_fault or weight_fault or dollars < _CHECKED_FROM_USD:
        return ""
    if kilograms <= 0:
        return f"weight {kilograms:g} kg for {dollars:,.0f} USD"
    unit_value = dollars / kilograms
    if bounds and not bounds[0] <= unit_value <= bounds[1]:
        return (
            f"weight {kilograms:,.0f} kg for {dollars:,.0f} USD is {unit_value:,.4g} USD/kg, "
            f"plausible are {bounds[0]:g} to {bounds[1]:g}"
        )
    return ""


SOURCE = ComtradeSource()
