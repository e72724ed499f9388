"""Addresses on the network that a webhook may reach: checked after name resolution.

A name is resolved once; every address it has must be allowed; the connection then goes to the
address that was checked and to no other, so that a name that changes its mind between check and use
(DNS rebinding) gains nothing.

Source: OWASP, Server-Side Request Forgery Prevention, seen 2026-11; RFC 6890 (special addresses).
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from g7warn.errors import ChannelRejected, ChannelUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

_NAT64 = ("64:ff9b::", "64:ff9b:1::")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAddress:
    """Where a request goes, settled before the connection is opened.

    Attributes:
        url: Absolute address with the checked numeric address in place of the name.
        host: The name, for the Host header and the certificate.
        host_header: The name with its port where it is not the scheme's own.
    """

    url: str
    host: str
    host_header: str


def check_address(
    url: str,
    *,
    allows_private: bool = False,
    resolve: Callable[[str, int], list[str]] | None = None,
) -> CheckedAddress:
    """Return where a request to `url` may go.

    Args:
        url: https address; http only where private addresses are allowed, for a trial at home.
        allows_private: Whether private, loopback and other special addresses are allowed.
        resolve: Name and port to numeric addresses; the system's resolver by default.

    Raises:
        ChannelRejected: Another scheme, credentials in the address, or an address that is not
            public; the address itself is not repeated.
        ChannelUnavailable: The name cannot be resolved now.
    """
    parts, port = _split(url, allows_private=allows_private)
    host = parts.hostname or ""
    numbers = [
        str(n) for n in ([_parse(host)] if _parse(host) else (resolve or _resolve)(host, port))
    ]
    for number in numbers:
        if not allows_private and not is_public(number):
            text = (
                f"webhook host {host!r} leads to {number}, which is not public: an operator may "
                "allow it with G7WARN_ALLOW_PRIVATE_ADDRESSES"
            )
            raise ChannelRejected(text, channel="webhook", host=host)
    number = numbers[0]
    literal = f"[{number}]" if ":" in number else number
    is_default = port == (443 if parts.scheme == "https" else 80)
    name = f"[{host}]" if ":" in host else host
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    return CheckedAddress(
        url=f"{parts.scheme}://{literal}:{port}{path}{query}",
        host=host,
        host_header=name if is_default else f"{name}:{port}",
    )


def is_public(number: str) -> bool:
    """Return whether a numeric address is one of the open Internet.

    Addresses that carry another one inside (mapped, 6to4, Teredo, NAT64) count as that one.

    Example:
        >>> is_public("8.8.8.8"), is_public("10.1.2.3"), is_public("::ffff:127.0.0.1")
        (True, False, False)
    """
    address = _parse(number.partition("%")[0])
    if address is None:
        return False
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and str(address).startswith(_NAT64):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _split(url: str, *, allows_private: bool) -> tuple[SplitResult, int]:
    fault = ""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        parts, port, fault = urlsplit(""), 0, "is no address"
    schemes = {"https", "http"} if allows_private else {"https"}
    if not fault and (parts.scheme not in schemes or not parts.hostname):
        fault = f"must begin with {' or '.join(sorted(schemes))}://"
    if not fault and (parts.username is not None or parts.password is not None):
        fault = "must hold no user name"
    if not fault and (
        len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url
    ):
        fault = "must be plain ASCII without spaces"
    if fault:
        text = f"the webhook's address {fault}"
        raise ChannelRejected(text, channel="webhook")
    return parts, port


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        text = f"webhook host {host!r} cannot be resolved: {type(error).__name__}"
        raise ChannelUnavailable(text, channel="webhook", host=host) from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
