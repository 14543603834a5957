"""How a browser comes in: by the key of the moment, or by the password; and how it leaves."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bulk_loader.desk.login import Answer
from bulk_loader.desk.rendering import Told, page

if TYPE_CHECKING:
    from starlette.requests import Request

    from bulk_loader.desk.login import Login
    from bulk_loader.desk.office import Office

COOKIE = "bulk_loader_desk"
_MARK = "bulk_loader_desk_known"
_MARKED_FOR_S = 90 * 24 * 3600
_LIMITS = {"max_files": 0, "max_fields": 5, "max_part_size": 16 * 1024}
# What stands behind the root path, so that it can't lead anywhere else.
_WAY = re.compile(r"[a-z0-9]+(/[A-Za-z0-9_-]+)*")


def entrance(office: Office) -> list[Route]:
    """The addresses that need no session."""
    at = f"/{office.place}"
    if office.door.login is None:
        return [Route(f"{at}/open", _Key(office).open)]
    way_in = _Password(office, office.door.login)
    return [
        Route("/", way_in.home),
        Route(at, way_in.home),
        Route(f"{at}/login", way_in.show),
        Route(f"{at}/login", way_in.log_in, methods=["POST"]),
        Route(f"{at}/logout", way_in.log_out, methods=["POST"]),
    ]


def doors(office: Office) -> tuple[str, ...]:
    """The addresses to which a browser may come from elsewhere."""
    at = f"/{office.place}"
    return (f"{at}/open",) if office.door.login is None else ("/", at, f"{at}/", f"{at}/login")


def shut_out(office: Office, request: Request) -> Response:
    """For somebody who has no session, or has no more."""
    at = f"/{office.place}"
    if office.door.login is None:
        return _closed(at)
    if _is_from_elsewhere(request):
        return _go_on(request, f"{at}/")
    way = request.url.path.removeprefix(f"{at}/")
    is_page = request.method == "GET" and _WAY.fullmatch(way)
    return RedirectResponse(f"{at}/login" + (f"?next={way}" if is_page else ""), 303)


@dataclass(frozen=True, slots=True)
class _Cookie:
    """What a browser keeps; `max_age_s` None until it is closed."""

    name: str
    path: str
    max_age_s: int | None = None


class _Key:
    """The address with the key: whoever has it gets a session, once."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._at = f"/{office.place}"

    async def open(self, request: Request) -> Response:
        door = self._office.door
        session = door.open(request.query_params.get("key", ""))
        if session is None and door.form_token(request.cookies.get(COOKIE, "")) is None:
            return _closed(self._at)
        response = _go_on(request, f"{self._at}/")
        if session is not None:  # else it is the same link once more
            _keep(response, request, _Cookie(COOKIE, self._at), session)
        return response


class _Password:
    """The page that asks for the password."""

    def __init__(self, office: Office, login: Login) -> None:
        self._door = office.door
        self._login = login
        self._at = f"/{office.place}"

    async def home(self, request: Request) -> Response:
        return _go_on(request, f"{self._at}/")

    async def show(self, request: Request) -> Response:
        if _is_from_elsewhere(request):
            return _go_on(request, f"{self._at}/")
        way = request.query_params.get("next", "")
        if self._door.form_token(request.cookies.get(COOKIE, "")) is not None:
            return RedirectResponse(self._to(way), 303)
        return self._page(way, 200)

    async def log_in(self, request: Request) -> Response:
        async with request.form(**_LIMITS) as form:
            typed, way = (form.get(name, "") for name in ("password", "next"))
        if not isinstance(typed, str) or not isinstance(way, str):
            return self._page("", 422)
        address = request.client.host if request.client else ""
        verdict = await self._login.judge(typed, address, request.cookies.get(_MARK, ""))
        match verdict.answer:
            case Answer.WRONG:
                return self._page(way, 422, _WRONG)
            case Answer.LATER:
                return self._page(way, 429, _later(verdict.wait_s))
        response = RedirectResponse(self._to(way), 303)
        self._door.leave(request.cookies.get(COOKIE, ""))
        _keep(response, request, _Cookie(COOKIE, self._at), self._door.let_in())
        marked = _Cookie(_MARK, f"{self._at}/login", _MARKED_FOR_S)
        _keep(response, request, marked, self._login.new_mark())
        return response

    async def log_out(self, request: Request) -> Response:
        session = request.cookies.get(COOKIE, "")
        async with request.form(**_LIMITS) as form:
            given = form.get("token", "")
        if isinstance(given, str) and self._door.takes(session, given):
            self._door.leave(session)
        response = RedirectResponse(f"{self._at}/login", 303)
        response.delete_cookie(COOKIE, self._at)
        return response

    def _to(self, way: str) -> str:
        return f"{self._at}/{way if _WAY.fullmatch(way) else ''}"

    def _page(self, way: str, status: int, *errors: Told) -> Response:
        return HTMLResponse(page("login.html", at=self._at, way=way, errors=list(errors)), status)


def _keep(response: Response, request: Request, cookie: _Cookie, value: str) -> None:
    response.set_cookie(
        cookie.name,
        value,
        max_age=cookie.max_age_s,
        path=cookie.path,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def _go_on(request: Request, to: str) -> Response:
    """To a page of ours, with the cookie.

    A browser that comes from elsewhere, as from a file, sends no strict cookie along with where it
    is sent on to; a page of ours that is shown between makes the next one asked for by ourselves.
    """
    if _is_from_elsewhere(request):
        return HTMLResponse(page("opening.html", to=to))
    return RedirectResponse(to, 303)


def _is_from_elsewhere(request: Request) -> bool:
    return request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")


_WRONG = Told(
    "That is not the password.",
    "",
    "Type it once more; who runs the desk can set another one.",
    "password",
)


def _later(wait_s: float) -> Told:
    seconds = math.ceil(wait_s)
    return Told(
        "The password was not looked at.",
        "It was guessed too often in a short time.",
        f"Wait for {'a second' if seconds == 1 else f'{seconds} seconds'}, then try again.",
        "password",
    )


def _closed(at: str) -> Response:
    told = Told(
        "The desk is not open in this browser.",
        "Its key was used already, or the desk was started anew since.",
        "Open the address that was printed last in the window where bulk-loader desk runs.",
    )
    return HTMLResponse(page("closed.html", at=at, errors=[told]), 403)
