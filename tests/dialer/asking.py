"""Requests over real sockets on loopback, through each of the ways that there are."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from bulk_loader.codes import OutcomeCode
from bulk_loader.dialer.answers import Answer
from bulk_loader.dialer.client import Address, DialerClient, Timeouts
from bulk_loader.dialer.route import Route
from bulk_loader.dialer.sessions import Credentials
from bulk_loader.model import Status
from tests.support.faulty_dialer import FaultyDialer, Reaction
from tests.support.forward_proxy import ForwardProxy
from tests.support.tls import client_context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.faults import Turns

BODY = b'call={"destination": "0991"}'
LOST = Answer(Status.UNKNOWN, OutcomeCode.CONNECTION_LOST)
ACCEPTED = Answer(Status.ACCEPTED)

OURS_AND_ANOTHERS = pytest.mark.parametrize("transport", ["own", "httpx"])
TRANSPORTS = pytest.mark.parametrize("transport", ["own", "httpx", "proxy", "tunnel"])
"""Our own connections, a transport of httpx as it comes, and a proxy without and with TLS."""


@asynccontextmanager
async def client(
    url: str, transport: str = "own", timeouts: Timeouts | None = None
) -> AsyncIterator[DialerClient]:
    """A client of a dialer on loopback."""
    with ExitStack() as stack:
        base_url, route = url, Route()
        if transport in {"proxy", "tunnel"}:
            proxy = stack.enter_context(ForwardProxy(url))
            base_url = f"{'http' if transport == 'proxy' else 'https'}://dialer.example"
            route = Route(httpx.Proxy(proxy.url), "HTTPS_PROXY", client_context())
        address = Address(base_url, Credentials("token-0"), timeouts or Timeouts(), route=route)
        chosen = httpx.AsyncHTTPTransport() if transport == "httpx" else None
        async with DialerClient(address, chosen) as opened:
            yield opened


async def answers(
    reactions: Reaction | Turns, transport: str = "own", times: int = 1
) -> tuple[list[Answer], FaultyDialer]:
    """What is told of some requests, one after the other."""
    with FaultyDialer({"0991": reactions}) as dialer:
        async with client(dialer.url, transport) as opened:
            return [await opened.send(BODY) for _ in range(times)], dialer


async def one_received(dialer: FaultyDialer) -> None:
    """Wait until the dialer, which lives in a thread of its own, has read a request."""
    while not dialer.received:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
