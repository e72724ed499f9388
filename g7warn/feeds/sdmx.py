"""Reads SDMX data messages in any of the formats that agencies send.

SDMX-CSV 1.0 and 2.0, OECD's CSV with labels, SDMX-ML 2.1 structure-specific (own stream) and
generic and SDMX-JSON (sdmx1). The format is told by content, never by name. OECD says "no
records" with status 404 and a body; that, and an SDMX error of code 100, are empty messages.

Source: SDMX 2.1 section 3, SDMX-CSV field guides 1.0 and 2.0, and the agencies' own messages.
"""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.csvtable import read_csv
from g7warn.feeds.sdmx_message import CONF_NAMES, DELETIONS, STATUS, TIME, VALUE, SdmxMessage
from g7warn.feeds.sdmx_stream import read_structure_specific
from g7warn.feeds.text import decode_text, describe_body

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

NO_RECORDS = b"NoRecordsFound"
_NO_RESULTS = re.compile(rb"<[\w:]*ErrorMessage[^>]*code=\"100\"")
_GENERIC = re.compile(rb"<(?:\w+:)?Generic(?:TimeSeries)?Data[\s>]")
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CSV_CONTROL = frozenset({"STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "DATAFLOW", "ACTION"})
_LIBRARY_BYTES = 32 * 1024 * 1024  # the library needs up to forty times as much memory


def read_message(body: bytes, *, what: str, dimensions: Collection[str] = ()) -> SdmxMessage:
    """Return the observations of an SDMX message.

    Args:
        body: The message.
        what: The publisher's name for it, for messages.
        dimensions: Names of the dimensions and attributes that are needed; empty: all.

    Raises:
        SourceFormatChanged: None of the formats, damaged, or with a document type.
    """
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.strip() == NO_RECORDS or _NO_RESULTS.search(start):
        return SdmxMessage()
    if start.startswith(b"<"):
        return _read_xml(body, what, dimensions)
    if start.startswith(b"{"):
        return _collect(_read_with_library(body, what, form="JSON"), dimensions)
    if not start or b"TIME_PERIOD" not in start:
        message = f"{what} is {describe_body(body)}, not an SDMX data message"
        raise SourceFormatChanged(message)
    return _read_sdmx_csv(body, what, dimensions)


def _read_xml(body: bytes, what: str, dimensions: Collection[str]) -> SdmxMessage:
    if describe_body(body) == "an HTML page":
        message = f"{what} is an HTML page, not an SDMX message. The address may have moved"
        raise SourceFormatChanged(message)
    if not _GENERIC.search(body[:4096]):
        return read_structure_specific(io.BytesIO(body), what=what, dimensions=dimensions)
    if _DTD.search(body) or b"\x00" in body[:4096]:
        message = f"{what} declares a document type or an entity: refused"
        raise SourceFormatChanged(message)
    return _collect(_read_with_library(body, what, form="XML"), dimensions)


def _read_with_library(body: bytes, what: str, *, form: str) -> list[dict[str, str]]:
    """Read a generic or JSON message with sdmx1; pysdmx multiplies cross-sectional ones."""
    import sdmx  # noqa: PLC0415 - half a second, for these two formats alone

    if len(body) > _LIBRARY_BYTES:
        message = (
            f"{what} has {len(body):,} bytes: ask the publisher for structure-specific data, "
            "which is read as a stream"
        )
        raise SourceFormatChanged(message)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found: Any = sdmx.read_sdmx(io.BytesIO(body), format=form)
            stated = [one for one in found.data if _action_of(one) not in DELETIONS]
            return [_flatten(entry) for dataset in stated for entry in dataset.obs]
    except Exception as error:  # the library raises whatever it likes on damage
        message = f"{what} is no SDMX data message ({type(error).__name__}: {error})"
        raise SourceFormatChanged(message[:400]) from error


def _action_of(dataset: Any) -> str:  # noqa: ANN401 - sdmx1's data set is untyped
    return str(getattr(dataset.action, "name", "")).upper()


def _flatten(entry: Any) -> dict[str, str]:  # noqa: ANN401 - sdmx1's observation is untyped
    record = {key: str(item.value) for key, item in entry.key.values.items()}
    record.update({key: str(item.value) for key, item in entry.attrib.items()})
    if entry.value is not None:
        record[VALUE] = str(entry.value)
    return record


def _read_sdmx_csv(body: bytes, what: str, dimensions: Collection[str]) -> SdmxMessage:
    first_line = decode_text(body[:65536].rpartition(b"\n")[0] or body[:65536], what=what)
    line = first_line.splitlines()[0]
    delimiter = ";" if line.count(";") > line.count(",") else ","
    table = read_csv(body, what=what, delimiter=delimiter, normalise=_strip_type)
    table.require(TIME, VALUE)
    names = [name for name in table.names if name not in _CSV_CONTROL]
    records = (
        {name: row[name] for name in names}
        for row in table
        if row.cells.get("ACTION", "").upper() not in DELETIONS
    )
    message = _collect(records, dimensions)
    for number, text in table.damaged:
        message.refused[len(message)] = (text, f"line {number} has another number of cells")
        message.add(message.find_series({}), period="", text="0")
    return message


def _strip_type(name: str) -> str:
    """Return a column's concept: SDMX-CSV may write `REF_AREA: Reference area`."""
    return name.strip().partition(": ")[0].removesuffix("[]")


def _collect(records: Iterable[Mapping[str, str]], dimensions: Collection[str]) -> SdmxMessage:
    message = SdmxMessage()
    kept = set(dimensions)
    for record in records:
        key = {
            name: code
            for name, code in record.items()
            if (name in kept if kept else name not in {TIME, VALUE, STATUS, *CONF_NAMES})
        }
        conf = next((record[name] for name in CONF_NAMES if record.get(name)), "")
        message.add(
            message.find_series(key),
            period=record.get(TIME, ""),
            text=record.get(VALUE, ""),
            status=record.get(STATUS, ""),
            conf=conf,
        )
    return message
