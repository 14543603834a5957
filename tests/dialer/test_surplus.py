"""Answers that nobody asked for, and what they put in question."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import pytest

from bulk_loader.dialer.answers import REJECTED, Answer
from bulk_loader.dialer.connection import CLEAN_AFTER_S, MOST_IN_QUESTION
from tests.dialer.asking import ACCEPTED, BODY, LOST, answers, client
from tests.support.faults import answer
from tests.support.faulty_dialer import Fault, FaultyDialer, Reaction

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bulk_loader.dialer.client import DialerClient


@dataclass
class Questioned:
    """Leads whose answers turned out to be in question, by their place in the order of sending."""

    leads: list[int] = field(default_factory=list)
    told: list[Answer] = field(default_factory=list)

    async def send(self, opened: DialerClient, times: int) -> None:
        for _ in range(times):
            place = len(self.told)
            self.told.append(await opened.send(BODY, partial(self.leads.append, place)))

    async def until(self, leads: int) -> None:
        while len(self.leads) < leads:  # noqa: ASYNC110 - the dialer lives in a thread of its own
            await asyncio.sleep(0.001)


async def test_an_answer_once_too_often_puts_in_question_what_was_answered_before() -> None:
    """From the first that may be another's on: who knows since when the answers are shifted."""
    turns = Fault.ACCEPT.then(Fault.ZERO).then(Fault.ACCEPT.twice(0.05))
    questioned = Questioned()
    with FaultyDialer({"0991": turns}) as dialer:
        async with client(dialer.url) as opened:
            await questioned.send(opened, 3)
            await questioned.until(3)
            assert (questioned.told, questioned.leads) == (
                [ACCEPTED, REJECTED, ACCEPTED],
                [0, 1, 2],
            )
            await opened.send(BODY)
        assert [request.connection for request in dialer.received] == [1, 1, 1, 2]


async def test_two_answers_at_once_are_believed_only_where_nothing_was_answered_before() -> None:
    """On a new connection the first of them can be nobody else's; later it can."""
    two = Reaction(answer(200, "1") * 2, records=True)
    turns = two.then(Fault.ZERO).then(two)
    questioned = Questioned()
    with FaultyDialer({"0991": turns}) as dialer:
        async with client(dialer.url) as opened:
            await questioned.send(opened, 3)
        assert [request.connection for request in dialer.received] == [1, 2, 2]
    assert questioned.told == [ACCEPTED, REJECTED, LOST]
    assert questioned.leads == [1]


async def test_a_shifted_answer_is_noticed_at_the_latest_when_the_dialer_has_answered_all() -> None:
    """A lead gets the surplus of the one before; its own comes after it, unasked."""
    turns = Fault.ACCEPT.twice(0.05).then(Fault.ZERO.after(0.1)).then(Fault.ACCEPT)
    questioned = Questioned()
    with FaultyDialer({"0991": turns}) as dialer:
        async with client(dialer.url) as opened:
            await questioned.send(opened, 2)
            assert questioned.told == [ACCEPTED, ACCEPTED]  # and it was not: hence the doubt
            await questioned.until(2)
    assert questioned.leads == [0, 1]


async def test_answers_before_a_clean_moment_are_in_no_question() -> None:
    """A connection that was quiet for a second had no answer to come."""
    turns = Fault.ACCEPT.then(Fault.ACCEPT.twice(0.05))
    questioned = Questioned()
    with FaultyDialer({"0991": turns}) as dialer:
        async with client(dialer.url) as opened:
            await questioned.send(opened, 1)
            await asyncio.sleep(CLEAN_AFTER_S * 1.2)
            await questioned.send(opened, 1)
            await questioned.until(1)
        assert [request.connection for request in dialer.received] == [1, 1]
    assert questioned.leads == [1]


async def test_no_more_than_some_answers_are_ever_in_question() -> None:
    """A connection is followed by a new one in time."""
    told, dialer = await answers(Fault.ACCEPT, times=MOST_IN_QUESTION + 1)
    assert told == [ACCEPTED] * len(told)
    assert [request.connection for request in dialer.received] == [1] * MOST_IN_QUESTION + [2]


HARMLESS = {
    "line ends": b"\r\n",
    "that it was idle too long": answer(408, "", {"Connection": "close"}),
}


@pytest.mark.parametrize("more", HARMLESS.values(), ids=HARMLESS.keys())
async def test_what_answers_nothing_puts_nothing_in_question(more: bytes) -> None:
    """The connection is not used again, and what was answered on it stands."""
    questioned = Questioned()

    async def answer_and_more(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(answer(200, "1"))
        await asyncio.sleep(0.03)
        writer.write(more)
        assert await reader.read(65_536) == b""

    async with served(answer_and_more) as url, client(url) as opened:
        await questioned.send(opened, 1)
        await asyncio.sleep(0.1)
        await questioned.send(opened, 1)
    assert (questioned.told, questioned.leads) == ([ACCEPTED] * 2, [])


Handler: TypeAlias = "Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]"


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    """A server on loopback; all its connections are over when this is."""
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        await handler(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await asyncio.gather(*serving)


OTHER_PROTOCOLS = [
    b"RTSP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n1",
    b"ICE/1.0 200 OK\r\nContent-Length: 1\r\n\r\n1",
    b"HTTP/2.0 200 OK\r\nContent-Length: 1\r\n\r\n1",
    b"HTTP/0.9 200 OK\r\nContent-Length: 1\r\n\r\n1",
]


@pytest.mark.parametrize("reply", OTHER_PROTOCOLS)
@pytest.mark.parametrize("drip_s", [0.0, 0.0005])
async def test_an_answer_of_another_protocol_is_none(reply: bytes, drip_s: float) -> None:
    """Whoever speaks it may have taken the task or not."""
    told, _ = await answers(Reaction(reply, drip_s=drip_s))
    assert told == [LOST]


@pytest.mark.parametrize("transport", ["own", "httpx"])
async def test_an_answer_before_the_request_was_written_says_nothing(transport: str) -> None:
    """It can't be an answer to what was not read yet."""
    is_over = asyncio.Event()

    async def answer_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(answer(200, "1"))
        await writer.drain()
        if transport == "own":
            await is_over.wait()
        writer.transport.abort()  # httpx reads an answer only where it can't write any more

    async with served(answer_at_once) as url:
        async with client(url, transport) as opened:
            assert await opened.send(b"x" * 30_000_000) == LOST
        is_over.set()
