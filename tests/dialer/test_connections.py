"""Over real sockets, through our own connections and through httpx's: the same is told."""

from __future__ import annotations

import asyncio
import socket
from contextlib import closing
from typing import Any

import httpx
import pytest

from bulk_loader.codes import OutcomeCode
from bulk_loader.dialer import connection
from bulk_loader.dialer.answers import (
    REJECTED,
    Answer,
    DialerRefusedError,
    NotSentError,
    ThrottledError,
    WrongAddressError,
)
from bulk_loader.dialer.client import Address, DialerClient, Timeouts
from bulk_loader.dialer.sessions import Credentials
from bulk_loader.dialer.transport import KeepAliveTransport
from bulk_loader.dialer.wire import TASK_PATH
from bulk_loader.model import Status
from tests.dialer.asking import (
    ACCEPTED,
    BODY,
    LOST,
    OURS_AND_ANOTHERS,
    TRANSPORTS,
    answers,
    client,
    one_received,
)
from tests.support.faults import Cut, answer
from tests.support.faulty_dialer import Fault, FaultyDialer, Reaction

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
    ),
    "another protocol without a name": Reaction(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"),
    "another protocol, and an answer": Reaction(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
        + answer(200, "1")
    ),
    "announcements alone": Reaction(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 199 Soon\r\n\r\n", cut=Cut.CLOSE
    ),
    "an announcement with a body": Reaction(
        b"HTTP/1.1 103 Early Hints\r\nContent-Length: 1\r\n\r\n1", cut=Cut.CLOSE
    ),
}


@TRANSPORTS
@pytest.mark.parametrize("fault", UNKNOWN_FAULTS.values(), ids=UNKNOWN_FAULTS.keys())
async def test_what_is_not_wholly_an_answer_is_unknown(
    fault: Reaction, transport: str, caplog: pytest.LogCaptureFixture
) -> None:
    """However it ends after the request was written, it is posted once only, over its own connection.

    Nor is it a fault of the program, of which the event loop would complain.
    """
    told, dialer = await answers(fault.then(Fault.ZERO), transport, times=2)
    assert [answer.status for answer in told] == [Status.UNKNOWN, Status.REJECTED]
    assert [request.connection for request in dialer.received] == [1, 2]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


UNCLEAR = Status.UNKNOWN
MEANINGS: dict[str, Status | type[Exception]] = {
    "ACCEPT": Status.ACCEPTED,
    "ZERO": Status.REJECTED,
    "SPACED_ONE": Status.ACCEPTED,
    "CHUNKED_ONE": Status.ACCEPTED,
    "EMPTY_BODY": UNCLEAR,
    "HTML_PAGE": UNCLEAR,
    "OTHER_BODY": UNCLEAR,
    "NOT_HTTP": UNCLEAR,
    "HALF_HEAD": UNCLEAR,
    "HALF_BODY": UNCLEAR,
    "HALF_CHUNKS": UNCLEAR,
    "CLOSE_AFTER_READING": UNCLEAR,
    "RESET_AFTER_READING": UNCLEAR,
    "CLOSE_AFTER_RECORDING": UNCLEAR,
    "RESET_AFTER_RECORDING": UNCLEAR,
    "ACCEPT_THEN_CLOSE": Status.ACCEPTED,
    "ACCEPT_SAYING_CLOSE": Status.ACCEPTED,
    "THROTTLED": ThrottledError,
    "UNAVAILABLE": UNCLEAR,
    "SERVER_ERROR": UNCLEAR,
    "BAD_GATEWAY": UNCLEAR,
    "GATEWAY_TIMEOUT": UNCLEAR,
    "UNAUTHORIZED": DialerRefusedError,
    "FORBIDDEN": DialerRefusedError,
    "BAD_REQUEST": Status.REJECTED,
    "NOT_FOUND": WrongAddressError,
    "METHOD_NOT_ALLOWED": WrongAddressError,
    "UNSUPPORTED_MEDIA": WrongAddressError,
}


