"""One HTTP/1.1 connection with at most one request under way.

HTTP/1.1 numbers no answers: one that comes once too often is taken for that of the next request, and
from then on each lead gets the answer of the one before. It can't be excluded, so it is looked for. After
each answer the event loop looks once more for bytes before anything else is written, and where bytes come
that nobody asked for, all that was answered since the connection was known to be clean is in question.
(Not so the first answer since then, where more comes with it: nothing else was asked that it could answer.)
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, TypeAlias, cast

import httptools
import httpx

from bulk_loader.dialer.bodies import MAX_ANSWER_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

# After a pause of minutes a firewall may have forgotten the connection, and a request written into
# it is a doubt. httpx keeps idle connections as long.
LONGEST_IDLE_S = 5.0

# So many answers may be in question at once; then a new connection takes the place of this one.
MOST_IN_QUESTION = 100

# An answer that came once too often would have come by then.
CLEAN_AFTER_S = 1.0

# All that is no answer of HTTP/1.x; the parser takes RTSP, ICE and later versions for one too.
_START = b"HTTP/1."

# Some servers tell an idle connection so before they close it; it answers nothing. Go's client passes
# over it likewise (`is408Message` in net/http/transport.go).
_IDLE_TOO_LONG = re.compile(rb"HTTP/1\.[01] 408\b")

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
        self._in_question: list[Callable[[], None]] = []
        self._answers = 0
        self._is_mixed_up = False
        self._is_answered = False
        self._is_cut_off = False
        self._start = b""
        self._forget()

    @property
    def is_reusable(self) -> bool:
        """Open, with nothing under way, not forgotten by what lies between, and clean enough."""
        if not self.is_open or self._answer is not None:
            return False
        idle_s = self._loop.time() - self._ended
        if idle_s > CLEAN_AFTER_S:
            self._in_question.clear()
            self._answers = 0
        return idle_s < LONGEST_IDLE_S and self._answers < MOST_IN_QUESTION

    async def exchange(
        self,
        request: bytes,
        read_s: float | None,
        write_s: float | None,
        doubt: Callable[[], None] | None = None,
    ) -> RawAnswer:
        """Write one request and wait for its answer.

        However this ends but with an answer, the connection is not used again.

        Args:
            doubt: called where it turns out later that the answer may have been another's.
        """
        assert self._transport is not None
        self._began = self._loop.time()
        self._read_s, self._write_s = read_s, write_s
        self._answer = self._loop.create_future()
        self._is_answered = False
        self._start = b""
        self._transport.write(request)
        try:
            answer = await self._answer
        except BaseException:
            self.is_open = False
            raise
        finally:
            self._answer = None
            self._ended = self._loop.time()
        if self._is_mixed_up and self._answers:
            raise httpx.RemoteProtocolError("More came back than was asked for.")
        self._answers += 1
        if doubt is not None:
            self._in_question.append(doubt)
        return answer

    @property
    def rests(self) -> bool:
        """It is still looked at, though it has answered so often that it is not used again."""
        idle_s = self._loop.time() - self._ended
        return self.is_open and self._answer is None and idle_s <= CLEAN_AFTER_S

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
        if self._answer is not None and not (self._is_answered or self._answer.done()):
            self._answer.set_exception(error)

    # The event loop calls these.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what writes; uvloop's transports are no subclasses, so nothing is asserted."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Parse a part of the answer."""
        if self._answer is None or self._answer.done() or self._is_answered:
            self._unasked(data)
            return
        assert self._transport is not None
        if self._transport.get_write_buffer_size() > 0:
            self._fail(httpx.RemoteProtocolError("An answer came before the request was written."))
            return
        self._start += data[: len(_START) - len(self._start)]
        if not _START.startswith(self._start.lstrip(b"\r\n")):
            self._fail(httpx.RemoteProtocolError("What came back is no answer of HTTP/1."))
            return
        self._parse(data)

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # 101, of which nobody knows whether it took the task
            self._fail(httpx.RemoteProtocolError("The server went over to another protocol."))
        except httptools.HttpParserError as error:
            if self._is_answered:
                self._unasked(data)
            self._fail(httpx.RemoteProtocolError(f"What came back is no HTTP answer: {error}"))

    def _unasked(self, data: bytes) -> None:
        """Close, since the next answer could be mistaken for this; what came before may have been.

        Line ends are no answer, and neither is what a server says of a connection that was idle.
        """
        self.close()
        if self._is_cut_off or not data.strip(b"\r\n") or _IDLE_TOO_LONG.match(data):
            return
        self._is_mixed_up = True
        for doubt in self._in_question:
            doubt()
        self._in_question.clear()

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
        if self._is_answered:
            self._unasked(b"more in the same piece")
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
            self._is_cut_off = True
            self._complete()

    def on_message_complete(self) -> None:
        """Hand out the answer; the connection stays open where the server lets it."""
        status = self._parser.get_status_code()
        if status < _FINAL:
            return
        if not self._parser.should_keep_alive() or self._ends_with_connection:
            self.is_open = False
        self._complete()

    def _complete(self) -> None:
        """Hand out the answer after the event loop has looked once more for what follows it.

        A task that waits runs after the next look at the earliest, both with asyncio, which calls
        what is ready before what it has just read, and with uvloop, which does it the other way.
        """
        if not self._is_answered:
            self._is_answered = True
            answer = self._parser.get_status_code(), self._headers, b"".join(self._body)
            self._loop.call_soon(self._hand_out, answer)

    def _hand_out(self, answer: RawAnswer) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)
