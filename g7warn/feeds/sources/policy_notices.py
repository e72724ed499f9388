"""Policy notices: a dated feed of trade measures on minerals, as JSON or CSV.

One record is one step in the life of one measure. Each step also becomes an observation on the day
it takes effect (`policy.<measure>`: 0 lapsed, 1 announced, 2 suspended, 3 in force), and each known
date ahead one under `policy.hazard`, so that both can be read as they were known on any day.

Source: layout of our own; publishers have none in common. Columns are listed in `FIELDS`.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from g7warn.domain.mineral import find_mineral, list_minerals
from g7warn.domain.policy import HazardDate, PolicyMeasure, PolicyNotice, PolicyStage
from g7warn.errors import SourceFormatChanged
from g7warn.feeds.base import ParsedPayload
from g7warn.feeds.countries import area_from_code, find_area
from g7warn.feeds.csvtable import read_csv
from g7warn.feeds.rows import ObservationRows
from g7warn.feeds.text import decode_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from g7warn.feeds.base import Payload
    from g7warn.feeds.catalog import Dataset

FIELDS = (
    *("notice_id", "stage", "measure", "country", "announced_on", "effective_on", "title"),
    *("source_url", "hs", "minerals", "targets", "hazards", "licence_lead_days"),
)
REQUIRED = FIELDS[:9]
STAGE_LEVELS: dict[PolicyStage, int] = {
    PolicyStage.LAPSED: 0,
    PolicyStage.ANNOUNCED: 1,
    PolicyStage.SUSPENDED: 2,
    PolicyStage.IN_FORCE: 3,
}
_WHAT = "policy notices"
_HS = re.compile(r"\d{4,10}", re.ASCII)
_URL = re.compile(r"https?://[^\s<>\"']+")
_UNKNOWN_ID = "unknown.policy.other.world.policy_notices"


class PolicyNoticesSource:
    """Reads notices, and places them in time."""

    name = "policy_notices"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return notices, their stages and their hazard dates; a wrong record is refused alone."""
        del dataset
        rows = ObservationRows()
        notices: list[PolicyNotice] = []
        for ref, record in _read_records(payload.body, rows):
            try:
                notice = _to_notice(record)
            except (ValueError, TypeError, KeyError) as error:
                raw = json.dumps(record, ensure_ascii=False, default=str)
                why = f"no policy notice: {error}"
                rows.refuse(_UNKNOWN_ID, period="", raw=raw, unit="", ref=ref, why=why[:300])
                continue
            notices.append(notice)
            _place(notice, ref, rows)
        released = max((notice.announced_on for notice in notices), default=None)
        at = datetime.combine(released, time.min, tzinfo=UTC) if released else None
        return ParsedPayload(table=rows.to_table(), released_at=at, policies=tuple(notices))


def _read_records(body: bytes, rows: ObservationRows) -> Iterator[tuple[str, Mapping[str, Any]]]:
    text = decode_text(body, what=_WHAT)
    if text.lstrip()[:1] in {"[", "{"}:
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            message = f"{_WHAT}: no JSON ({error})"
            raise SourceFormatChanged(message[:300]) from error
        records = found.get("notices") if isinstance(found, dict) else found
        if not isinstance(records, list) or not all(isinstance(entry, dict) for entry in records):
            message = f"{_WHAT}: no list of notices"
            raise SourceFormatChanged(message)
        yield from ((f"notices[{number}]", record) for number, record in enumerate(records))
        return
    table = read_csv(body, what=_WHAT)
    table.require(*REQUIRED)
    table.forbid_others(*FIELDS)
    for number, line in table.damaged:
        why = "line has another number of cells than the header"
        ref = f"line {number}"
        rows.refuse(_UNKNOWN_ID, period="", raw=line, unit="", ref=ref, why=why)
    yield from ((f"line {row.number}", row.cells) for row in table)


