"""A dialer on loopback that misbehaves as it is told, and writes down what it truly recorded.

In a test:

    with FaultyDialer({"0991234567": Fault.RESET_AFTER_RECORDING}) as dialer:
        ...
        assert dialer.recorded == ["0991234567"]

As a process of its own, to be killed at any moment:

    python -m tests.support.faulty_dialer --port 8090 --record record.jsonl --seed 7 --faults 0.1
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import socket
import struct
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.support.dialer_door import TASK_PATH, Doorkeeper, Request
from tests.support.faults import COMMON_FAULTS, Cut, Fault, Reaction, Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence

    # The keys of a Mapping are invariant, so each of the three is another type.
    Script = (
        Mapping[str, Reaction | Turns]
        | Mapping[int, Reaction | Turns]
        | Mapping[str | int, Reaction | Turns]
    )

__all__ = ["Cut", "Fault", "FaultyDialer", "RandomFaults", "Reaction", "Request", "read_record"]

HOST = "127.0.0.1"


class FaultyDialer:
    """A dialer in a thread of its own, from `with` to its end; everything here is thread-safe.

    Args:
        script: reactions by destination (text) or by the ordinal of the request (number), or a
            callable that gives one for a request, None for the usual.
        otherwise: the reaction to everything that the script does not name.
        on_connect: how connections end before anything is read, by their place, from 1.
        token: the only one that opens the dialer; None lets everybody in.
        token_lasts: after so many tasks a token is refused with 401 until the next login.
        port: on 127.0.0.1; 0 takes a free one.
        record: every recorded task is appended to this file, as a line of JSON, before its answer.
    """

    def __init__(
        self,
        script: Script | Callable[[Request], Reaction | None] | None = None,
        *,
        otherwise: Reaction = Fault.ACCEPT,
        on_connect: Mapping[int, Cut] | None = None,
        token: str | None = None,
        token_lasts: int | None = None,
        port: int = 0,
        record: Path | None = None,
    ) -> None:
        self._script: Mapping[str | int, Reaction | Turns] | Callable[[Request], Reaction | None]
        self._script = script if callable(script) else dict((script or {}).items())
        self._otherwise = otherwise
        self._on_connect = on_connect or {}
        self._doorkeeper = Doorkeeper(token, token_lasts)
        self._port = port
        self._record = record.open("ab", buffering=0) if record else None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="faulty dialer")
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._seen: Counter[str | int] = Counter()
        self._under_way = 0
        self._recorded: list[dict[str, Any]] = []
        self._received: list[Request] = []
        self._strays: list[Request] = []
        self.connections = 0
        self.most_at_once = 0

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://{HOST}:{self._port}"

    @property
    def recorded(self) -> list[str]:
        """Destinations that truly joined the queue, in order; one that came twice stands twice."""
        return [str(task["destination"]) for task in self.recorded_tasks]

    @property
    def recorded_tasks(self) -> list[dict[str, Any]]:
        """Tasks that truly joined the queue, whole."""
        return self._recorded.copy()

    @property
    def received(self) -> list[Request]:
        """All requests for tasks, in the order of arrival."""
        return self._received.copy()

    @property
    def strays(self) -> list[Request]:
        """All requests for addresses that the dialer does not have."""
        return self._strays.copy()

    @property
    def logins(self) -> int:
        """How many tokens were given out."""
        return self._doorkeeper.logins

    def stop_listening(self) -> None:
        """Refuse connections from now on, and reset those that are open."""
        self._run(self._go_down())

    def listen_again(self) -> None:
        """Take connections again, on the same port."""
        self._run(self._listen())

    @contextmanager
    def refusing_connections(self) -> Iterator[None]:
        """Refuse connections for the length of a block."""
        self.stop_listening()
        try:
            yield
        finally:
            self.listen_again()

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self.listen_again()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        # asyncio forgets a connection that is let in while its server closes.
        self._run(asyncio.sleep(0.001))
        self.stop_listening()
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._record:
            self._record.close()

    def _run(self, work: Coroutine[object, object, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=200)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, HOST, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _go_down(self) -> None:
        if self._server:
            self._server.close()
        others = self._serving - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests until either side has enough."""
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self.connections += 1
        cut = self._on_connect.get(number := self.connections, Cut.NO)
        try:
            while cut is Cut.NO:
                cut = await self._serve_one(reader, writer, number)
        except (asyncio.IncompleteReadError, ConnectionError):
            cut = Cut.CLOSE  # the client has gone
        except asyncio.CancelledError:
            cut = Cut.RESET
        finally:
            self._serving.discard(task)
            _end(writer, cut)

    async def _serve_one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int
    ) -> Cut:
        request = await self._read(reader, connection)
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            reaction = self._reaction(request)
            if reaction.records:
                self._write_down(request.task)
            await _wait(reader, reaction.wait_s)
            await _write(writer, reaction)
        finally:
            self._under_way -= 1
        if reaction.goes_down:
            await self._go_down()
        return reaction.cut

    async def _read(self, reader: asyncio.StreamReader, connection: int) -> Request:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        method, path, _ = first.split(" ")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        ordinal = len(self._received) + 1
        return Request(ordinal, connection, method, path, headers, body, time.monotonic())

    def _reaction(self, request: Request) -> Reaction:
        if (reply := self._doorkeeper.reply(request)) is not None:
            return Reaction(reply)
        if request.path != TASK_PATH:
            self._strays.append(request)
            return Fault.NOT_FOUND
        self._received.append(request)
        if not self._doorkeeper.lets_in(request):
            return Fault.UNAUTHORIZED
        if not request.task:
            return Fault.BAD_REQUEST
        return self._scripted(request) or self._otherwise

    def _scripted(self, request: Request) -> Reaction | None:
        if callable(self._script):
            return self._script(request)
        for key in (request.destination, request.ordinal):
            if (found := self._script.get(key)) is not None:
                self._seen[key] += 1
                return found.reaction(self._seen[key] - 1) if isinstance(found, Turns) else found
        return None

    def _write_down(self, task: dict[str, Any]) -> None:
        # One write of a whole line without a buffer: it outlives a kill -9, whole or not at all.
        if self._record:
            self._record.write(json.dumps(task).encode() + b"\n")
        self._recorded.append(task)


