"""What can be asked of the sandbox without calling anybody, as public clients ask real dialers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bulk_loader.sandbox.door import read_fields

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request

    from bulk_loader.sandbox.sessions import Sessions
    from bulk_loader.sandbox.store import Store

# No database is asked: these are all the questions that have an answer here.
_KNOWN = re.compile(r"SELECT campaign FROM ccdata\.dialer", re.IGNORECASE)
_COUNTED = re.compile(
    r"SELECT campaign, COUNT\(\*\) AS waiting FROM ccdata\.(calls_spool|calls_scheduler)"
    r" GROUP BY campaign",
    re.IGNORECASE,
)


class Looking:
    """Campaigns, what waits for them, and whether a token is good.

    Args:
        campaigns: those that have a dialer.
    """

    def __init__(self, store: Store, sessions: Sessions, campaigns: Sequence[str]) -> None:
        self._store = store
        self._sessions = sessions
        self._campaigns = campaigns

    def routes(self) -> list[Route]:
        """The addresses; each of them wants a token."""
        resources = "/Integra/resources"
        return [
            Route(f"{resources}/forms/FormGet", self._guarded(self._form_get), methods=["POST"]),
            Route(
                f"{resources}/queues/getqueuemembersofqueue",
                self._guarded(_nobody),
                methods=["POST"],
            ),
            Route("/api/interactions", self._guarded(_nobody)),
        ]

    def _guarded(
        self, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def reply(request: Request) -> Response:
            if fault := self._sessions.fault_of(request.headers.get("authorization", "")):
                return PlainTextResponse(fault, status_code=401)
            return await answer(request)

        return reply

    async def _form_get(self, request: Request) -> Response:
        """The rows that a query gives, as a list of objects; `0` for another query."""
        query = " ".join((await read_fields(request)).get("query", "").split())
        if _KNOWN.fullmatch(query):
            return JSONResponse([{"campaign": name} for name in self._campaigns])
        if counted := _COUNTED.fullmatch(query):
            waiting = self._store.waiting(is_dated=counted[1].lower() == "calls_scheduler")
            return JSONResponse([{"campaign": name, "waiting": n} for name, n in waiting.items()])
        return PlainTextResponse("0")


async def _nobody(_request: Request) -> Response:
    """The sandbox has no agents and no interactions."""
    return JSONResponse([])
