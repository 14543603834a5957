"""Hosts by name or in numbers: one spelling for all that lead to the same place."""

from __future__ import annotations

import ipaddress
import re
import socket

_LONGEST_NAME = 253  # RFC 1035, 2.3.4: 255 octets, two of them not of the text
# RFC 1123, 2.1, and the underscore, which names inside of companies have all the same.
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def canonical_host(written: str) -> str:
    """The spelling of a host that a request can be sent to, whatever stands for it.

    Lower case, without a final dot, in the ASCII form of its letters, and in numbers as they are
    usually written. Two hosts that are written alike so are the same one.

    Args:
        written: without the brackets of an address of IPv6.

    Raises:
        ValueError: no resolver can look it up; the text is the predicate of a sentence.
    """
    try:
        return _ipv6(written) if ":" in written else _name(written)
    except ValueError as error:
        raise ValueError(f'names the host "{written}", which is no name of a host') from error


def is_loopback(host: str) -> bool:
    """The host, in its canonical spelling, is this machine, so that nothing leaves it."""
    address = address_of(host)
    return host == "localhost" if address is None else address.is_loopback


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is in numbers; None for a name.

    An address of IPv4 in the clothes of IPv6 leads to the same place, and is given as itself.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _ipv6(written: str) -> str:
    _, is_scoped, interface = written.partition("%")
    if is_scoped and not _is_name(interface.lower()):
        raise ValueError(written)
    return str(ipaddress.IPv6Address(written))


def _name(written: str) -> str:
    name = (written if written.isascii() else _ascii(written)).lower().removesuffix(".")
    if not _is_name(name):
        raise ValueError(name)
    # A name ends in no number (https://url.spec.whatwg.org/#ends-in-a-number-checker): resolvers
    # take it for an address, such as 127.1 for 127.0.0.1.
    return _ipv4(name) if _NUMBER.fullmatch(name.rpartition(".")[-1]) else name


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and all(map(_LABEL.fullmatch, text.split(".")))


def _ascii(written: str) -> str:
    """By the rules that the transports and the certificates go by, which are not those of Python."""
    import idna  # noqa: PLC0415 - its tables take long to load, and few names need them

    return idna.encode(written, uts46=True).decode("ascii")


def _ipv4(written: str) -> str:
    try:
        return socket.inet_ntoa(socket.inet_aton(written))
    except OSError as error:
        raise ValueError(written) from error
