"""Who asks, and by which scheme, where a reverse proxy stands between."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from bulk_loader.hosts import address_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Scope

    from bulk_loader.desk.reach import Network


@dataclass(frozen=True, slots=True)
class Asker:
    """Whom a request comes from.

    Attributes:
        address: of the browser's machine, as far as it can be believed.
        scheme: that the browser used.
    """

    address: str
    scheme: str


def asker_of(scope: Scope, proxies: Sequence[Network]) -> Asker:
    """Whom a request comes from.

    What `X-Forwarded-For` and `X-Forwarded-Proto` say counts only where the connection is that of
    one of the proxies. Of a list the last is what that proxy itself has seen; what stands before it
    is anybody's word, unless it is one of the proxies again.
    """
    peer, scheme = (scope["client"] or ("", 0))[0], scope["scheme"]
    if not _is_proxy(peer, proxies):
        return Asker(peer, scheme)
    if (said := _said(scope, b"x-forwarded-proto")) and said[-1].lower() in ("http", "https"):
        scheme = said[-1].lower()
    address = peer
    for said_address in reversed(_said(scope, b"x-forwarded-for")):
        try:
            address = str(ip_address(said_address))
        except ValueError:
            break
        if not _is_proxy(address, proxies):
            break
    return Asker(address, scheme)


def _is_proxy(address: str, proxies: Sequence[Network]) -> bool:
    found = address_of(address)
    return found is not None and any(found in network for network in proxies)


def _said(scope: Scope, name: bytes) -> list[str]:
    texts = (value.decode("latin-1") for given, value in scope["headers"] if given == name)
    return [part.strip() for part in ",".join(texts).split(",") if part.strip()]
