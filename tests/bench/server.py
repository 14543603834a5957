"""The dialer of the measurements: takes every task, as fast as Python can, and counts.

    python -m tests.bench.server --latency-ms 20 --workers 16

It is a process of its own, and the first line of its standard output is its address. What it has
counted since it was last asked, it answers as JSON to any GET.
"""

from __future__ import annotations

import argparse
import asyncio
import select
import selectors
import socket
import sys
import time
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from tests.bench.wire import ACCEPTED, Counts, Kind, reply, take_requests

if TYPE_CHECKING:
    from collections.abc import Callable

# A server that takes so many tasks a second forgives what comes this much too early.
FORGIVEN_S = 0.1


@dataclass(frozen=True, slots=True)
class Limits:
    """What the dialer can't do any faster.

    Attributes:
        latency_ms: how long a task takes.
        workers: tasks at once; others wait for their turn. 0 for no limit.
        refuse_above: tasks under way at which one more is refused; 0 for no limit.
        rate: tasks a second above which they are refused; 0 for no limit.
        refusal: the status of a refusal: 429, or 503.
    """

    latency_ms: float = 0.0
    workers: int = 0
    refuse_above: int = 0
    rate: float = 0.0
    refusal: int = 429


UNLIMITED = Limits()


class FastDialer:
    """Takes tasks at once: one thread, one system call to read, one to write.

    Without an event loop, because one takes three times as long for a request as all of this.
    """

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._counts = Counts()
        self._poll = select.epoll()
        self._poll.register(listener.fileno(), select.EPOLLIN)
        self._rests: dict[int, bytes] = {}
        self._callers: dict[int, tuple[socket.socket, Callable[[Kind], None]]] = {}

    def serve(self) -> None:
        """Until the process is killed."""
        while True:
            for number, _ in self._poll.poll():
                if number in self._callers:
                    self._read(number)
                else:
                    self._welcome()

    def _welcome(self) -> None:
        caller, _ = self._listener.accept()
        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._callers[caller.fileno()] = (caller, self._taker(caller.send))
        self._rests[caller.fileno()] = b""
        self._poll.register(caller.fileno(), select.EPOLLIN)

    def _read(self, number: int) -> None:
        caller, take = self._callers[number]
        try:
            data = caller.recv(1 << 16)
            if data:
                self._rests[number] = take_requests(self._rests[number] + data, take)
                return
        except ConnectionError:
            pass
        self._poll.unregister(number)
        del self._callers[number], self._rests[number]
        caller.close()

    def _taker(self, send: Callable[[bytes], int]) -> Callable[[Kind], None]:
        counts, now = self._counts, time.monotonic

        def take(kind: Kind) -> None:
            if kind is Kind.TASK:
                counts.arrivals.append(now())
                send(ACCEPTED)
            else:
                send(counts.other(kind))

        return take


class LimitedDialer:
    """Takes its time, and no more than it can."""

    def __init__(self, limits: Limits, loop: asyncio.AbstractEventLoop) -> None:
        self._limits = limits
        self._loop = loop
        self._counts = Counts()
        self._refusal = reply(limits.refusal, b"")
        self._under_way = 0
        self._next_regular = 0.0
        # When each worker will have finished.
        self._busy_until: list[float] = []

    def take(self, kind: Kind, transport: asyncio.Transport) -> None:
        """A request has come whole."""
        now = self._loop.time()
        if kind is not Kind.TASK:
            transport.write(self._counts.other(kind))
        elif self._is_too_much(now):
            self._counts.refused += 1
            transport.write(self._refusal)
        else:
            self._counts.arrivals.append(now)
            self._under_way += 1
            self._loop.call_at(self._finish(now), self._answer, now, transport)

    def _is_too_much(self, now: float) -> bool:
        limits = self._limits
        if limits.refuse_above and self._under_way >= limits.refuse_above:
            return True
        if limits.rate:
            regular = max(self._next_regular, now)
            if regular > now + FORGIVEN_S:
                return True
            self._next_regular = regular + 1 / limits.rate
        return False

    def _finish(self, now: float) -> float:
        begins = now
        if self._limits.workers and len(self._busy_until) >= self._limits.workers:
            begins = max(now, heappop(self._busy_until))
        ends = begins + self._limits.latency_ms / 1000
        if self._limits.workers:
            heappush(self._busy_until, ends)
        return ends

    def _answer(self, arrived: float, transport: asyncio.Transport) -> None:
        self._under_way -= 1
        self._counts.waited_s += self._loop.time() - arrived
        transport.write(ACCEPTED)


class Caller(asyncio.Protocol):
    """One client's connection to a `LimitedDialer`."""

    def __init__(self, dialer: LimitedDialer) -> None:
        self._dialer = dialer
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take every request that is whole now."""
        self._rest = take_requests(
            self._rest + data, lambda kind: self._dialer.take(kind, self._transport)
        )


async def serve_limited(limits: Limits, listener: socket.socket) -> None:
    """Until it is cancelled or the process killed."""
    loop = asyncio.get_running_loop()
    dialer = LimitedDialer(limits, loop)
    server = await loop.create_server(lambda: Caller(dialer), sock=listener)
    await server.serve_forever()


def exact_loop() -> asyncio.AbstractEventLoop:
    """A loop whose timers fire within a tenth of a millisecond; those of epoll may take one more."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.server")
    for name in Limits.__dataclass_fields__:
        default = getattr(UNLIMITED, name)
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    limits = Limits(**vars(parser.parse_args()))
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        if limits == UNLIMITED:
            FastDialer(listener).serve()
        with asyncio.Runner(loop_factory=exact_loop) as runner:
            runner.run(serve_limited(limits, listener))


if __name__ == "__main__":
    main()
