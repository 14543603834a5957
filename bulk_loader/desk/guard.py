"""What keeps the desk from strangers: rebound names, other web pages, endless requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse

from bulk_loader.desk.askers import asker_of
from bulk_loader.desk.reach import own_names
from bulk_loader.serving.protocol import LimitedProtocol
from bulk_loader.serving.strangers import (
    COMMON_HEADERS,
    Counting,
    TooLongError,
    has_lost_scheme,
    is_declared_longer,
    is_foreign,
    is_opened,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bulk_loader.desk.reach import Reach

# A million leads in ten columns take about 60 MB as .xlsx, and 100 MB as text.
MAX_UPLOAD_BYTES: Final = 200 * 1024 * 1024
UPLOAD_S: Final = 300.0  # at 6 Mbit/s
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

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::[0-9]{1,5})?")


UPLOADS: Final = "/lists"
"""How the address ends that takes a whole list."""


class PatientProtocol(LimitedProtocol):
    """As that of the sandbox, for a browser that sends a large file while the machine is busy."""

    def body_patience_s(self, path: str) -> float:
        """A list may take minutes, and nothing else."""
        return UPLOAD_S if path.endswith(UPLOADS) else self.patience_s


class Guard:
    """Refuses what is not from a page of the desk itself, and what is too long.

    A request under a name that is not ours comes from a page elsewhere whose name was pointed at
    this machine (DNS rebinding); an address in numbers can't be pointed anywhere.

    Args:
        doors: paths that a browser may come to from elsewhere, in a window of its own.
        reach: the names of the desk, and the proxies that stand before it.
    """

    def __init__(self, app: ASGIApp, doors: tuple[str, ...], reach: Reach) -> None:
        self._app = app
        self._doors = doors
        self._names = reach.names
        self._proxies = reach.networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer in its place."""
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        asker = asker_of(scope, self._proxies)
        if not self._is_ours(scope):
            await _STRANGE_HOST(scope, receive, send)
        elif is_foreign(headers, asker.scheme) and not self._may_come(scope, headers):
            refusal = _LOST_SCHEME if has_lost_scheme(headers) else _FOREIGN
            await refusal(scope, receive, send)
        else:
            told = {**scope, "scheme": asker.scheme, "client": (asker.address, 0)}
            await self._bounded(headers, told, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        """The one Host header (RFC 9112, 3.2) names this desk, whatever its port."""
        given = [value.lower() for name, value in scope["headers"] if name == b"host"]
        found = _HOST.fullmatch(given[0].decode("latin-1")) if len(given) == 1 else None
        if found is None:
            return False
        return found[1] in self._names or found[1] in own_names((scope["server"] or ("",))[0])

    def _may_come(self, scope: Scope, headers: dict[bytes, bytes]) -> bool:
        is_look = scope["method"] == "GET" and b"origin" not in headers
        return is_look and is_opened(headers) and scope["path"] in self._doors

    async def _bounded(
        self, headers: dict[bytes, bytes], scope: Scope, receive: Receive, send: Send
    ) -> None:
        most = MAX_UPLOAD_BYTES if scope["path"].endswith(UPLOADS) else MAX_FORM_BYTES
        body = Counting(receive, most)
        try:
            if is_declared_longer(headers, most):
                raise TooLongError  # noqa: TRY301 - told in the same words as one that turns out so
            await self._app(scope, body, send)
        except TooLongError:
            if body.has_more:
                await read_off(receive, MAX_UPLOAD_BYTES)
            await _too_long(most)(scope, receive, send)


async def read_off(receive: Receive, most: int) -> None:
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
    "This is not an address of the desk.\nIt is reached only by its own address and the names that "
    "it was given, so that no web page elsewhere can pass for it.\nOpen the address that was printed "
    "where the desk was started; a name for it is given there with --host-name.",
)
_FOREIGN = _refuse(
    403,
    "The desk was not opened: another web page asked for it.\nOnly its own pages may, so that no "
    "other can send leads in your name.\nCopy the address into the browser's address bar.",
)
_LOST_SCHEME = _refuse(
    403,
    "Nothing was done: the desk was asked by HTTPS, and has not been told so.\nA reverse proxy stands "
    "before it whose word it does not take.\nLet the proxy say X-Forwarded-Proto and X-Forwarded-For, "
    "and start the desk with --trust-proxy and the proxy's address.",
)
