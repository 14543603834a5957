"""Addresses of dialers: which are taken, how they are written, and which are the same dialer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from bulk_loader.hosts import address_of, canonical_host, is_loopback

if TYPE_CHECKING:
    from urllib.parse import SplitResult

INSTANCE_HOST = "https://{name}.ucontactcloud.com"  # the vendor's page "Add Record to Dialer"
# One label of a host name (RFC 1123): what else is typed here would change the host.
_INSTANCE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
# People paste the whole address of the vendor's page; what comes before it is the base.
_INTERFACE = re.compile(r"/Integra(?:/.*)?$", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# No server takes longer ones (nginx and Apache stop at 8 KB), and the transports have a limit too.
_LONGEST_URL = 2000

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE_IN_PATH = "/%:@!$&'()*+,;="  # RFC 3986, 3.3; quote adds the unreserved characters
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")  # RFC 3986, 2.3

_LOOPBACK = "127.0.0.1"  # as the sandbox writes its address
# Names of this machine that systems write into their list of hosts. Those below `.localhost` are
# left out: people use them to tell apart what runs on one port.
_NAMES_OF_LOOPBACK = frozenset(
    {"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"}
)


def parse_instance(written: str) -> str:
    """The instance's name in lower case.

    Raises:
        ValueError: it is not one label of a host name.
    """
    name = written.strip().lower().removesuffix(".").removesuffix(".ucontactcloud.com")
    if _INSTANCE.fullmatch(name) is None:
        raise ValueError(
            "is not the name of an instance: give the part before .ucontactcloud.com, "
            "or the whole address as url"
        )
    return name


def parse_url(written: str, *, allow_http: bool) -> str:
    """The one spelling of a base address to which requests are sent.

    It has no trailing slash, no port that goes without saying, and not the interface's own path.
    The host stays the one that was named, since `localhost` may be ::1 and not 127.0.0.1.

    Raises:
        ValueError: it is no web address, holds credentials, or would send them unencrypted.
    """
    parts = _split(written.strip())
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "holds a user or a password: take them out and set BULK_LOADER_TOKEN or user"
        )
    if parts.query or parts.fragment:
        raise ValueError("goes on after the path: cut it off at the ? or #")
    host = canonical_host(parts.hostname or "")
    if parts.scheme == "http" and not (allow_http or is_loopback(host)):
        raise ValueError(
            "would send the token unencrypted: write https://, or set allow_http where the "
            "network is trusted"
        )
    return _base(parts, host)


def dialer_identity(url: str) -> str:
    """What ledger and locks call the dialer at an address: the same for each of its spellings.

    All names and numbers of this machine are one host here. Nothing is sent to this address.

    Raises:
        ValueError: it is no web address.
    """
    parts = _split(url.strip())
    return _base(parts, _known_host(canonical_host(parts.hostname or "")))


def _known_host(host: str) -> str:
    address = address_of(host)
    if address is None:
        return _LOOPBACK if host in _NAMES_OF_LOOPBACK else host
    # Who connects to 0.0.0.0 reaches this machine.
    is_here = address.is_loopback or address.is_unspecified
    return _LOOPBACK if is_here else str(address)


def _base(parts: SplitResult, host: str) -> str:
    is_usual_port = parts.port in {None, _DEFAULT_PORTS[parts.scheme]}
    port = "" if is_usual_port else f":{parts.port}"
    path = _INTERFACE.sub("", _plain_path(parts.path)).rstrip("/")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{path}"


def _plain_path(path: str) -> str:
    """RFC 3986, 6.2.2: no escape that need not be, every other in one form, no `.` and `..`."""
    escaped = quote(_STRAY_PERCENT.sub("%25", path), safe=_SAFE_IN_PATH)
    segments: list[str] = []
    for segment in _ESCAPE.sub(_needed_escape, escaped).split("/"):
        if segment == "..":
            del segments[max(1, len(segments) - 1) :]
        elif segment != ".":
            segments.append(segment)
    return "/".join(segments)


def _needed_escape(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()


def _split(written: str) -> SplitResult:
    try:
        parts = urlsplit(written)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(_NO_ADDRESS) from error
    # A line break or the like is not part of any address, and urlsplit leaves it out.
    is_text = written.isprintable() and " " not in written and len(written) <= _LONGEST_URL
    if parts.scheme not in _DEFAULT_PORTS or not has_host or not is_text:
        raise ValueError(_NO_ADDRESS)
    return parts


_NO_ADDRESS = "is not a web address such as https://mycompany.ucontactcloud.com"
