"""What keeps the desk from strangers: rebound names, other web pages, endless requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse

from bulk_loader.serving.protocol import LimitedProtocol
from bulk_loader.serving.strangers import (
    COMMON_HEADERS,
    Counting,
    TooLongError,
    is_declared_longer,
    is_foreign,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A million leads in ten columns take about 60 MB as .xlsx, and 100 MB as text.
MAX_UPLOAD_BYTES: Final = 200 * 1024 * 1024
MAX_FORM_BYTES: Final = 256 * 1024  # a form about columns has some hundred short values

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

ANSWER_HEADERS: Final = [
    *COMMON_HEADERS,
    # Nothing goes to others. With no-referrer browsers would say "Origin: null" of our own forms,
    # too, and so could not be held to it (the Fetch standard, "append a request Origin header").
    ("Referrer-Policy", "same-origin"),
    ("Content-Security-Policy", _POLICY),
]
"""Of every answer, whatever it is to."""

_HOSTS = (b"127.0.0.1", b"localhost")


class PatientProtocol(LimitedProtocol):
    """As that of the sandbox, for a browser that sends a large file while the machine is busy."""

    patience_s = 300.0


class Guard:
    """Refuses what is not from a page of the desk itself, and what is too long.

    A request under a name that is not this machine's comes from a page elsewhere whose name was
    pointed at 127.0.0.1 (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, uploads: tuple[str, ...]) -> None:
        self._app = app
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer in its place."""
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        if headers.get(b"host", b"").lower().rpartition(b":")[0] not in _HOSTS:
            await _STRANGE_HOST(scope, receive, send)
        elif is_foreign(headers):
            await _FOREIGN(scope, receive, send)
        else:
            await self._bounded(headers, scope, receive, send)

    async def _bounded(
        self, headers: dict[bytes, bytes], scope: Scope, receive: Receive, send: Send
    ) -> None:
        most = MAX_UPLOAD_BYTES if scope["path"].endswith(self._uploads) else MAX_FORM_BYTES
        body = Counting(receive, most)
        try:
            if is_declared_longer(headers, most):
                raise TooLongError  # noqa: TRY301 - told in the same words as one that turns out so
            await self._app(scope, body, send)
        except TooLongError:
            if body.has_more:
                await _read_off(receive, MAX_UPLOAD_BYTES)
            await _too_long(most)(scope, receive, send)


async def _read_off(receive: Receive, most: int) -> None:
    """Take what still comes and forget it, within bounds.

    A browser that is still sending when the connection ends shows its own error instead of ours.
    """
    while most > 0:
        message: Message = await receive()
        most -= len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


def _refuse(status: int, text: str) -> PlainTextResponse:
    return PlainTextResponse(text, status_code=status, headers={"Connection": "close"})


def _too_long(most: int) -> PlainTextResponse:
    return _refuse(
        413,
        f"What was sent is too large.\nThe desk takes {most // 1024:,} kB here, and a larger list "
        "only the command line does.\nGo back, and choose another file; or in a terminal: "
        "bulk-loader upload FILE",
    )


_STRANGE_HOST = _refuse(
    400,
    "This is not an address of the desk.\nIt is reached as 127.0.0.1 only, so that no web page "
    "elsewhere can pass for it.\nOpen the address that was printed where the desk was started.",
)
_FOREIGN = _refuse(
    403,
    "The desk was not opened: another web page asked for it.\nOnly its own pages may, so that no "
    "other can send leads in your name.\nCopy the address into the browser's address bar.",
)
