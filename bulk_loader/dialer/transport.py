"""Posts to one server over connections that are kept open, fast and exact about what was sent.

httpx's own pool looks through all connections for each request, so it gets slower with every one
of them. Here a connection is busy with one request or lies on a stack.

Nothing here sends a request twice. A client that repeats a request because a kept connection turned
out dead can't know that the server had not read it; here that is a `ReadError`.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING

import httpx

from bulk_loader.dialer.bodies import Whole
from bulk_loader.dialer.connection import Connection
from bulk_loader.dialer.trust import trusted_certificates

if TYPE_CHECKING:
    import ssl

# Deadlines are looked at this often: one timer for all connections costs nothing for a request.
SWEEP_S = 0.25


class KeepAliveTransport(httpx.AsyncBaseTransport):
    """An httpx transport for one origin; the answers that it gives are wholly read.

    The `read` timeout of a request is for its whole answer, counted from the writing on.

    Args:
        verify: how the server's certificate is checked; None for the usual way.
    """

    def __init__(self, verify: ssl.SSLContext | None = None) -> None:
        self._verify = verify
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._resting: list[Connection] = []
        self._sweeper: asyncio.TimerHandle | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Write the request once and wait for the whole of its answer.

        Where it turns out later that the answer may have been that of another request, the
        function is called that stands among the request's extensions as `doubt`.

        A body that is longer than `MAX_ANSWER_BYTES` is not read to its end.

        Raises:
            httpx.ConnectError: no connection; nothing was written. `ConnectTimeout` likewise.
            httpx.ReadTimeout: written, and no complete answer in time. `WriteTimeout` likewise.
            httpx.ReadError: written, and the connection broke.
            httpx.RemoteProtocolError: written, and what came back is no HTTP answer.
        """
        limits = request.extensions.get("timeout", {})
        url, body = request.url, request.stream
        head, is_last = _head(request.method, url.raw_path, tuple(request.headers.raw))
        raw = head + (body.body if isinstance(body, Whole) else await request.aread())
        connection = self._take_idle() or await self.connect(url, limits.get("connect"))
        self._busy.add(connection)
        if self._sweeper is None:
            self._watch()
        try:
            status, headers, answer = await connection.exchange(
                raw, limits.get("read"), limits.get("write"), request.extensions.get("doubt")
            )
        finally:
            self._busy.discard(connection)
            if connection.is_reusable and not is_last:
                self._idle.append(connection)
            elif connection.rests and not is_last:
                self._resting.append(connection)
            else:
                connection.close()
        return httpx.Response(status, headers=headers, stream=Whole(answer), request=request)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for connection in (*self._idle, *self._resting, *self._busy):
            connection.close()
        self._idle.clear()
        self._resting.clear()

    def _take_idle(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_reusable:
                return connection
            connection.close()
        return None

    async def connect(self, url: httpx.URL, timeout_s: float | None) -> Connection:
        """A new connection, over which nothing was written yet; whoever wants it closes it.

        Raises:
            httpx.ConnectError: there is none to be had. `ConnectTimeout` likewise.
        """
        is_tls = url.scheme == "https"
        if is_tls and self._verify is None:
            self._verify = trusted_certificates()
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
        for connection in self._resting:
            if not connection.rests:
                connection.close()
        self._resting = [connection for connection in self._resting if connection.rests]
        if self._busy or self._resting:
            self._watch()


# Requests of one list differ in the length of their bodies, and little in that.
@lru_cache(maxsize=1024)
def _head(
    method: str, raw_path: bytes, headers: tuple[tuple[bytes, bytes], ...]
) -> tuple[bytes, bool]:
    """First line and headers, and whether they say that no other request follows."""
    lines = [b"%b %b HTTP/1.1" % (method.encode("ascii"), raw_path)]
    lines += [b"%b: %b" % pair for pair in headers]
    is_last = any(name.lower() == b"connection" and b"close" in told for name, told in headers)
    return b"\r\n".join(lines) + b"\r\n\r\n", is_last
