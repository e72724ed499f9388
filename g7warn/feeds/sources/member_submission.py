"""Members' own confidential submissions: SDMX-CSV with status and confidentiality.

The series is named by the columns MINERAL, STAGE, MEASURE, REF_AREA and CONTRIBUTOR; values are in
UNIT_MEASURE, which must be one of the catalogue's units. CONF_STATUS is not optional: a member must
say whether a value may be shown. A later submission replaces values by version: the store keeps
both, readers see the newest. A member speaks for itself alone: of what it submits under its own
name, rows of another contributor are refused.

Source: SDMX-CSV 1.0 and 2.0 field guides; code lists CL_OBS_STATUS and CL_CONF_STATUS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.domain.confidentiality import CONTRIBUTED
from g7warn.domain.mineral import find_mineral
from g7warn.domain.series import ConfStatus, ObsStatus, SeriesId
from g7warn.errors import ConfigurationError
from g7warn.feeds.countries import area_from_code
from g7warn.feeds.csvtable import CsvRow, read_csv
from g7warn.feeds.reading import Figure, Reading
from g7warn.feeds.sdmx_message import normalise_period

if TYPE_CHECKING:
    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

SCHEME = "submission://"
"""Address of what a member submitted itself: the scheme and the member's id as first part."""

COLUMNS = (
    *("MINERAL", "STAGE", "MEASURE", "REF_AREA", "CONTRIBUTOR", "UNIT_MEASURE"),
    *("TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS"),
)
_WHAT = "member submission"
_UNKNOWN_ID = "unknown.stock.level.world.member"
_STATUSES = frozenset(status.value for status in ObsStatus)
_CONFS = frozenset(conf.value for conf in ConfStatus)
_DELETED = frozenset({"D", "DELETE"})


class MemberSubmissionSource:
    """Reads a submission."""

    name = "member_submission"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return the submitted values under series whose source is `member_<contributor>`."""
        body = payload.body
        delimiter = ";" if body[:4096].count(b";") > body[:4096].count(b",") else ","
        table = read_csv(body, what=_WHAT, delimiter=delimiter, normalise=str.strip)
        table.require(*COLUMNS)
        reading = Reading(dataset, what=_WHAT, unknown_id=_UNKNOWN_ID)
        deleted, sender = 0, _read_sender(payload.address)
        for row in table:
            if row.cells.get("ACTION", "").upper() in _DELETED:
                deleted += 1
                continue
            _take(row, dataset, reading, sender=sender)
        if deleted:
            reading.notes.append(f"{deleted} deletions: withdraw values by status, not by action")
        reading.refuse_lines(table)
        return reading.finish()


def name_contributor(member_id: str) -> str:
    """Return the word by which series name a contributor.

    Example:
        >>> name_contributor("JP-METI")
        'jp_meti'
    """
    return member_id.strip().lower().replace("-", "_")


def _read_sender(address: str) -> str:
    """Return the member whose submission this is; empty where an operator vouches for the file."""
    is_sent = address.startswith(SCHEME)
    return name_contributor(address.removeprefix(SCHEME).partition("/")[0]) if is_sent else ""


def _take(row: CsvRow, dataset: Dataset, reading: Reading, *, sender: str) -> None:
    period = normalise_period(row["TIME_PERIOD"])
    ref = f"line {row.number}"
    cell, unit = row["OBS_VALUE"], dataset.unit_of(row["UNIT_MEASURE"])
    status, conf = row["OBS_STATUS"] or "A", row["CONF_STATUS"]
    name, fault = _name_series(row)
    if sender and name_contributor(row["CONTRIBUTOR"]) != sender:
        fault = fault or f"contributor {row['CONTRIBUTOR']!r} is not the member that submits"
    if not unit:
        fault = fault or f"unit {row['UNIT_MEASURE']!r} is not in the catalogue"
    if status not in _STATUSES or conf not in _CONFS:
        fault = fault or f"OBS_STATUS {status!r} or CONF_STATUS {conf!r} is not in its code list"
    if fault:
        figure = Figure(labels=(row["MINERAL"],), period=period, cell="(withheld)", ref=ref)
        reading.refuse(figure, why=f"{fault}, {ref}")
    elif cell or status != ObsStatus.MISSING:
        reading.rows.add(
            name, period=period, cell=cell, unit=unit, ref=ref, status=status, conf=conf
        )


def _name_series(row: CsvRow) -> tuple[str, str]:
    """Return the series id and an empty text, or why there is none."""
    mineral = find_mineral(row["MINERAL"])
    area = area_from_code(row["REF_AREA"])
    if mineral is None or not area:
        return "", f"unknown mineral {row['MINERAL']!r} or area {row['REF_AREA']!r}"
    stage, measure = row["STAGE"].lower(), row["MEASURE"].lower()
    source = f"{CONTRIBUTED}{name_contributor(row['CONTRIBUTOR'])}"
    try:
        return str(SeriesId.parse(f"{mineral.code}.{stage}.{measure}.{area}.{source}")), ""
    except ConfigurationError as error:
        return "", error.message


SOURCE = MemberSubmissionSource()
