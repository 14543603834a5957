"""Over real sockets, through our own connections and through httpx's: the same is told."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING

import httpx
import pytest

from bulk_loader.dialer import connection
from bulk_loader.dialer.answers import Answer, NotSentError, WrongAddressError
from bulk_loader.dialer.client import Address, DialerClient, Timeouts
from bulk_loader.dialer.posting import MAX_HEADS, DirectPoster
from bulk_loader.dialer.sessions import Credentials
from bulk_loader.dialer.transport import KeepAliveTransport
from bulk_loader.dialer.wire import TASK_PATH
from bulk_loader.model import Status
from tests.faults import Cut, answer
from tests.faulty_dialer import Fault, FaultyDialer, Reaction

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.faults import Turns

BODY = b'call={"destination": "0991"}'
LOST = Answer(Status.UNKNOWN, "connection_lost")
ACCEPTED = Answer(Status.ACCEPTED)

TRANSPORTS = pytest.mark.parametrize("transport", ["own", "httpx"])


@asynccontextmanager
async def client(
    url: str, transport: str = "own", timeouts: Timeouts | None = None
) -> AsyncIterator[DialerClient]:
    """A client of a dialer on loopback."""
    address = Address(url, Credentials("token-0"), timeouts or Timeouts())
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


UNKNOWN_FAULTS = {
    "half a head": Fault.HALF_HEAD,
    "half a body": Fault.HALF_BODY,
    "half of the chunks": Fault.HALF_CHUNKS,
    "closed": Fault.CLOSE_AFTER_RECORDING,
    "reset": Fault.RESET_AFTER_RECORDING,
    "not HTTP": Fault.NOT_HTTP,
    "a reset before the end": Reaction(b"HTTP/1.1 200 OK\r\n\r\n1", cut=Cut.RESET),
    "headers without end": Reaction(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20_000),
    "two lengths": Reaction(
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n10", cut=Cut.CLOSE
    ),
    "another protocol": Reaction(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n1",
        cut=Cut.CLOSE,
    ),
}


@TRANSPORTS
@pytest.mark.parametrize("fault", UNKNOWN_FAULTS.values(), ids=UNKNOWN_FAULTS.keys())
async def test_what_is_not_wholly_an_answer_is_unknown(fault: Reaction, transport: str) -> None:
    """However it ends after the request was written, and it is posted once only."""
    (told,), dialer = await answers(fault, transport)
    assert told.status is Status.UNKNOWN
    assert len(dialer.received) == 1


ACCEPTING = {
    "a length": Fault.ACCEPT,
    "chunks": Fault.CHUNKED_ONE,
    "white space": Fault.SPACED_ONE,
    "until the end": Reaction(b"HTTP/1.0 200 OK\r\n\r\n1", records=True, cut=Cut.CLOSE),
    "after a hint": Reaction(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer(200, "1")),
    "after a go-ahead": Reaction(b"HTTP/1.1 100 Continue\r\n\r\n" + answer(200, "1")),
    "closing": Fault.ACCEPT_SAYING_CLOSE,
    "slowly": Fault.dripping(0.001),
}


@TRANSPORTS
@pytest.mark.parametrize("reaction", ACCEPTING.values(), ids=ACCEPTING.keys())
async def test_an_answer_may_be_framed_in_any_way(reaction: Reaction, transport: str) -> None:
    """Length, chunks, or the end of the connection; the next request gets its own answer."""
    told, dialer = await answers(reaction, transport, times=3)
    assert told == [ACCEPTED] * 3
    assert len(dialer.received) == 3


@TRANSPORTS
async def test_a_connection_is_used_again(transport: str) -> None:
    """Ten requests, one after the other, go over one connection."""
    told, dialer = await answers(Fault.ACCEPT, transport, times=10)
    assert told == [ACCEPTED] * 10
    assert {request.connection for request in dialer.received} == {1}


@pytest.mark.parametrize(
    "more", [answer(200, "1"), b"HTTP/1.1 200 OK\r\nContent-Le", b"H", b"garbage"]
)
async def test_bytes_after_an_answer_are_never_taken_for_the_next(more: bytes) -> None:
    """Whole, half or nonsense: the next request goes over another connection."""
    twice = Reaction(answer(200, "1") + more).then(Fault.ZERO)
    told, dialer = await answers(twice, times=2)
    assert told == [ACCEPTED, Answer(Status.REJECTED, "answered_0")]
    assert [request.connection for request in dialer.received] == [1, 2]


async def test_bytes_that_nobody_asked_for_end_a_connection() -> None:
    """Also where they come while it is idle."""
    late = Reaction(answer(200, "1")).then(Fault.ZERO)
    with FaultyDialer({"0991": late}) as dialer:
        async with client(dialer.url) as opened:
            assert await opened.send(BODY) == ACCEPTED
            idle = opened._poster._transport._idle[0]  # type: ignore[attr-defined]
            idle.data_received(answer(200, "1"))
            assert (await opened.send(BODY)).status is Status.REJECTED


async def test_a_connection_that_was_idle_for_long_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What lies between may have forgotten it, and then nobody would know of the request."""
    with FaultyDialer() as dialer:
        async with client(dialer.url) as opened:
            assert await opened.send(BODY) == ACCEPTED
            monkeypatch.setattr(connection, "LONGEST_IDLE_S", 0.0)
            assert await opened.send(BODY) == ACCEPTED
    assert [request.connection for request in dialer.received] == [1, 2]


