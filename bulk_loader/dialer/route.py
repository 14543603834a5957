"""The way to a dialer as this machine's environment gives it: through a proxy, trusting whom.

All of it is found before a run begins, so that what is wrong with it is told as a setting.
"""

from __future__ import annotations

import os
import urllib.request
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import httpx

from bulk_loader.dialer.trust import trusted_certificates
from bulk_loader.errors import SettingsError
from bulk_loader.hosts import canonical_host, is_loopback

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

_SOCKS = frozenset({"socks5", "socks5h"})
_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Route:
    """How requests get to a dialer.

    Attributes:
        proxy: None to go straight there; its `url` is without credentials, and may be shown.
        named_by: where the proxy is named, such as HTTPS_PROXY; "" without one.
        trust: certificates that are believed; None where the transport is to find them itself.
    """

    proxy: httpx.Proxy | None = None
    named_by: str = ""
    trust: ssl.SSLContext | None = None


def find_route(base_url: str, ca_file: Path | None = None) -> Route:
    """What environment and system say of the way to a dialer; nothing is connected.

    Args:
        ca_file: certificates of the only authorities that are believed; None for the usual ones.

    Raises:
        SettingsError: the proxy that is named can't be used, or the certificates can't be read.
    """
    url = httpx.URL(base_url)
    named = _named_proxy(url)
    if named is None:
        return Route(trust=trusted_certificates(ca_file) if url.scheme == "https" else None)
    written, named_by = named
    trust = trusted_certificates(ca_file)
    return Route(_parse_proxy(written, named_by, trust), named_by, trust)


def _named_proxy(url: httpx.URL) -> tuple[str, str] | None:
    """The proxy for an address as it is written, and where; never for this machine.

    No proxy leads to this machine, where the sandbox is.
    """
    if is_loopback(url.raw_host.decode("ascii")) or any(
        map(urllib.request.proxy_bypass, _names(url))
    ):
        return None
    proxies = urllib.request.getproxies()
    for kind in (url.scheme, "all"):
        if written := proxies.get(kind):
            return written, _naming_variable(kind, written)
    return None


def _names(url: httpx.URL) -> list[str]:
    """How NO_PROXY may write a host: alone, or with its port."""
    host = url.raw_host.decode("ascii")
    hosts = [host, f"[{host}]"] if ":" in host else [host]
    port = url.port or (443 if url.scheme == "https" else 80)
    return [*hosts, *(f"{name}:{port}" for name in hosts)]


def _naming_variable(kind: str, written: str) -> str:
    """The environment's variables count in either case; elsewhere the system has settings."""
    names = (name for name in os.environ if name.lower() == f"{kind}_proxy")
    found = next((name for name in names if os.environ[name] == written), None)
    return found or "the system's settings"


def _parse_proxy(written: str, named_by: str, trust: ssl.SSLContext) -> httpx.Proxy:
    address = written if "://" in written else f"http://{written}"
    try:
        proxy = httpx.Proxy(address)
        canonical_host(proxy.url.raw_host.decode("ascii"))
        is_address = (proxy.url.port or 1) <= _LAST_PORT
    except (httpx.InvalidURL, ValueError):  # a UnicodeError and what idna raises are ValueErrors
        is_address = False
    if not is_address:
        raise SettingsError(
            f"The proxy {_shown(written)} can't be used.",
            f"{named_by} names it. A proxy has an address such as http://proxy.example:3128, "
            "which begins with http, https or socks5.",
            f"Correct {_way_out(named_by)}",
        )
    if proxy.url.scheme in _SOCKS and find_spec("socksio") is None:
        raise SettingsError(
            f"The proxy {proxy.url} can't be used.",
            f"{named_by} names it, and SOCKS needs the package socksio, which is not installed.",
            f'Install it: pip install "httpx[socks]". Or correct {_way_out(named_by)}',
        )
    # The context is refused for a proxy that is not spoken to with TLS.
    return httpx.Proxy(address, ssl_context=trust) if proxy.url.scheme == "https" else proxy


def _shown(written: str) -> str:
    """A proxy that can't be parsed; before an @ stands what nobody should read."""
    return "in the environment" if "@" in written else "".join(filter(str.isprintable, written))


def _way_out(named_by: str) -> str:
    return f"{named_by}, or add the dialer's host to NO_PROXY to go there without a proxy."
