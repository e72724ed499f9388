"""Decides what to fetch for a dataset: every recorded version, in the order of retrieval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.feeds.base import Payload, Transport
    from g7warn.feeds.catalog import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One version of one document.

    Attributes:
        document: Name of the document in the catalogue.
        address: Where it is.
        as_of: Instant at which this version is the newest.
    """

    document: str
    address: str
    as_of: datetime


def plan_requests(
    dataset: Dataset, transport: Transport, *, until: datetime
) -> tuple[Request, ...]:
    """Return every version of every document that the transport has, in order of retrieval.

    The network has one version, that of now. A mirror has those on record, under all addresses
    that the document ever had.

    Args:
        dataset: The catalogue entry.
        transport: Where to look.
        until: Versions retrieved later are left out.
    """
    requests = [
        Request(document=document.name, address=address, as_of=instant)
        for document in dataset.documents
        for address in transport.addresses_of(document)
        for instant in transport.versions(address, until=until)
    ]
    return tuple(sorted(requests, key=lambda request: request.as_of))


def fetch_request(transport: Transport, request: Request) -> Payload:
    """Return the payload that a request names."""
    return transport.fetch(request.address, as_of=request.as_of)
