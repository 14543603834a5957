"""The sandbox's addresses: those of the dialer, and those to look at its queue."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bulk_loader.sandbox.desk import Reply
from bulk_loader.sandbox.door import Door
from bulk_loader.sandbox.guard import Guard
from bulk_loader.sandbox.look import Onlooker
from bulk_loader.sandbox.looking import Looking
from bulk_loader.sandbox.views import Views
from bulk_loader.sandbox.watching import Watching
from bulk_loader.sandbox.window import Window

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from bulk_loader.sandbox.desk import Desk
    from bulk_loader.sandbox.dialing import Dialing
    from bulk_loader.sandbox.options import SandboxOptions
    from bulk_loader.sandbox.sessions import Sessions
    from bulk_loader.sandbox.store import Store

TASK_PATH = "/Integra/resources/Dialers/DialerTask"

# The queue holds phone numbers. With a foreign Host header a web page elsewhere, whose name was
# pointed at 127.0.0.1, could read it through the browser (DNS rebinding).
_HOSTS = ["127.0.0.1", "localhost"]


def build_app(
    options: SandboxOptions, store: Store, sessions: Sessions, desk: Desk, dialing: Dialing
) -> Starlette:
    """The application, ready to be served."""
    views = Views(store, dialing)
    routes = [
        Route(TASK_PATH, _TaskEndpoint(desk, options.latency_s), methods=["POST"]),
        *Door(sessions, options).routes(),
        *Looking(store, sessions, options.campaigns).routes(),
        *Window(options, store, desk, views).routes(),
        Route("/health", _health),
        *Watching(Onlooker(options, store, desk, views), dialing.is_ending).routes(),
    ]
    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS), Middleware(Guard)]
    return Starlette(routes=routes, middleware=middleware)


class _TaskEndpoint:
    """`DialerTask` in plain ASGI: a trial of 100,000 rows should not wait for its sandbox.

    The vendor's page documents the bodies `1` and `0` and no status code. A bad task is answered
    with `0`; a bad token with 401, so that the client's rule for refused credentials can be seen.
    """

    def __init__(self, desk: Desk, latency_s: float) -> None:
        self._desk = desk
        self._latency_s = latency_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read_body(receive)
        if body is None:
            return
        headers = dict(scope["headers"])
        reply = await self._desk.reply(
            headers.get(b"authorization", b"").decode("latin-1"),
            headers.get(b"content-type", b"").decode("latin-1"),
            body,
        )
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        if reply is Reply.CUT:
            scope["state"]["cut"]()
            await receive()  # which is told of it
            return
        await send(_STARTS[reply])
        await send(_BODIES[reply])


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body; None where the client went away before its end."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


_TEXTS = {
    Reply.TAKEN: (200, b"1"),
    Reply.REFUSED: (200, b"0"),
    Reply.UNAUTHORIZED: (401, b"The token is missing or not valid here; see /api/refused."),
    Reply.THROTTLED: (429, b"Too many tasks a second, on purpose."),
    Reply.BROKEN: (500, b"Broken on purpose."),
}
_MORE_HEADERS = {
    Reply.UNAUTHORIZED: [(b"www-authenticate", b"Basic")],
    Reply.THROTTLED: [(b"retry-after", b"1")],
}
_STARTS = {
    reply: {
        "type": "http.response.start",
        "status": status,
        "headers": [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(text)).encode()),
            *_MORE_HEADERS.get(reply, []),
        ],
    }
    for reply, (status, text) in _TEXTS.items()
}
_BODIES = {
    reply: {"type": "http.response.body", "body": text} for reply, (_, text) in _TEXTS.items()
}


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})
