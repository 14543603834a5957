"""What keeps the sandbox from strangers: other web pages, endless requests, slow clients.

It listens on the loopback only, but every page in a browser of this machine can send to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse

from bulk_loader.serving.strangers import (
    COMMON_HEADERS,
    Counting,
    TooLongError,
    is_declared_longer,
    is_foreign,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# Nine cells of 32,767 characters, as long as a spreadsheet's can be, take 5 MB where each is
# written as \u00f1 and then percent-encoded.
MAX_BODY_BYTES: Final = 8 * 1024 * 1024

ANSWER_HEADERS: Final = [
    *COMMON_HEADERS,
    ("Referrer-Policy", "no-referrer"),
    (
        "Content-Security-Policy",
        "default-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
]
"""Of every answer, whatever it is to."""


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
        if is_foreign(headers):
            await _FOREIGN(scope, receive, send)
            return
        if is_declared_longer(headers, MAX_BODY_BYTES):
            await _TOO_LONG(scope, receive, send)
            return
        try:
            await self._app(scope, Counting(receive, MAX_BODY_BYTES), send)
        except TooLongError:
            await _TOO_LONG(scope, receive, send)


def _refuse(status: int, text: str) -> PlainTextResponse:
    # What else the client sends is not read.
    return PlainTextResponse(text, status_code=status, headers={"Connection": "close"})


_FOREIGN = _refuse(403, "A web page elsewhere can't send to the sandbox.")
_TOO_LONG = _refuse(413, f"The body has more than {MAX_BODY_BYTES:,} bytes.")
