"""What keeps a request from leaving: which obstacles may pass, and which want mending."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from bulk_loader.dialer.answers import NotSentError, UnreachableError
from bulk_loader.dialer.client import Address, DialerClient, Timeouts
from bulk_loader.dialer.obstacles import not_sent
from bulk_loader.dialer.route import Route
from bulk_loader.dialer.sessions import Credentials
from tests.support.faulty_dialer import FaultyDialer
from tests.support.forward_proxy import ForwardProxy
from tests.support.tls import client_context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

TOKEN = Credentials("token-0")
LOGIN = Credentials(user="ana", password="secret")
BODY = b"call=%7B%7D"
NOBODY_TRUSTED = Route(trust=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
PROXY = Route(httpx.Proxy("http://proxy.example:3128"), "HTTPS_PROXY", client_context())
TRANSPORTS = pytest.mark.parametrize("transport", ["own", "httpx"])


@pytest.fixture
def proxy() -> Iterator[ForwardProxy]:
    """A proxy before a dialer, with TLS at the end of its tunnel."""
    with FaultyDialer() as dialer, ForwardProxy(dialer.url) as started:
        yield started
    assert dialer.received == []


async def obstacle(
    url: str,
    route: Route,
    transport: str = "own",
    credentials: Credentials = TOKEN,
) -> NotSentError:
    """What one request is kept back by."""
    address = Address(url, credentials, Timeouts(connect_s=5), route=route)
    chosen = httpx.AsyncHTTPTransport(verify=route.trust or True) if transport == "httpx" else None
    async with DialerClient(address, chosen) as client:
        with pytest.raises(NotSentError) as caught:
            await client.send(BODY)
    return caught.value


@asynccontextmanager
async def answering(reply: bytes) -> AsyncIterator[int]:
    """The port of a server that answers the same to whatever is said."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(reply)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@TRANSPORTS
@pytest.mark.parametrize("credentials", [TOKEN, LOGIN], ids=["token", "login"])
async def test_a_certificate_that_nobody_vouches_for_wants_mending(
    proxy: ForwardProxy, transport: str, credentials: Credentials
) -> None:
    """Whose it is, why it is not trusted, and where to name who vouches for it."""
    found = await obstacle(proxy.tls_url, NOBODY_TRUSTED, transport, credentials)
    assert isinstance(found, UnreachableError)
    assert str(found).startswith("the certificate of localhost is not trusted: ")
    assert "--instance or --url" in found.advice
    assert "--ca-file" in found.advice


async def test_a_certificate_for_another_name_wants_mending(proxy: ForwardProxy) -> None:
    """Also where it comes through the tunnel of a proxy."""
    route = Route(httpx.Proxy(proxy.url), "HTTPS_PROXY", client_context())
    found = await obstacle("https://other.example", route)
    assert isinstance(found, UnreachableError)
    assert "other.example is not trusted: Hostname mismatch" in str(found)


@TRANSPORTS
async def test_a_server_without_tls_wants_mending(transport: str) -> None:
    """An answer that is not TLS will not become TLS."""
    async with answering(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as port:
        found = await obstacle(f"https://127.0.0.1:{port}", Route(), transport)
    assert isinstance(found, UnreachableError)
    assert str(found) == "what answers at 127.0.0.1 does not speak TLS"
    assert "--url" in found.advice


@pytest.fixture
def resolver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that says the same of every name; there is no network in a test."""

    async def look_up(*_: object, **__: object) -> None:
        raise socket.gaierror(request.param, "as the resolver says")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", look_up)


@TRANSPORTS
@pytest.mark.usefixtures("resolver")
@pytest.mark.parametrize("resolver", [socket.EAI_NONAME, socket.EAI_FAIL], indirect=True)
async def test_a_name_that_nobody_knows_wants_mending(transport: str) -> None:
    """It names the host, and where it was given."""
    found = await obstacle("https://my-company.example", Route(), transport)
    assert isinstance(found, UnreachableError)
    assert str(found) == "there is no host named my-company.example"
    assert "--instance or --url" in found.advice


@pytest.mark.usefixtures("resolver")
@pytest.mark.parametrize("resolver", [socket.EAI_NONAME], indirect=True)
async def test_where_a_proxy_is_not_known_the_dialer_is_not_suspected() -> None:
    """The proxy looks up the dialer; only its own name is looked up here."""
    found = await obstacle("https://dialer.example", PROXY)
    assert isinstance(found, UnreachableError)
    assert str(found) == "there is no host named proxy.example"
    assert found.advice == "Check the proxy in HTTPS_PROXY."


@TRANSPORTS
@pytest.mark.usefixtures("resolver")
@pytest.mark.parametrize("resolver", [socket.EAI_AGAIN], indirect=True)
async def test_a_resolver_that_can_not_be_asked_may_be_soon(transport: str) -> None:
    """A machine that has just started has no network yet."""
    found = await obstacle("https://my-company.example", Route(), transport)
    assert not isinstance(found, UnreachableError)
    assert "as the resolver says" in str(found)


async def test_a_proxy_that_asks_who_is_there_wants_mending() -> None:
    """It will go on asking; the variable that names it can tell."""
    async with answering(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n") as port:
        route = Route(
            httpx.Proxy(f"http://ana:s3cret@127.0.0.1:{port}"), "HTTPS_PROXY", client_context()
        )
        found = await obstacle("https://dialer.example", route)
    assert isinstance(found, UnreachableError)
    assert "407" in str(found)
    assert "HTTPS_PROXY" in found.advice
    assert "s3cret" not in f"{found!r} {found.advice}"


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("Connection refused"),
        httpx.ConnectTimeout("slow"),
        httpx.PoolTimeout("full"),
        httpx.ProxyError("502 Bad Gateway"),
    ],
)
def test_what_may_pass_is_no_more_than_not_sent(error: httpx.TransportError) -> None:
    """The dialer, or what is before it, may be restarting."""
    found = not_sent(error, "dialer.example", Route())
    assert (type(found), str(found)) == (NotSentError, str(error))
