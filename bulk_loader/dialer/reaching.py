"""Whether a dialer can be reached: its name, a connection and TLS, and nothing is asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from bulk_loader.dialer.obstacles import not_sent
from bulk_loader.dialer.route import find_route
from bulk_loader.dialer.transport import KeepAliveTransport

if TYPE_CHECKING:
    from bulk_loader.dialer.client import Address


async def reach(address: Address) -> str:
    """Connect, and hang up; who was reached: the dialer, or the proxy before it.

    Raises:
        NotSentError: there is no connection to be had; an UnreachableError where none will be.
        SettingsError: there is no route to find; see `find_route`.
    """
    url = httpx.URL(address.base_url)
    route = address.route or find_route(address.base_url)
    goal = url if route.proxy is None else route.proxy.url
    transport = KeepAliveTransport(route.trust)
    try:
        connection = await transport.connect(goal, address.timeouts.connect_s)
    except httpx.HTTPError as error:
        raise not_sent(error, url.raw_host.decode("ascii"), route) from error
    connection.close()
    return "the dialer" if route.proxy is None else f"the proxy {route.proxy.url}"
