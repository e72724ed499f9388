"""Builders of small payloads in publishers' formats, written by hand: no publisher's data."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from openpyxl import Workbook

from g7warn.feeds.base import Payload, hash_body

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FETCHED_AT = datetime(2025, 1, 3, tzinfo=UTC)


def make_payload(
    body: bytes | str,
    *,
    address: str = "https://publisher.example/file",
    fetched_at: datetime = FETCHED_AT,
    is_dated: bool = True,
) -> Payload:
    raw = body.encode() if isinstance(body, str) else body
    return Payload(
        address=address,
        body=raw,
        sha256=hash_body(raw),
        fetched_at=fetched_at,
        is_dated=is_dated,
    )


def write_xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def make_pink_sheet(
    *,
    names: Sequence[str | None] = ("Copper", "Nickel", "Iron ore, cfr spot", "Gold"),
    units: Sequence[str | None] = ("($/mt)", "($/mt)", "($/dmtu)", "($/troy oz)"),
    codes: Sequence[str] | None = None,
    months: Sequence[tuple[object, ...]] = (
        ("2024M11", 9075.7, 15721.6, 102.2, 2651.1),
        ("2024M12", 8916.3, 15444.4, 105.1, 2648.0),
    ),
    updated: str = "Updated on January 03, 2025",
    sheet: str = "Monthly Prices",
) -> bytes:
    top = [["World Bank Commodity Price Data (The Pink Sheet)"], ["monthly prices"], [], [updated]]
    header = [[None, *names], [None, *units]]
    middle = [[None, *codes]] if codes else []
    return write_xlsx({"AFOSHEET": [], sheet: [*top, *header, *middle, *months]})


MCS_WIDE_HEADER = (
    "SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_EST_ 2024,PROD_NOTES,CAP_2023,"
    "CAP_EST_ 2024,CAP_NOTES,RESERVES_2024,RESERVE_NOTES"
)
MCS_WIDE_LINES = (
    'MCS2025,Lithium,Chile,"Mine production, lithium content",metric tons,41400,49000,,,,,9300000,',
    (
        'MCS2025,Lithium,World total (rounded),"Mine production, lithium content",metric tons,'
        "204000,240000,,,,,30000000,"
    ),
    "MCS2025,Gallium,China,Primary production,kilograms,600000,750000,,1000000,1100000,,,",
)


def make_mcs_wide(*lines: str, header: str = MCS_WIDE_HEADER) -> bytes:
    return ("\ufeff" + "\r\n".join([header, *(lines or MCS_WIDE_LINES)])).encode()


MCS_LONG_HEADER = (
    "MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value,Notes,"
    "Is critical mineral 2025,Other notes"
)
MCS_LONG_LINES = (
    (
        "LITHIUM,World Mine Production and Reserves,Lithium,Chile,Production,Mine production,"
        'metric tons,2024,"49,000",,Yes,'
    ),
    (
        "LITHIUM,World Mine Production and Reserves,Lithium,Chile,Production,Mine production,"
        'metric tons,2025,"56,000",Estimated.,Yes,"(Data in metric tons) -- \u201cOther\u201d"'
    ),
    (
        "LITHIUM,World Mine Production and Reserves,Lithium,Chile,Reserves,Reserves,"
        'metric tons,2025,"9,200,000",See Appendix C. -- For Chile,Yes,'
    ),
    (
        "LITHIUM,World Mine Production and Reserves,Lithium,World total,Production,"
        'Mine production: rounded,metric tons,2025,"290,000",Estimated.,Yes,'
    ),
    (
        "LITHIUM,World Mine Production and Reserves,Lithium,World total,Reserves,"
        'Reserves: rounded,metric tons,2025,">37,000,000",See Appendix C.,Yes,'
    ),
    (
        "LITHIUM,Salient Statistics\u2014United States,Lithium,United States,Production,"
        "Mine production,metric tons,2025,W,,Yes,"
    ),
)


def make_mcs_long(*lines: str, header: str = MCS_LONG_HEADER) -> bytes:
    return "\r\n".join([header, *(lines or MCS_LONG_LINES)]).encode("cp1252")


def make_sdmx_ml(observations: str, *, root: str = "StructureSpecificTimeSeriesData") -> bytes:
    """A structure-specific message with one series of nickel prices."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<mes:{root} xmlns:mes="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message">'
        "<mes:Header><mes:ID>x</mes:ID></mes:Header><mes:DataSet>"
        '<Series FREQ="M" REF_AREA="W00" COMMODITY="PNICK" UNIT_MEASURE="USD" UNIT_MULT="0">'
        f"{observations}</Series></mes:DataSet></mes:{root}>"
    ).encode()
