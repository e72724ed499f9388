"""CAP Ack messages as members' systems send them: which notices are acknowledged."""

from __future__ import annotations

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from fastapi import HTTPException
from starlette.status import HTTP_422_UNPROCESSABLE_CONTENT

from g7warn.alerts.cap import NAMESPACE

_MOST = 50


def read_cap_ack(document: bytes) -> tuple[str, ...]:
    """Return the identifiers of the notices that a CAP Ack refers to.

    Args:
        document: XML as received, of any origin.

    Raises:
        HTTPException: 422, it is no CAP 1.2 message of type Ack with references.
    """
    try:
        alert = ElementTree.fromstring(document)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise HTTPException(HTTP_422_UNPROCESSABLE_CONTENT, "no well-formed XML") from error
    kind = alert.findtext(f"{{{NAMESPACE}}}msgType", "")
    references = alert.findtext(f"{{{NAMESPACE}}}references", "").split()
    parts = [reference.split(",") for reference in references]
    is_ack = alert.tag == f"{{{NAMESPACE}}}alert" and kind.strip() == "Ack"
    if not is_ack or not parts or len(parts) > _MOST or any(len(part) != 3 for part in parts):
        text = "no CAP 1.2 message of msgType Ack with references (sender,identifier,sent)"
        raise HTTPException(HTTP_422_UNPROCESSABLE_CONTENT, text)
    return tuple(dict.fromkeys(part[1] for part in parts))
