"""A sending as it goes on, told to each page that is open on it by server-sent events."""

from __future__ import annotations

import asyncio
import json
from time import monotonic
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response, StreamingResponse

from bulk_loader.desk.pages.sending import Live
from bulk_loader.desk.rendering import page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bulk_loader.desk.course import Course
    from bulk_loader.desk.office import Office
    from bulk_loader.desk.records import ListRecord

# A browser opens six connections to a server for all of its tabs together, and a page that is told
# of changes keeps one. So of each browser only the newest pages are; older ones ask.
MOST_A_SESSION = 3

LOOK_S = 1.0
_TICK_S = 0.2  # how long an end or a pause may go unnoticed
_ALIVE_S = 15.0  # something is said at least so often, so that a window that is gone is noticed


class Following:
    """Tells pages how sendings go on; all of it runs in the event loop of the server."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._open: dict[str, list[object]] = {}

    def events(self, session: str, list_id: str) -> Response:
        """The events about a list; 204 where it is not being sent, which a browser does not ask again."""
        course, record = self._office.sendings.course(list_id), self._office.shelf.find(list_id)
        if course is None or record is None:
            return PlainTextResponse("", status_code=204)
        told = self._told(session, record, course)
        return StreamingResponse(told, media_type="text/event-stream")

    async def _told(self, session: str, record: ListRecord, course: Course) -> AsyncIterator[str]:
        mark = object()
        marks = self._open.setdefault(session, [])
        marks.append(mark)
        del marks[:-MOST_A_SESSION]
        shown, said_at = "", 0.0
        try:
            while self._office.sendings.course(record.id) is course:
                form_token = self._office.door.form_token(session)
                if form_token is None or mark not in marks:
                    yield _event("ask")
                    return
                html, now = self._html(record, course, form_token), monotonic()
                if html != shown or now - said_at > _ALIVE_S:
                    yield _event("message", html)
                    shown, said_at = html, now
                await self._wait(record, course, marks, mark)
            yield self._last(record, course)
        finally:
            if mark in marks:
                marks.remove(mark)
            if not marks and self._open.get(session) is marks:
                del self._open[session]

    async def _wait(
        self, record: ListRecord, course: Course, marks: list[object], mark: object
    ) -> None:
        """Until it is time to look again: after a while, or as soon as somebody has done something."""
        wishes = course.wishes
        for _ in range(round(LOOK_S / _TICK_S)):
            is_over = self._office.sendings.course(record.id) is not course
            if is_over or mark not in marks or course.wishes != wishes:
                return
            await asyncio.sleep(_TICK_S)

    def _last(self, record: ListRecord, course: Course) -> str:
        """There is something else to be seen now; or nothing any more, where the desk ends."""
        if self._office.sendings.is_closing:
            return _event("closed", self._html(record, course, "", is_closed=True))
        return _event("over")

    def _html(
        self, record: ListRecord, course: Course, form_token: str, *, is_closed: bool = False
    ) -> str:
        live, at = Live.of(record, course, is_closed=is_closed), f"/{self._office.place}"
        return page("live.html", at=at, form_token=form_token, record=record, live=live)


def _event(name: str, html: str = "") -> str:
    return f"event: {name}\ndata: {json.dumps(html)}\n\n"
