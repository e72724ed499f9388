"""`Notice` -> CAP 1.2 XML: the canonical form of what is sent.

Profile (code `g7warn-cap-1.0`), in addition to the standard:

* One `info` block per language (`en`, `fr`, `de`, `it`, `ja`); codes and parameters are the same in
  each, texts are translated. `category` is Other: minerals markets have no category of their own.
* Times carry an offset and never "Z"; UTC is written `-00:00`, as section 3.3.2 asks.
* `scope` follows the label: TLP:CLEAR is Public, TLP:RED is Private to named members, everything
  between is Restricted, and `restriction` says to whom. The label itself is parameter `tlp`.
* `incidents` holds the alert's id; `references` holds every earlier message about it.
* `event` is the kind of stress, `eventCode` `g7warn:family` and `g7warn:direction` its codes.
* `onset` and `expires` span the window in which the consequence is expected.
* Parameters: tlp, alert, sequence, grade, previous_grade, probability, horizon_months, mineral,
  hs, rule, criterion, track_record, is_reviewed, is_simulated.
* `area` is the world or a country, with its ISO 3166-1 alpha-2 code as geocode.
* The document ends in an enveloped XML signature (`deliver.signing`).

Source: OASIS, Common Alerting Protocol version 1.2, 1 July 2010.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from lxml import etree

from g7warn.domain.marking import MessageStatus
from g7warn.domain.notice import MsgType, Scope
from g7warn.domain.signal import Certainty, Severity
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from g7warn.domain.notice import Notice, Reference

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
PROFILE = "g7warn-cap-1.0"

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, section 2.2."""