def named_faults() -> dict[str, Reaction]:
    """All that end by themselves and leave the dialer standing."""
    return {
        name: fault
        for name, fault in vars(Fault).items()
        if isinstance(fault, Reaction) and not fault.goes_down and fault.wait_s == 0
    }


async def outcome(opened: DialerClient) -> Status | type[Exception]:
    """What one request comes to."""
    try:
        return (await opened.send(BODY)).status
    except (ThrottledError, DialerRefusedError, WrongAddressError) as error:
        return type(error)


@TRANSPORTS
@pytest.mark.parametrize("name", named_faults())
async def test_every_fault_means_the_same_on_every_way(name: str, transport: str) -> None:
    """It falls on the request that met it, and the next two get their own answers."""
    turns = named_faults()[name].then(Fault.ZERO).then(Fault.ACCEPT)
    with FaultyDialer({"0991": turns}) as dialer:
        async with client(dialer.url, transport) as opened:
            told = [await outcome(opened)]
            while len(told) < 3:
                following = await outcome(opened)
                # Whether a closing server is noticed in time is chance; where not, it is a doubt.
                if name != "ACCEPT_THEN_CLOSE" or following is not UNCLEAR:
                    told.append(following)
    assert told == [MEANINGS[name], Status.REJECTED, Status.ACCEPTED]


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
async def test_a_connection_is_used_again_where_surplus_bytes_are_seen(transport: str) -> None:
    """Ten requests go over one connection of ours, and over ten of any other transport."""
    told, dialer = await answers(Fault.ACCEPT, transport, times=10)
    assert told == [ACCEPTED] * 10
    connections = [request.connection for request in dialer.received]
    assert connections == ([1] * 10 if transport == "own" else list(range(1, 11)))


SURPLUS = {
    "the same once more": answer(200, "1"),
    "another answer": answer(200, "1") + answer(500),
    "half an answer": b"HTTP/1.1 200 OK\r\nContent-Le",
    "one letter": b"H",
    "nonsense": b"garbage",
    "line breaks": b"\r\n\r\n",
    "a longer body": b"1",
}


@TRANSPORTS
@pytest.mark.parametrize("more", SURPLUS.values(), ids=SURPLUS.keys())
async def test_bytes_after_an_answer_are_never_taken_for_the_next(
    more: bytes, transport: str
) -> None:
    """Whole, half or nonsense: the next request gets its own answer, and so on."""
    one, zero = Reaction(answer(200, "1") + more), Reaction(answer(200, "0") + more)
    turns = one.then(zero).then(one).then(zero)
    told, dialer = await answers(turns, transport, times=4)
    assert told == [ACCEPTED, REJECTED, ACCEPTED, REJECTED]
    assert len(dialer.received) == 4


class Headstrong(httpx.AsyncHTTPTransport):
    """Asks for connections to be kept, whatever it is told."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["Connection"] = "keep-alive"
        return await super().handle_async_request(request)


async def test_a_transport_that_keeps_connections_can_not_mix_up_answers() -> None:
    """Even then no request goes over a connection that another went over."""
    twice = Reaction(answer(200, "1") * 2, records=True).then(Fault.ZERO)
    with FaultyDialer({"0991": twice}) as dialer:
        address = Address(dialer.url, Credentials("token-0"))
        async with DialerClient(address, Headstrong()) as opened:
            assert [await opened.send(BODY) for _ in range(3)] == [ACCEPTED, REJECTED, REJECTED]
        assert [request.connection for request in dialer.received] == [1, 2, 3]


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
        assert told == Answer(Status.UNKNOWN, OutcomeCode.ANSWER_TOO_LONG, "200")
    else:
        with pytest.raises(WrongAddressError):
            await answers(reaction, transport)


@TRANSPORTS
@pytest.mark.parametrize(
    "reaction",
    [Fault.NEVER_AFTER_RECORDING, Reaction(answer(200, "1" * 400), records=True, drip_s=0.03)],
    ids=["silence", "drops"],
)
async def test_an_answer_that_does_not_end_in_time_is_unknown(
    reaction: Reaction, transport: str
) -> None:
    """Neither silence nor a byte now and then holds a request for ever."""
    timeouts = Timeouts(connect_s=1, write_s=0.2, read_s=0.05, pool_s=0.2)
    with FaultyDialer(otherwise=reaction) as dialer:
        async with client(dialer.url, transport, timeouts) as opened:
            assert await opened.send(BODY) == Answer(Status.UNKNOWN, OutcomeCode.READ_TIMEOUT)
        # A busy machine lets the dialer read what was written only now.
        await one_received(dialer)
    assert len(dialer.received) == 1


def free_port() -> int:
    """One where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port: int = server.getsockname()[1]
        return port


