"""Posts to one server over connections that are kept open, fast and exact about what was sent.

httpx's own pool looks through all connections for each request, so it gets slower with every one
of them. Here a connection is busy with one request or lies on a stack.

Nothing here sends a request twice. A client that repeats a request because a kept connection turned
out dead can't know that the server had not read it; here that is a `ReadError`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

from bulk_loader.dialer.connection import Connection

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from bulk_loader.dialer.connection import RawAnswer

# Deadlines are looked at this often: one timer for all connections costs nothing for a request.
SWEEP_S = 0.25


class KeepAliveTransport(httpx.AsyncBaseTransport):
    """An httpx transport for one origin, with a shorter way for many like requests.

    Args:
        verify: how the server's certificate is checked; None for httpx's own way.
    """

    def __init__(self, verify: ssl.SSLContext | None = None) -> None:
        self._verify = verify
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._sweeper: asyncio.TimerHandle | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Write the request once and wait for the whole of its answer; see `exchange`."""
        raw = head(request.method, request.url, request.headers.raw) + await request.aread()
        timeout = httpx.Timeout(**request.extensions.get("timeout", {"timeout": None}))
        is_last = request.headers.get("Connection", "").lower() == "close"
        status, headers, body = await self.exchange(request.url, raw, timeout, is_last=is_last)
        if body is None:
            raise httpx.RemoteProtocolError("The answer is too long.")
        return httpx.Response(status, headers=headers, content=body, request=request)

    async def exchange(
        self, url: httpx.URL, raw: bytes, limits: httpx.Timeout, *, is_last: bool = False
    ) -> RawAnswer:
        """Write one whole request and wait for the whole of its answer.

        Args:
            url: only its origin matters, and it is always the same.
            raw: head and body.
            limits: `read` is for the whole answer, counted from the writing on.
            is_last: the request tells the server that no other follows on its connection.

        Raises:
            httpx.ConnectError: no connection; nothing was written. `ConnectTimeout` likewise.
            httpx.ReadTimeout: written, and no complete answer in time. `WriteTimeout` likewise.
            httpx.ReadError: written, and the connection broke.
            httpx.RemoteProtocolError: written, and what came back is no HTTP answer.
        """
        connection = self._take_idle() or await self._connect(url, limits.connect)
        self._busy.add(connection)
        if self._sweeper is None:
            self._watch()
        try:
            return await connection.exchange(raw, limits.read, limits.write)
        finally:
            self._busy.discard(connection)
            if connection.is_reusable and not is_last:
                self._idle.append(connection)
            else:
                connection.close()

    async def aclose(self) -> None:
        """Close all connections."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for connection in (*self._idle, *self._busy):
            connection.close()
        self._idle.clear()

    def _take_idle(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_reusable:
                return connection
            connection.close()
        return None

    async def _connect(self, url: httpx.URL, timeout_s: float | None) -> Connection:
        is_tls = url.scheme == "https"
        if is_tls and self._verify is None:
            self._verify = httpx.create_ssl_context()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_s):
                _, connection = await loop.create_connection(
                    lambda: Connection(loop),
                    # Not its letters, which Python would encode by other rules than httpx.
                    url.raw_host.decode("ascii"),
                    url.port or (443 if is_tls else 80),
                    ssl=self._verify if is_tls else None,
                )
        except TimeoutError as error:
            raise httpx.ConnectTimeout("The connection took too long") from error
        except OSError as error:  # names, refused ports, TLS
            raise httpx.ConnectError(error.strerror or str(error)) from error
        if not connection.is_open:
            connection.close()
            raise httpx.ConnectError("The server hung up, or spoke before it was asked")
        return connection

    def _watch(self) -> None:
        self._sweeper = asyncio.get_running_loop().call_later(SWEEP_S, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        for connection in self._busy:
            connection.check_deadlines()
        if self._busy:
            self._watch()


def head(method: str, url: httpx.URL, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """First line and headers, with the empty line that ends them."""
    lines = [b"%b %b HTTP/1.1" % (method.encode("ascii"), url.raw_path)]
    lines += [b"%b: %b" % pair for pair in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"
