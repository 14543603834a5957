"""Addresses of dialers: which are taken, and how they are written once taken."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

INSTANCE_HOST = "https://{name}.ucontactcloud.com"  # the vendor's page "Add Record to Dialer"
# One label of a host name (RFC 1123): what else is typed here would change the host.
_INSTANCE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
# People paste the whole address of the vendor's page; what comes before it is the base.
_INTERFACE = re.compile(r"/Integra(?:/.*)?$", re.IGNORECASE)


def parse_instance(written: str) -> str:
    """The instance's name in lower case.

    Raises:
        ValueError: it is not one label of a host name.
    """
    name = written.strip().lower().removesuffix(".ucontactcloud.com")
    if _INSTANCE.fullmatch(name) is None:
        raise ValueError(
            "is not the name of an instance: give the part before .ucontactcloud.com, "
            "or the whole address as url"
        )
    return name


def parse_url(written: str, *, allow_http: bool) -> str:
    """The base address without a trailing slash, and without the interface's own path.

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
    if parts.scheme == "http" and not (allow_http or is_loopback(parts.hostname or "")):
        raise ValueError(
            "would send the token unencrypted: write https://, or set allow_http where the "
            "network is trusted"
        )
    path = _INTERFACE.sub("", parts.path).rstrip("/")
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def _split(written: str) -> SplitResult:
    try:
        parts = urlsplit(written)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(
            "is not a web address such as https://mycompany.ucontactcloud.com"
        ) from error
    if parts.scheme not in {"http", "https"} or not has_host or re.search(r"\s", written):
        raise ValueError("is not a web address such as https://mycompany.ucontactcloud.com")
    return parts


def is_loopback(host: str) -> bool:
    """The host is this machine, so that nothing leaves it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