@OURS_AND_ANOTHERS
@pytest.mark.parametrize("host", ["http://127.0.0.1", "http://no-such-host.invalid"])
async def test_what_cannot_be_reached_was_not_sent(host: str, transport: str) -> None:
    """A refused port and a name that nobody knows, with a reason in words."""
    async with client(f"{host}:{free_port()}", transport) as opened:
        with pytest.raises(NotSentError, match=r"\w+"):
            await opened.send(BODY)


@OURS_AND_ANOTHERS
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


async def test_our_connections_can_be_put_in_anothers_place() -> None:
    """A transport that is given gets one request a connection, ours too."""
    turns = Fault.ACCEPT.then(Reaction(answer(200, "x" * 100_000)))
    with FaultyDialer({"0991": turns}) as dialer:
        address = Address(dialer.url, Credentials("token-0"))
        async with DialerClient(address, KeepAliveTransport()) as opened:
            assert await opened.send(BODY) == ACCEPTED
            assert (await opened.send(BODY)).status is Status.UNKNOWN
        assert [request.connection for request in dialer.received] == [1, 2]


async def test_our_connections_serve_a_client_of_httpx() -> None:
    """They are what they say they are: a transport."""
    with FaultyDialer() as dialer:
        async with httpx.AsyncClient(transport=KeepAliveTransport()) as asking:
            told = await asking.post(dialer.url + TASK_PATH, content=BODY)
    assert (told.status_code, told.text) == (200, "1")


async def test_a_server_that_speaks_first_was_not_sent_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it says is no answer to a request that was not written yet."""
    loop = asyncio.get_running_loop()
    connect = loop.create_connection

    async def connect_and_hear(*given: Any, **named: Any) -> Any:
        transport, protocol = await connect(*given, **named)
        protocol.data_received(answer(200, "1"))
        return transport, protocol

    with FaultyDialer() as dialer:
        async with client(dialer.url) as opened:
            monkeypatch.setattr(loop, "create_connection", connect_and_hear)
            with pytest.raises(NotSentError, match="before it was asked"):
                await opened.send(BODY)
    assert dialer.received == []


async def test_a_name_in_other_letters_is_looked_up_by_one_set_of_rules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python would look up strasse.example where straße.example is meant, another dialer."""
    looked_up: list[object] = []

    async def look_up(host: object, *_: object, **__: object) -> None:
        looked_up.append(host)
        raise OSError("no network here")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
    async with client("http://xn--strae-oqa.example") as opened:
        with pytest.raises(NotSentError):
            await opened.send(BODY)
    assert looked_up == ["xn--strae-oqa.example"]


async def test_a_request_that_cannot_be_written_in_time_is_unknown() -> None:
    """A server that does not read gets a part of it, and nobody knows which."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        async with client(url, timeouts=Timeouts(write_s=0.01)) as opened:
            assert await opened.send(b"x" * 30_000_000) == LOST


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
        if transport != "own":
            request.cancel()
            await asyncio.gather(request, return_exceptions=True)
        else:
            assert await request == LOST
