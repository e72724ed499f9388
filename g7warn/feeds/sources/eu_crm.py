"""EU critical raw materials studies: supply shares by country and stage, and scores by year.

The study gives no year with the shares: they are means of the reference years named in the
catalogue (`options.period`). Stage E is extraction, P processing. A share given as a bound
("<0.1%") is no number: it is counted in a note.

Source: European Commission, Study on the critical raw materials for the EU 2023, final report.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from g7warn.errors import ConfigurationError
from g7warn.feeds.countries import find_area
from g7warn.feeds.csvtable import CsvTable, read_csv
from g7warn.feeds.reading import Figure, Reading

if TYPE_CHECKING:
    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

SHARE_COLUMNS = ("material", "stage", "country", "share")
SCORE_COLUMNS = ("material", "year", "sr", "ei")
_WHAT = "EU critical raw materials study"
_ABSENT = frozenset({"", "-", "n/a"})


class EuCrmOptions(BaseModel):
    """What the files do not say.

    Attributes:
        period: Year the shares stand for: the last of the reference years.
        released_on: ISO date of the study's publication.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    period: str
    released_on: str


class EuCrmSource:
    """Reads the tables of shares and the table of scores, told apart by their columns."""

    name = "eu_crm"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return shares in per cent, or supply risk and economic importance."""
        try:
            options = EuCrmOptions.model_validate(dataset.options)
        except ValidationError as error:
            message = f"options of {dataset.feed} are wrong: {error.errors()[0]['msg']}"
            raise ConfigurationError(message, feed=dataset.feed) from error
        table = read_csv(payload.body, what=_WHAT, encodings=("utf-8-sig", "latin-1"))
        reading = Reading(dataset, what=_WHAT, unknown_id="unknown.mine.share.world.eu_crm")
        if set(SCORE_COLUMNS) <= set(table.names):
            _read_scores(table, reading)
        else:
            table.require(*SHARE_COLUMNS)
            _read_shares(table, reading, options.period)
        reading.refuse_lines(table)
        released = datetime.fromisoformat(options.released_on).replace(tzinfo=UTC)
        return reading.finish(released_at=released)


def _read_shares(table: CsvTable, reading: Reading, period: str) -> None:
    bounds = 0
    for row in table:
        share = row["share"]
        if share.startswith(("<", ">")):
            bounds += 1
            continue
        is_percent = share.endswith("%")
        reading.take(
            Figure(
                labels=(row["material"], row["stage"]),
                areas={"area": find_area(row["country"])},
                period=period,
                cell=share.removesuffix("%"),
                unit="%" if is_percent else "",
                ref=f"line {row.number}",
                place=row["country"],
            )
        )
    if bounds:
        reading.notes.append(f"{bounds} shares are given as a bound such as '<0.1%'")


def _read_scores(table: CsvTable, reading: Reading) -> None:
    for row in table:
        for column in ("sr", "ei"):
            if row[column] not in _ABSENT:
                reading.take(
                    Figure(
                        labels=(row["material"], column),
                        period=row["year"],
                        cell=row[column],
                        unit="score",
                        ref=f"line {row.number} {column.upper()}",
                    )
                )


SOURCE = EuCrmSource()
