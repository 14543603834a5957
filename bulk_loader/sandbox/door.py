"""Logins and their end, in each of the shapes that dialers were seen to have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bulk_loader.choices import LoginPath, LoginShape, SessionEnd
from bulk_loader.sandbox.checks import NotATaskError, read_form

if TYPE_CHECKING:
    from starlette.requests import Request

    from bulk_loader.sandbox.options import SandboxOptions
    from bulk_loader.sandbox.sessions import Sessions

END_PATH = "/Integra/resources/auth/EndSession"

_OLD_SHAPES = frozenset({LoginShape.OLD_THIRD, LoginShape.OLD_LAST, LoginShape.OLD_OBJECT})
_YES, _NO = "1", "0"  # as real dialers answer, with 200


class Door:
    """Opens sessions in the newer way and the older one, and ends them."""

    def __init__(self, sessions: Sessions, options: SandboxOptions) -> None:
        self._sessions = sessions
        self._shape = options.login_shape
        self._end = options.session_end

    def routes(self) -> list[Route]:
        """The addresses; an older instance has no `getUserToken`."""
        routes = [
            Route(LoginPath.USER_LOGIN.path, self.user_login, methods=["POST"]),
            Route(END_PATH, self.end_session, methods=["POST"]),
        ]
        if self._shape not in _OLD_SHAPES:
            path = LoginPath.GET_USER_TOKEN.path
            routes.append(Route(path, self.get_user_token, methods=["POST"]))
        return routes

    async def get_user_token(self, request: Request) -> Response:
        """The token as plain text, in quotes, or as the last of a list."""
        token = await self._open(request)
        if token is None:
            return PlainTextResponse(_NO)
        match self._shape:
            case LoginShape.QUOTED:
                return JSONResponse(token)
            case LoginShape.LIST:
                return JSONResponse([_YES, token])
            case _:
                return PlainTextResponse(token)

    async def user_login(self, request: Request) -> Response:
        """A list with the token third or last, or in an object; what the others hold is not known."""
        token = await self._open(request)
        if token is None:
            return PlainTextResponse(_NO)
        match self._shape:
            case LoginShape.OLD_LAST:
                return JSONResponse([_YES, "", "sandbox", token])
            case LoginShape.OLD_OBJECT:
                return JSONResponse([{"name": "sandbox", "md5secret": token}])
            case _:
                return JSONResponse([_YES, "", token])

    async def end_session(self, request: Request) -> Response:
        """`1` where a session was ended, by its own token."""
        in_form = {} if self._end is SessionEnd.QUERY else await read_fields(request)
        in_query = {} if self._end is SessionEnd.FORM else request.query_params
        is_ended = self._sessions.close({**in_query, **in_form}.get("token", ""))
        return PlainTextResponse(_YES if is_ended else _NO)

    async def _open(self, request: Request) -> str | None:
        fields = await read_fields(request)
        return self._sessions.open(fields.get("user", ""), fields.get("password", ""))


async def read_fields(request: Request) -> dict[str, str]:
    """The fields of a form; none where it is no form."""
    try:
        return dict(read_form(request.headers.get("content-type", ""), await request.body()))
    except NotATaskError:
        return {}
