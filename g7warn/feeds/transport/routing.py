"""Sends each address to the transport of its scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.errors import SourceRejected

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from g7warn.feeds.base import Payload, Transport
    from g7warn.feeds.catalog import Document


class RoutingTransport:
    """Several transports behind one face.

    Args:
        transports: Scheme -> transport.
    """

    def __init__(self, transports: Mapping[str, Transport]) -> None:
        self._transports = dict(transports)

    def addresses_of(self, document: Document) -> tuple[str, ...]:
        """Return what the transport of the document's newest address says."""
        return self._transport_of(document.addresses[0]).addresses_of(document)

    def versions(self, address: str, *, until: datetime) -> tuple[datetime, ...]:
        """Return the versions that the address's own transport has."""
        return self._transport_of(address).versions(address, until=until)

    def fetch(self, address: str, *, as_of: datetime) -> Payload:
        """Return the payload that the address's own transport brings.

        Raises:
            SourceRejected: No transport for this scheme, or as the transport says.
            SourceUnavailable: As the transport says.
            SourceRateLimited: As the transport says.
        """
        return self._transport_of(address).fetch(address, as_of=as_of)

    def _transport_of(self, address: str) -> Transport:
        scheme = address.partition("://")[0].lower()
        if scheme not in self._transports:
            message = f"address {address!r} has the scheme {scheme!r}, which is not allowed"
            raise SourceRejected(message, address=address)
        return self._transports[scheme]
