"""What keeps the sandbox from strangers: other web pages, endless requests, slow clients.

It listens on the loopback only, but every page in a browser of this machine can send to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio
    from typing import Any

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nine cells of 32,767 characters, as long as a spreadsheet's can be, take 5 MB where each is
# written as \u00f1 and then percent-encoded.
MAX_BODY_BYTES: Final = 8 * 1024 * 1024
MAX_HEAD_BYTES: Final = 64 * 1024  # as h11 has it; an address and some headers take less than 1 kB
PATIENCE_S: Final = 30.0  # on loopback a whole request arrives in milliseconds

ANSWER_HEADERS: Final = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    (
        "Content-Security-Policy",
        "default-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("Cache-Control", "no-store"),  # the queue holds phone numbers
]
"""Of every answer, whatever it is to."""

# "none" is what a person does in the browser's own bar; no header at all is no browser.
_OWN_SITES = (b"same-origin", b"none")


class TooLongError(Exception):
    """A body has more than `MAX_BODY_BYTES`."""


class Guard:
    """Refuses with 403 what another web page posts or asks of the API, and long bodies with 413."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer in its place."""
        is_post = scope["type"] == "http" and scope["method"] == "POST"
        # It could read nothing of the API, but keep it busy.
        if not is_post and not scope.get("path", "").startswith("/api/"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if _is_foreign(headers):
            await _FOREIGN(scope, receive, send)
            return
        length = headers.get(b"content-length", b"")
        # The server has checked that it is a number.
        if length.isdigit() and int(length) > MAX_BODY_BYTES:
            await _TOO_LONG(scope, receive, send)
            return
        try:
            await self._app(scope, _Counting(receive), send)
        except TooLongError:
            await _TOO_LONG(scope, receive, send)


class _Counting:
    """Receives a body of which no more is kept than may come."""

    __slots__ = ("_left", "_receive")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = MAX_BODY_BYTES

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLongError
        return message


def _is_foreign(headers: dict[bytes, bytes]) -> bool:
    """A browser says of the request that another page makes it; its Host is ours for sure."""
    if headers.get(b"sec-fetch-site", b"none").lower() not in _OWN_SITES:
        return True
    origin = headers.get(b"origin")
    return origin is not None and origin.lower() != b"http://" + headers.get(b"host", b"").lower()


def _refuse(status: int, text: str) -> PlainTextResponse:
    # What else the client sends is not read.
    return PlainTextResponse(text, status_code=status, headers={"Connection": "close"})


_FOREIGN = _refuse(403, "A web page elsewhere can't send to the sandbox.")
_TOO_LONG = _refuse(413, f"The body has more than {MAX_BODY_BYTES:,} bytes.")


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol over httptools, which by itself takes heads of any length at any pace."""

    _head_bytes: int | None = None  # None where no head is under way
    _is_behind_another = False  # a request ended in the same piece of data as the head began
    _began_at: float | None = None
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._began_at = self.loop.time()
        self._timer = self.loop.call_later(PATIENCE_S, self._look)

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
        self._began_at = self.loop.time()
        super().on_message_begin()
        self.scope["state"]["cut"] = self.transport.abort  # for faults on purpose

    def on_headers_complete(self) -> None:
        """Its head is there."""
        self._head_bytes = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """It is whole."""
        self._is_behind_another = True
        self._began_at = None
        super().on_message_complete()

    def _look(self) -> None:
        """Close a connection on which a request has not become whole in time."""
        if self._began_at is not None and self.loop.time() - self._began_at >= PATIENCE_S:
            self.transport.close()
            return
        self._timer = self.loop.call_later(PATIENCE_S, self._look)
