"""One HTTP/1.1 connection with at most one request under way."""

from __future__ import annotations

import asyncio
from typing import TypeAlias, cast

import httptools
import httpx

from bulk_loader.dialer.bodies import MAX_ANSWER_BYTES

# After a pause of minutes a firewall may have forgotten the connection, and a request written into
# it is a doubt. httpx keeps idle connections as long.
LONGEST_IDLE_S = 5.0

# Statuses below are no answers yet: "100 Continue" and the like announce one.
_FINAL = 200

# What tells where an answer ends; without either it ends with the connection (RFC 9112, 6.3).
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})

RawAnswer: TypeAlias = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers, body; of a body longer than `MAX_ANSWER_BYTES` only its beginning."""


class Connection(asyncio.Protocol):
    """What the event loop and the parser call, and what the transport waits for.

    Attributes:
        is_open: nothing has ended it, or made it unfit for another request.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[RawAnswer] | None = None
        self.is_open = True
        self._ended = loop.time()
        self._began = 0.0
        self._read_s: float | None = None
        self._write_s: float | None = None
        self._forget()

    @property
    def is_reusable(self) -> bool:
        """Open, with nothing under way, and not forgotten by what lies between."""
        is_idle = self.is_open and self._answer is None
        return is_idle and self._loop.time() - self._ended < LONGEST_IDLE_S

    async def exchange(
        self, request: bytes, read_s: float | None, write_s: float | None
    ) -> RawAnswer:
        """Write one request and wait for its answer.

        However this ends but with an answer, the connection is not used again.
        """
        assert self._transport is not None
        self._began = self._loop.time()
        self._read_s, self._write_s = read_s, write_s
        self._answer = self._loop.create_future()
        self._transport.write(request)
        try:
            return await self._answer
        except BaseException:
            self.is_open = False
            raise
        finally:
            self._answer = None
            self._ended = self._loop.time()

    def check_deadlines(self) -> None:
        """Give up where the time for writing or reading is over."""
        assert self._transport is not None
        waited_s = self._loop.time() - self._began
        is_writing = self._transport.get_write_buffer_size() > 0
        if is_writing and self._write_s is not None and waited_s > self._write_s:
            self._fail(httpx.WriteTimeout("The request could not be written in time."))
        elif self._read_s is not None and waited_s > self._read_s:
            self._fail(httpx.ReadTimeout("The answer did not come in time."))

    def close(self) -> None:
        """Close at once; what is under way fails."""
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    def _fail(self, error: httpx.TransportError) -> None:
        self.is_open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    # The event loop calls these.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what writes; uvloop's transports are no subclasses, so nothing is asserted."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Parse a part of the answer."""
        if self._answer is None or self._answer.done():
            # Nobody asked: whatever this is, the next answer could be mistaken for it.
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # 101, of which nobody knows whether it took the task
            self._fail(httpx.RemoteProtocolError("The server went over to another protocol."))
        except httptools.HttpParserError as error:
            self._fail(httpx.RemoteProtocolError(f"What came back is no HTTP answer: {error}"))

    def eof_received(self) -> None:
        """The server will write nothing more."""
        self._end("The server closed the connection.")

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing goes in either direction any more; a reset never completes an answer."""
        if exc is None:
            self._end("The connection was closed.")
        else:
            self._fail(httpx.ReadError(str(exc)))

    def _end(self, why: str) -> None:
        if self._has_headers and self._ends_with_connection:
            self.on_message_complete()
        self._fail(httpx.ReadError(why))

    # The parser calls these.

    def on_message_begin(self) -> None:
        """The first byte of an answer, or of something after it that nobody asked for."""
        if self._answer is None or self._answer.done():
            self.is_open = False
        self._forget()

    def _forget(self) -> None:
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._head_bytes = self._body_bytes = 0
        self._has_headers = False
        self._ends_with_connection = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self._headers.append((name, value))
        if name.lower() in _FRAMING:
            self._ends_with_connection = False
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > MAX_ANSWER_BYTES:
            self._fail(httpx.RemoteProtocolError("The answer's headers are too long."))

    def on_headers_complete(self) -> None:
        """From here on an answer without framing is complete when the connection ends."""
        self._has_headers = True

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        self._body.append(body)
        self._body_bytes += len(body)
        if self._body_bytes > MAX_ANSWER_BYTES:
            self.is_open = False
            self._hand_out()

    def on_message_complete(self) -> None:
        """Hand out the answer; the connection stays open where the server lets it."""
        status = self._parser.get_status_code()
        if status < _FINAL:
            return
        if not self._parser.should_keep_alive() or self._ends_with_connection:
            self.is_open = False
        self._hand_out()

    def _hand_out(self) -> None:
        if self._answer is not None and not self._answer.done():
            status, body = self._parser.get_status_code(), b"".join(self._body)
            self._answer.set_result((status, self._headers, body))
