"""The sandbox's addresses: those of the dialer, and those to look at its queue."""

from __future__ import annotations

import asyncio
from importlib import resources
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bulk_loader.model import Field
from bulk_loader.sandbox.desk import Reply
from bulk_loader.sandbox.door import Door
from bulk_loader.sandbox.guard import Guard
from bulk_loader.sandbox.looking import Looking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from bulk_loader.sandbox.desk import Desk, Refusal
    from bulk_loader.sandbox.options import SandboxOptions
    from bulk_loader.sandbox.sessions import Sessions
    from bulk_loader.sandbox.store import QueuedTask, Store

TASK_PATH = "/Integra/resources/Dialers/DialerTask"

DEFAULT_LIMIT = 1000
MAX_LIMIT = 10_000  # an answer of about 3 MB
SHOWN_ON_PAGE = 12

# The queue holds phone numbers. With a foreign Host header a web page elsewhere, whose name was
# pointed at 127.0.0.1, could read it through the browser (DNS rebinding).
_HOSTS = ["127.0.0.1", "localhost"]
_PAGE = {"": "text/html", "watch.css": "text/css", "watch.js": "text/javascript"}


def build_app(options: SandboxOptions, store: Store, sessions: Sessions, desk: Desk) -> Starlette:
    """The application, ready to be served."""
    window = _Window(store, desk)
    routes = [
        Route(TASK_PATH, _TaskEndpoint(desk, options.latency_s), methods=["POST"]),
        *Door(sessions, options).routes(),
        *Looking(store, sessions, options.campaigns).routes(),
        Route("/api/queue", window.queue),
        Route("/api/refused", window.refused),
        Route("/api/overview", window.overview),
        Route("/health", _health),
        *(Route(f"/{name}", _page(name, media_type)) for name, media_type in _PAGE.items()),
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


class _Window:
    """Looks at the queue and the log without changing them."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    async def queue(self, request: Request) -> Response:
        """A part of the queue in order; `next` is the address of the part after it, or null."""
        try:
            after = _number(request, "after", default=0, most=None)
            limit = _number(request, "limit", default=DEFAULT_LIMIT, most=MAX_LIMIT)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        tasks = list(self._store.after(after, limit))
        is_full = len(tasks) == limit
        following = f"/api/queue?after={tasks[-1].id}&limit={limit}" if is_full else None
        total = sum(self._store.counts().values())
        return JSONResponse({"queued": total, "tasks": list(map(_task, tasks)), "next": following})

    async def refused(self, _request: Request) -> Response:
        """How many were refused since the start, and the reasons of the last, newest first."""
        refusals = list(map(_refusal, self._desk.refusals()))
        return JSONResponse({"refused": self._desk.refused, "refusals": refusals})

    async def overview(self, _request: Request) -> Response:
        """What the page shows."""
        campaigns = self._store.counts()
        return JSONResponse(
            {
                "queued": sum(campaigns.values()),
                "refused": self._desk.refused,
                "campaigns": [{"campaign": name, "tasks": n} for name, n in campaigns.items()],
                "tasks": list(map(_task, self._store.newest(SHOWN_ON_PAGE))),
                "refusals": list(map(_refusal, self._desk.refusals()[:SHOWN_ON_PAGE])),
            }
        )


def _number(request: Request, name: str, *, default: int, most: int | None) -> int:
    """A whole number from the address's query.

    Raises:
        ValueError: it is none, or negative; more than `most` counts as `most`.
    """
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004 - SQLite's integers
        raise ValueError(f"{name} must be a whole number, 0 or more")
    return int(text) if most is None else max(1, min(int(text), most))


def _task(queued: QueuedTask) -> dict[str, object]:
    received_at = queued.received_at.isoformat(timespec="milliseconds")
    keys = {key.value: getattr(queued.task, key) for key in Field}
    return {"id": queued.id, "received_at": received_at, "state": queued.state, **keys}


def _refusal(refusal: Refusal) -> dict[str, object]:
    received_at = refusal.received_at.isoformat(timespec="milliseconds")
    return {"id": refusal.id, "received_at": received_at, "reason": refusal.reason}


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


def _page(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    file = resources.files("bulk_loader.sandbox").joinpath("page", name or "index.html")
    text = file.read_text(encoding="utf-8")

    async def show(_request: Request) -> Response:
        return Response(text, media_type=media_type)

    return show
