"""A proxy on loopback that leads every request to one dialer, whatever its address says.

    with FaultyDialer() as dialer, ForwardProxy(dialer.url) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        upload(leads, Settings(url="http://dialer.example", allow_http=True, ...))

It understands as little as it can: bytes of the dialer are passed on as they come, surplus ones too,
and a connection ends for the client as it ended for the proxy. What goes through a tunnel is spoken
with TLS, with the certificate of `tests.support.tls`, and reaches the dialer without it.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from tests.support.tls import server_context

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

HOST = "127.0.0.1"


class ForwardProxy:
    """A proxy in a thread of its own, from `with` to its end.

    Attributes:
        asked: first lines of the requests that came to the proxy itself.
        connections: how many clients connected.
    """

    def __init__(self, dialer_url: str) -> None:
        self._dialer_port = urlsplit(dialer_url).port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="forward proxy")
        self._servers: list[asyncio.Server] = []
        self._serving: set[asyncio.Task[None]] = set()
        self._ends: list[asyncio.StreamWriter] = []
        self._port = 0
        self._tls_port = 0
        self.asked: list[str] = []
        self.connections = 0

    @property
    def url(self) -> str:
        """Address of the proxy."""
        return f"http://{HOST}:{self._port}"

    @property
    def tls_url(self) -> str:
        """The dialer's address with TLS, without the proxy."""
        return f"https://localhost:{self._tls_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[object, object, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=200)

    async def _listen(self) -> None:
        proxy = await asyncio.start_server(self._serve, HOST, 0)
        # The end of a tunnel, where the dialer would stand with its certificate.
        inside = await asyncio.start_server(self._pass_on, HOST, 0, ssl=server_context())
        self._servers = [proxy, inside]
        self._port, self._tls_port = (s.sockets[0].getsockname()[1] for s in self._servers)

    async def _end(self) -> None:
        # asyncio forgets a connection that is let in while its server closes.
        await asyncio.sleep(0.01)
        for server in self._servers:
            server.close()
        others = self._serving - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        # TLS is polite and waits for the other side's goodbye, which may never come.
        for end in self._ends:
            end.transport.abort()
        await asyncio.sleep(0.01)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with self._served(writer), suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(head.partition(b"\r\n")[0].decode("latin-1"))
            if head.startswith(b"CONNECT "):
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await self._join(reader, writer, self._tls_port)
            else:
                await self._join(reader, writer, self._dialer_port, _to_origin(head))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self._served(writer):
            await self._join(reader, writer, self._dialer_port)

    @contextmanager
    def _served(self, writer: asyncio.StreamWriter) -> Iterator[None]:
        """Known as long as it lasts, and closed afterwards."""
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self._ends.append(writer)
        try:
            yield
        except asyncio.CancelledError:
            _end(writer, was_reset=True)
        finally:
            self._serving.discard(task)
            writer.close()

    async def _join(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        port: int | None,
        first: bytes = b"",
    ) -> None:
        """Pass on bytes both ways until one side has enough, and let the other side know how."""
        try:
            there, to_there = await asyncio.open_connection(HOST, port)
        except OSError:  # the dialer is down
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        with self._served(to_there):
            to_there.write(first)
            ways = [
                asyncio.create_task(_copy(reader, to_there)),
                asyncio.create_task(_copy(there, writer)),
            ]
            try:
                done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
            for side in (writer, to_there):
                _end(side, was_reset=any(way.result() for way in done))


def _to_origin(head: bytes) -> bytes:
    """The head as the dialer wants it: with the path alone, and nothing that is for the proxy."""
    head = re.sub(rb"^(\S+) http://[^/ ]+", rb"\1 ", head)
    return re.sub(rb"\r\nProxy-[^\r\n]*", b"", head, flags=re.IGNORECASE)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Copy until the end; True where that was a reset."""
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        return True
    return False


def _end(writer: asyncio.StreamWriter, *, was_reset: bool) -> None:
    if was_reset:
        linger = struct.pack("ii", 1, 0)  # for no time: RST instead of FIN
        if (end := writer.get_extra_info("socket")) is not None:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
    else:
        writer.close()