_SEVERITIES = {
    Severity.NONE: "Unknown",
    Severity.MINOR: "Minor",
    Severity.MODERATE: "Moderate",
    Severity.SEVERE: "Severe",
    Severity.EXTREME: "Extreme",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CapTexts:
    """What one `info` block says in one language.

    Attributes:
        language: RFC 3066 code.
        event: Kind of stress and mineral.
        headline: One line.
        description: Reasons, one a line.
        instruction: What a member may do; empty for nothing.
        area: Name of the area.
        sender: Name of the installation for readers.
    """

    language: str
    event: str
    headline: str
    description: str
    instruction: str
    area: str
    sender: str = "g7warn"


def notice_to_cap(notice: Notice, texts: Sequence[CapTexts], *, web: str = "") -> bytes:
    """Return an unsigned CAP 1.2 document.

    Args:
        notice: What is told.
        texts: One entry a language.
        web: Address of the evidence for entitled readers, empty for none.

    Returns:
        UTF-8 XML without white space between elements: readers that strip it keep the signature.

    Raises:
        ConfigurationError: No texts.
    """
    if not texts:
        message = f"notice {notice.identifier!r}: CAP needs texts in at least one language"
        raise ConfigurationError(message, identifier=notice.identifier)
    alert = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _add_header(alert, notice)
    for text in texts:
        _add_info(alert, notice, text, web)
    return bytes(etree.tostring(alert, xml_declaration=True, encoding="UTF-8"))


def notice_to_ack(notice: Notice, *, sender: str, sent: datetime, identifier: str) -> bytes:
    """Return the CAP Ack by which a member's system acknowledges a notice.

    Args:
        notice: The one acknowledged.
        sender: The member's own CAP sender.
        sent: When, aware.
        identifier: Unique name of the acknowledgement.
    """
    alert = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _add(alert, "identifier", identifier)
    _add(alert, "sender", sender)
    _add(alert, "sent", format_cap_time(sent))
    _add(alert, "status", notice.status)
    _add(alert, "msgType", MsgType.ACK)
    _add(alert, "scope", Scope.PRIVATE)
    _add(alert, "addresses", notice.sender)
    _add(alert, "references", format_reference(notice.reference))
    return bytes(etree.tostring(alert, xml_declaration=True, encoding="UTF-8"))


def format_cap_time(instant: datetime) -> str:
    """Return an instant as CAP writes it.

    Example:
        >>> from datetime import datetime
        >>> format_cap_time(datetime(2022, 4, 5, 6, 30, tzinfo=UTC))
        '2022-04-05T06:30:00-00:00'
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") + "-00:00"


def format_reference(reference: Reference) -> str:
    """Return an earlier message as `sender,identifier,sent`."""
    return f"{reference.sender},{reference.identifier},{format_cap_time(reference.sent)}"


def _add_header(alert: etree._Element, notice: Notice) -> None:
    _add(alert, "identifier", notice.identifier)
    _add(alert, "sender", notice.sender)
    _add(alert, "sent", format_cap_time(notice.sent))
    _add(alert, "status", notice.status)
    _add(alert, "msgType", notice.msg_type)
    _add(alert, "scope", notice.scope)
    if notice.scope == Scope.RESTRICTED:
        _add(alert, "restriction", notice.restriction)
    if notice.scope == Scope.PRIVATE:
        _add(alert, "addresses", " ".join(_quote(address) for address in notice.addresses))
    _add(alert, "code", PROFILE)
    if notice.status is not MessageStatus.ACTUAL:
        _add(alert, "note", f"{notice.status}: {notice.status.upper()} MESSAGE")
    if notice.references:
        _add(alert, "references", " ".join(map(format_reference, notice.references)))
    if notice.alert_id:
        _add(alert, "incidents", _quote(notice.alert_id))


def _add_info(alert: etree._Element, notice: Notice, text: CapTexts, web: str) -> None:
    info = etree.SubElement(alert, f"{{{NAMESPACE}}}info")
    _add(info, "language", text.language)
    _add(info, "category", "Other")
    _add(info, "event", text.event)
    _add(info, "responseType", notice.response)
    _add(info, "urgency", notice.urgency)
    _add(info, "severity", _SEVERITIES[notice.severity])
    _add(info, "certainty", Certainty(notice.certainty).name.capitalize())
    _add_pair(info, "eventCode", "g7warn:family", notice.fingerprint.family)
    _add_pair(info, "eventCode", "g7warn:direction", notice.fingerprint.direction)
    _add(info, "onset", format_cap_time(notice.onset))
    _add(info, "expires", format_cap_time(notice.expires))
    _add(info, "senderName", text.sender)
    _add(info, "headline", text.headline)
    _add(info, "description", text.description)
    if text.instruction:
        _add(info, "instruction", text.instruction)
    if web:
        _add(info, "web", web)
    for name, value in _list_parameters(notice).items():
        _add_pair(info, "parameter", name, value)
    area = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(area, "areaDesc", text.area)
    if notice.fingerprint.area != "world":
        _add_pair(area, "geocode", "ISO3166-1", notice.fingerprint.area.upper())


def _list_parameters(notice: Notice) -> dict[str, str]:
    parameters = {
        "tlp": notice.tlp.label,
        "alert": notice.alert_id,
        "sequence": str(notice.sequence),
        "grade": notice.grade.label,
        "previous_grade": notice.previous_grade.label,
        "probability": f"{notice.probability:.3f}",
        "horizon_months": str(notice.horizon_months),
        "mineral": notice.mineral,
        "hs": " ".join(notice.hs),
        "rule": notice.rule,
        "criterion": notice.criterion,
        "is_reviewed": str(notice.is_reviewed).lower(),
        "is_simulated": str(notice.is_simulated).lower(),
    }
    if notice.track_record is not None:
        record = notice.track_record
        parameters["track_record"] = (
            f"hits={record.hits} alerts={record.alerts} lead_months={record.median_lead_months:g}"
        )
    return {name: value for name, value in parameters.items() if value}


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = _FORBIDDEN.sub("", str(text))


def _add_pair(parent: etree._Element, name: str, value_name: str, value: str) -> None:
    pair = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    _add(pair, "valueName", value_name)
    _add(pair, "value", value)


def _quote(name: str) -> str:
    return f'"{name}"' if " " in name else name
