from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from g7warn.deliver.addresses import check_address, is_public
from g7warn.errors import ChannelRejected, ChannelUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable


def _to(*numbers: str) -> Callable[[str, int], list[str]]:
    return lambda host, port: list(numbers)


@pytest.mark.parametrize(
    "number",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "fec0::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "nonsense"),
    ],
)
def test_special_addresses_are_not_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_ordinary_addresses_are_public(number: str) -> None:
    assert is_public(number)


def test_the_connection_goes_to_the_checked_number_under_the_name() -> None:
    found = check_address("https://hook.example/a?b=c#d", resolve=_to("8.8.8.8", "8.8.4.4"))
    assert found.url == "https://8.8.8.8:443/a?b=c"
    assert (found.host, found.host_header) == ("hook.example", "hook.example")


def test_an_own_port_stays_in_the_host_header_and_ipv6_in_brackets() -> None:
    found = check_address("https://hook.example:8443/", resolve=_to("2606:4700::1111"))
    assert found.url == "https://[2606:4700::1111]:8443/"
    assert found.host_header == "hook.example:8443"


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(ChannelRejected, match="not public"):
        check_address("https://hook.example/", resolve=_to("8.8.8.8", "10.0.0.1"))


@pytest.mark.parametrize(
    "url",
    [
        *("http://hook.example/", "ftp://hook.example/", "file:///etc/passwd", "https://", ""),
        *("https://user:pw@hook.example/", "https://hook.example:99999/", "https://[::1/"),
        *("https://hook.example/a b", "https://hook.example/\r\nX: y", "https://hök.example/"),
        *("gopher://x", "https://" + "a" * 3000),
    ],
)
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(ChannelRejected):
        check_address(url, resolve=_to("8.8.8.8"))


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
def test_odd_spellings_of_loopback_do_not_pass(host: str) -> None:
    with pytest.raises((ChannelRejected, ChannelUnavailable)):
        check_address(f"https://{host}/")


def test_an_unknown_name_is_worth_another_try(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(ChannelUnavailable, match="cannot be resolved"):
        check_address("https://no-such-host.invalid/")