# Nobody notices where a wait is no longer than this, though the client may be gone.
SHORT_S = 0.02


async def _wait(reader: asyncio.StreamReader, seconds: float) -> None:
    """Wait so long, but no longer than the client does.

    Raises:
        ConnectionResetError: the client has gone.
    """
    if seconds < SHORT_S:
        # A client that took another answer for this one may send its next request meanwhile.
        await asyncio.sleep(seconds)
    else:
        with suppress(TimeoutError):
            # A client that waits for its answer sends nothing, so this ends with the connection.
            await asyncio.wait_for(reader.read(1), None if seconds == math.inf else seconds)
            raise ConnectionResetError


async def _write(writer: asyncio.StreamWriter, reaction: Reaction) -> None:
    size = 1 if reaction.drip_s else max(1, len(reaction.reply))
    for start in range(0, len(reaction.reply), size):
        await asyncio.sleep(reaction.drip_s)
        writer.write(reaction.reply[start : start + size])
        await writer.drain()
    if reaction.again_s is not None:
        loop = asyncio.get_running_loop()
        loop.call_later(reaction.again_s, _write_again, writer, reaction.reply)


def _write_again(writer: asyncio.StreamWriter, reply: bytes) -> None:
    if not writer.is_closing():
        writer.write(reply)


def _end(writer: asyncio.StreamWriter, cut: Cut) -> None:
    if cut is Cut.RESET:
        # Lingering for no time makes the kernel send RST instead of FIN.
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
    else:
        writer.close()


class RandomFaults:
    """A script that lets common faults befall a share of the requests, by a seed."""

    def __init__(
        self,
        seed: int,
        share: float,
        latency_s: float = 0.0,
        faults: Sequence[Reaction] = COMMON_FAULTS,
    ) -> None:
        self._dice = random.Random(seed)
        self._share = share
        self._latency_s = latency_s
        self._faults = faults

    def __call__(self, _request: Request) -> Reaction:
        """The next reaction; the same requests get the same ones again."""
        is_hit = self._dice.random() < self._share
        reaction = self._dice.choice(self._faults) if is_hit else Fault.ACCEPT
        return replace(reaction, wait_s=self._latency_s)


def read_record(path: Path) -> list[dict[str, Any]]:
    """The tasks that a dialer's file says were recorded, in order."""
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def main() -> None:
    """Run until killed; the first line of standard output is the base URL."""
    parser = argparse.ArgumentParser(description="A dialer that misbehaves at random.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", type=float, default=0.0, help="share of the requests, 0 to 1")
    parser.add_argument("--latency", type=float, default=0.0, help="milliseconds an answer")
    parser.add_argument("--token")
    given = parser.parse_args()
    script = RandomFaults(given.seed, given.faults, given.latency / 1000)
    with FaultyDialer(script, port=given.port, record=given.record, token=given.token) as dialer:
        sys.stdout.write(f"{dialer.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