def _to_notice(record: Mapping[str, Any]) -> PolicyNotice:
    """Return the notice of a record.

    Raises ValueError, TypeError or KeyError where the record is none.
    """
    if unknown := set(record) - set(FIELDS):
        message = f"unknown fields {sorted(unknown)}"
        raise ValueError(message)
    headings = tuple(_split(record["hs"]))
    if wrong := [text for text in headings if not _HS.fullmatch(text)]:
        message = f"{wrong} are no HS headings"
        raise ValueError(message)
    url = str(record["source_url"]).strip()
    if not _URL.fullmatch(url):
        message = f"{url!r} is no http address"
        raise ValueError(message)
    minerals = _find_minerals(_split(record.get("minerals", "")), headings)
    lead = str(record.get("licence_lead_days") or 0)
    announced = date.fromisoformat(str(record["announced_on"]))
    effective = str(record["effective_on"] or announced.isoformat())
    return PolicyNotice(
        notice_id=_require_text(record["notice_id"]),
        stage=PolicyStage(str(record["stage"]).strip().lower()),
        measure=PolicyMeasure(str(record["measure"]).strip().lower()),
        area=_to_area(str(record["country"])),
        targets=tuple(_to_area(name) for name in _split(record.get("targets", ""))),
        minerals=minerals,
        hs=headings,
        announced_on=announced,
        effective_on=date.fromisoformat(effective),
        title=_require_text(record["title"]),
        source_url=url,
        hazards=tuple(sorted(_read_hazards(record.get("hazards", "")), key=lambda item: item.on)),
        licence_lead_days=int(lead),
    )


def _require_text(text: object) -> str:
    if not (words := str(text).strip()):
        message = "an empty id or title"
        raise ValueError(message)
    return words


def _split(cell: object) -> list[str]:
    parts = cell if isinstance(cell, list) else str(cell or "").split(";")
    return [str(part).strip() for part in parts if str(part).strip()]


def _to_area(name: str) -> str:
    area = area_from_code(name) or find_area(name)
    if not area:
        message = f"unknown country {name!r}"
        raise ValueError(message)
    return area


def _find_minerals(names: list[str], headings: tuple[str, ...]) -> tuple[str, ...]:
    """Return the minerals named; where none is, those traded under the headings."""
    found = [find_mineral(name) for name in names]
    if None in found:
        message = f"unknown mineral among {names}"
        raise ValueError(message)
    codes = {mineral.code for mineral in found if mineral}
    if not codes:
        codes = {
            mineral.code
            for mineral in list_minerals()
            if any(text.startswith(heading) for text in headings for heading in mineral.hs)
        }
    if not codes:
        message = f"neither a mineral nor a heading of the catalogue: {headings}"
        raise ValueError(message)
    return tuple(sorted(codes))


def _read_hazards(cell: object) -> Iterator[HazardDate]:
    """Yield the known dates of a cell: `2026-11-10 suspension expires; 2027-01-01 quota opens`."""
    entries = cell if isinstance(cell, list) else _split(cell)
    for entry in entries:
        if isinstance(entry, dict):
            on, what = str(entry["on"]), str(entry["what"])
        else:
            on, _, what = str(entry).partition(" ")
        yield HazardDate(on=date.fromisoformat(on), what=what.strip())


def _place(notice: PolicyNotice, ref: str, rows: ObservationRows) -> None:
    is_ahead = notice.effective_on > notice.announced_on
    for mineral in notice.minerals:
        rows.add(
            f"{mineral}.policy.{notice.measure}.{notice.area}.policy_notices",
            period=notice.effective_on.isoformat(),
            cell=STAGE_LEVELS[notice.stage],
            unit="stage",
            ref=ref,
            status="F" if is_ahead else "A",
        )
        for hazard in notice.hazards:
            rows.add(
                f"{mineral}.policy.hazard.{notice.area}.policy_notices",
                period=hazard.on.isoformat(),
                cell=1,
                unit="date",
                ref=f"{ref} {hazard.what}"[:120],
                status="F",
            )


SOURCE = PolicyNoticesSource()
