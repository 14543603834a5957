"""The page at `/`: whole as it is asked for, and then what has changed, for as long as it is open."""

from __future__ import annotations

import asyncio
import json
from importlib import resources
from string import Template
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bulk_loader.sandbox.look import LOOK_S
from bulk_loader.sandbox.parts import parts_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request

    from bulk_loader.sandbox.look import Onlooker

MOST_WATCHERS = 20  # pages that are open at once
_TICK_S = 0.2  # how long an open page may hold up the sandbox's end

_FILES = {"watch.css": "text/css", "watch.js": "text/javascript"}


class Watching:
    """Shows the sandbox to people.

    Args:
        is_ending: tells that the sandbox ends, and every open page with it.
    """

    def __init__(self, onlooker: Onlooker, is_ending: Callable[[], bool]) -> None:
        self._onlooker = onlooker
        self._is_ending = is_ending
        self._page = Template(_read("index.html"))
        self._watchers = 0

    def routes(self) -> list[Route]:
        """The page, its files, and its changes."""
        return [
            Route("/", self._show),
            Route("/api/events", self._events),
            *(Route(f"/{name}", _file(name, kind)) for name, kind in _FILES.items()),
        ]

    async def _show(self, request: Request) -> Response:
        return Response(self._page.substitute(self._parts(request)), media_type="text/html")

    async def _events(self, request: Request) -> Response:
        """Server-sent events, each with the parts that have changed, by their ids."""
        if self._watchers >= MOST_WATCHERS:
            return PlainTextResponse("Too many pages are open.", status_code=503)
        return StreamingResponse(self._changes(request), media_type="text/event-stream")

    async def _changes(self, request: Request) -> AsyncIterator[str]:
        self._watchers += 1
        shown: dict[str, str] = {}
        try:
            while not self._is_ending():
                parts = self._parts(request)
                changed = {name: part for name, part in parts.items() if shown.get(name) != part}
                yield f"data: {json.dumps(changed)}\n\n"
                shown = parts
                await self._wait()
        finally:
            self._watchers -= 1

    async def _wait(self) -> None:
        for _ in range(round(LOOK_S / _TICK_S)):
            if not self._is_ending():
                await asyncio.sleep(_TICK_S)

    def _parts(self, request: Request) -> dict[str, str]:
        return parts_of(self._onlooker.look(), str(request.base_url).rstrip("/"))


def _file(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    text = _read(name)

    async def show(_request: Request) -> Response:
        return Response(text, media_type=media_type)

    return show


def _read(name: str) -> str:
    file = resources.files("bulk_loader.sandbox").joinpath("page", name)
    return file.read_text(encoding="utf-8")
