"""uvicorn's protocol, within bounds of size and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio
    from typing import Any

MAX_HEAD_BYTES: Final = 64 * 1024  # as h11 has it; an address and some headers take less than 1 kB
PATIENCE_S: Final = 30.0  # on loopback a whole request arrives in milliseconds


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol over httptools, which by itself takes heads of any length at any pace."""

    patience_s: ClassVar[float] = PATIENCE_S

    _allowed_s = PATIENCE_S  # for what is under way
    _head_bytes: int | None = None  # None where no head is under way
    _is_behind_another = False  # a request ended in the same piece of data as the head began
    _began_at: float | None = None
    _timer: asyncio.TimerHandle | None = None

    def body_patience_s(self, path: str) -> float:
        """How long a request may take as a whole, once its head is there."""
        del path
        return self.patience_s

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait_anew()
        self._timer = self.loop.call_later(self.patience_s, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take it, unless the head of the request has grown too long."""
        self._is_behind_another = False
        super().data_received(data)
        if self._head_bytes is None or self._is_behind_another:
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
                b"Connection: close\r\nContent-Length: 0\r\n\r\n"
            )
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._head_bytes = 0
        self._wait_anew()
        super().on_message_begin()
        self.scope["state"]["cut"] = self.transport.abort  # for faults on purpose

    def on_headers_complete(self) -> None:
        """Its head is there."""
        self._head_bytes = None
        super().on_headers_complete()
        self._allowed_s = self.body_patience_s(self.scope["path"])

    def on_message_complete(self) -> None:
        """It is whole."""
        self._is_behind_another = True
        self._began_at = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """What still comes of a request that was answered is waited for no longer than a head."""
        super().on_response_complete()
        if self._began_at is not None:
            self._wait_anew()

    def _wait_anew(self) -> None:
        self._began_at, self._allowed_s = self.loop.time(), self.patience_s

    def _look(self) -> None:
        """Close a connection on which a request has not become whole in time."""
        if self._began_at is not None and self.loop.time() - self._began_at >= self._allowed_s:
            self.transport.close()
            return
        self._timer = self.loop.call_later(self.patience_s, self._look)