@TRANSPORTS
@pytest.mark.parametrize("status", [200, 404])
async def test_an_answer_without_end_is_cut_off(status: int, transport: str) -> None:
    """A megabyte is no answer, and outside 2xx the status is one all the same."""
    reaction = Reaction(answer(status, "x" * 1_000_000))
    if status == 200:
        (told,), _ = await answers(reaction, transport)
        assert told == Answer(Status.UNKNOWN, "answer_too_long", "200")
    else:
        with pytest.raises(WrongAddressError):
            await answers(reaction, transport)


@TRANSPORTS
@pytest.mark.parametrize("reaction", [Fault.NEVER_AFTER_RECORDING, Fault.dripping(0.01)])
async def test_an_answer_that_does_not_end_in_time_is_unknown(
    reaction: Reaction, transport: str
) -> None:
    """Neither silence nor a byte now and then holds a request for ever."""
    timeouts = Timeouts(connect_s=0.05, write_s=0.05, read_s=0.05, pool_s=0.05)
    with FaultyDialer(otherwise=reaction) as dialer:
        async with client(dialer.url, transport, timeouts) as opened:
            assert await opened.send(BODY) == Answer(Status.UNKNOWN, "read_timeout")
    assert len(dialer.recorded) == 1


def free_port() -> int:
    """One where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port: int = server.getsockname()[1]
        return port


@TRANSPORTS
@pytest.mark.parametrize("host", ["http://127.0.0.1", "http://no-such-host.invalid"])
async def test_what_cannot_be_reached_was_not_sent(host: str, transport: str) -> None:
    """A refused port and a name that nobody knows, with a reason in words."""
    async with client(f"{host}:{free_port()}", transport) as opened:
        with pytest.raises(NotSentError, match=r"\w+"):
            await opened.send(BODY)


@TRANSPORTS
async def test_a_server_without_tls_was_not_sent_anything(transport: str) -> None:
    """The handshake fails before the request, and the token, is written."""
    with FaultyDialer() as dialer:
        url = dialer.url.replace("http://", "https://")
        async with client(url, transport, Timeouts(connect_s=0.1)) as opened:
            with pytest.raises(NotSentError):
                await opened.send(BODY)
    assert dialer.received == []


async def test_connections_that_were_slow_to_open_were_not_sent_anything() -> None:
    """A full queue of a server that accepts nobody."""
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        port = server.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        await asyncio.sleep(0.01)
        async with client(f"http://127.0.0.1:{port}", timeouts=Timeouts(connect_s=0.05)) as opened:
            with pytest.raises(NotSentError, match="too long"):
                await opened.send(BODY)
        for one in waiting:
            one.close()


async def one_received(dialer: FaultyDialer) -> None:
    """Wait until the dialer, which lives in a thread of its own, has read a request."""
    while not dialer.received:  # noqa: ASYNC110
        await asyncio.sleep(0.001)


async def test_our_connections_are_a_transport_of_httpx_too() -> None:
    """They can be put wherever httpx takes one; what is too long is an error there."""
    turns = Fault.ACCEPT.then(Reaction(answer(200, "x" * 100_000)))
    with FaultyDialer({"0991": turns}) as dialer:
        address = Address(dialer.url, Credentials("token-0"))
        async with DialerClient(address, KeepAliveTransport()) as opened:
            assert await opened.send(BODY) == ACCEPTED
            assert await opened.send(BODY) == LOST


async def test_a_request_that_cannot_be_written_in_time_is_unknown() -> None:
    """A server that does not read gets a part of it, and nobody knows which."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        async with client(url, timeouts=Timeouts(write_s=0.01)) as opened:
            assert await opened.send(b"x" * 30_000_000) == LOST


async def test_many_tokens_take_no_memory() -> None:
    """What is made once for a token is forgotten with it."""
    with FaultyDialer() as dialer:
        poster = DirectPoster(dialer.url, httpx.Timeout(5))
        async with poster:
            for number in range(3 * MAX_HEADS):
                assert (await poster.post(TASK_PATH, f"Basic {number}", BODY)).status == 200
            assert len(poster._heads) <= MAX_HEADS + 1


@TRANSPORTS
async def test_a_cancelled_request_spoils_no_other(transport: str) -> None:
    """Its answer, which comes later, is nobody's."""
    slow = Fault.ACCEPT.after(0.2).then(Fault.ZERO)
    with FaultyDialer({"0991": slow}) as dialer:
        async with client(dialer.url, transport) as opened:
            request = asyncio.create_task(opened.send(BODY))
            await one_received(dialer)
            request.cancel()
            with pytest.raises(asyncio.CancelledError):
                await request
            assert (await opened.send(BODY)).status is Status.REJECTED


@TRANSPORTS
async def test_closing_the_client_ends_what_is_under_way(transport: str) -> None:
    """Nothing is left behind in the event loop."""
    with FaultyDialer(otherwise=Fault.NEVER) as dialer:
        async with client(dialer.url, transport) as opened:
            request = asyncio.create_task(opened.send(BODY))
            await one_received(dialer)
        if transport == "httpx":
            request.cancel()
            await asyncio.gather(request, return_exceptions=True)
        else:
            assert await request == LOST
