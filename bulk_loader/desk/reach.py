"""Where a desk is reached: its address, its names, and what stands before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.hosts import address_of, canonical_host, is_loopback
from bulk_loader.serving.listening import HOST

if TYPE_CHECKING:
    from pathlib import Path

Network = IPv4Network | IPv6Network

USUAL_ROOT = "/desk"
"""Where a desk with a password is; one without has a place that nobody can guess."""

_ROOT = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+")


@dataclass(frozen=True, slots=True)
class Reach:
    """Who can reach a desk, and how.

    Attributes:
        host: the address that is listened on.
        host_names: names, besides the address itself, by which browsers ask for it.
        root_path: the first part of every address, as a reverse proxy passes it on; "" for the
            usual one.
        proxies: networks whose word is taken for whom they ask and whether by HTTPS.
        tls_cert, tls_key: files in PEM; None for HTTP, and of the key where both are in one file.

    Raises:
        SettingsError: one of them is wrong.
    """

    host: str = HOST
    host_names: tuple[str, ...] = ()
    root_path: str = ""
    proxies: tuple[str, ...] = ()
    tls_cert: Path | None = None
    tls_key: Path | None = None

    def __post_init__(self) -> None:
        _canonical("--host", self.host)
        for name in self.host_names:
            _canonical("--host-name", name)
        for proxy in self.proxies:
            _network(proxy)
        if self.root_path and _ROOT.fullmatch(self.root_path.rstrip("/")) is None:
            raise _wrong(
                f"a --root-path of {self.root_path}",
                "It is a path of letters, digits and - _ . ~ that begins with a stroke.",
                "Give, for example: --root-path /desk",
            )
        if self.tls_key is not None and self.tls_cert is None:
            raise _wrong(
                "a --tls-key alone", "A key is of no use without its certificate.", "Add --tls-cert"
            )

    @property
    def is_of_others(self) -> bool:
        """Others than who sits at this machine are meant to reach it."""
        beyond = self.host_names or self.root_path or self.proxies
        return bool(beyond) or not is_loopback(_canonical("--host", self.host))

    @property
    def is_bare(self) -> bool:
        """What goes to it over a network can be read there."""
        return self.tls_cert is None and not is_loopback(_canonical("--host", self.host))

    @property
    def is_everywhere(self) -> bool:
        """It has no name, and is listened for on all addresses: none of them is the one to print."""
        address = address_of(_canonical("--host", self.host))
        return not self.host_names and address is not None and address.is_unspecified

    @property
    def scheme(self) -> str:
        """By which it is asked."""
        return "http" if self.tls_cert is None else "https"

    @property
    def shown_host(self) -> str:
        """The host of the address that is printed: its first name, unless a proxy has the names."""
        if self.host_names and not self.proxies:
            return written(_canonical("--host-name", self.host_names[0]))
        return written(_canonical("--host", self.host))

    @property
    def root(self) -> str:
        """The first part of every address of a desk with a password."""
        return self.root_path.rstrip("/") or USUAL_ROOT

    @property
    def names(self) -> frozenset[str]:
        """The names in one spelling, as a Host header has them."""
        return frozenset(written(_canonical("--host-name", name)) for name in self.host_names)

    @property
    def networks(self) -> tuple[Network, ...]:
        """Where proxies are."""
        return tuple(_network(proxy) for proxy in self.proxies)


def written(host: str) -> str:
    """A canonical host as an address of the web has it."""
    return f"[{host}]" if ":" in host else host


def own_names(listened_on: str) -> frozenset[str]:
    """Hosts by which a machine is asked for at one of its addresses, without any name of ours."""
    address = address_of(listened_on)
    if address is None:
        return frozenset()
    own = frozenset({written(str(address))})
    return own | {"localhost"} if address.is_loopback else own


def _canonical(option: str, host: str) -> str:
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        return canonical_host(bare)
    except ValueError as error:
        raise _wrong(
            f"a {option} of {host}",
            "That is no name or address of a host.",
            f"Give it without a scheme and a port, such as: {option} desk.example.com",
        ) from error


def _network(proxy: str) -> Network:
    try:
        return ip_network(proxy)
    except ValueError as error:
        raise _wrong(
            f"a --trust-proxy of {proxy}",
            "That is no address, and no network such as 10.0.0.0/24.",
            "Give the address that the proxy asks from: --trust-proxy 127.0.0.1",
        ) from error


def _wrong(what: str, why: str, remedy: str) -> SettingsError:
    return SettingsError(f"The desk can't start with {what}.", why, remedy)
