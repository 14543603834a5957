"""The desk's addresses, and who may ask for them."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bulk_loader.desk.entrance import COOKIE, doors, entrance, shut_out
from bulk_loader.desk.following import Following
from bulk_loader.desk.guard import MAX_UPLOAD_BYTES, Guard, read_off
from bulk_loader.desk.pages import (
    checking,
    columns,
    correcting,
    credentials,
    history,
    home,
    job_runs,
    jobs,
    rehearsing,
    results,
    sending,
    settings,
    templates,
)
from bulk_loader.desk.rendering import Told, page
from bulk_loader.desk.visit import NotThereError, Visit
from bulk_loader.errors import LoaderError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from bulk_loader.desk.office import Office

_STATIC = {"desk.css": "text/css", "desk.js": "text/javascript"}
_MAX_FIELDS = 200  # the largest form, that of the settings, has 111
_MAX_VALUE_BYTES = 64 * 1024


def build_app(office: Office) -> Starlette:
    """The application, ready to be served."""
    at = f"/{office.place}"
    one, job = f"{at}/lists/{{list_id}}", f"{at}/jobs/{{job}}"
    shown: dict[str, Callable[[Visit], Response]] = {
        f"{at}/": home.home,
        one: home.current,
        f"{one}/columns": columns.show,
        f"{one}/check": checking.show,
        f"{one}/marked": checking.show_marked,
        f"{one}/marked/file": checking.download_marked,
        f"{one}/correct": correcting.show,
        f"{one}/correct/file": correcting.download,
        f"{one}/correct/dropped": correcting.download_dropped,
        f"{one}/correct/undo": correcting.show_undo,
        f"{one}/rehearse": rehearsing.show,
        f"{one}/rehearse/report": rehearsing.download,
        f"{one}/send": sending.show,
        f"{one}/progress": sending.progress,
        f"{one}/results": results.show,
        f"{one}/results/file": results.download,
        f"{one}/results/report": results.download_report,
        f"{one}/retry": results.show_retry,
        f"{one}/remove": home.show_remove,
        f"{at}/template": templates.download,
        f"{at}/runs": history.runs,
        f"{at}/runs/{{run_id}}": history.run,
        f"{at}/jobs": jobs.jobs,
        job: jobs.job,
        f"{job}/run": job_runs.show,
        f"{job}/progress": job_runs.progress,
        f"{job}/night/{{number}}/{{what}}": jobs.download_of_night,
        f"{job}/lists/{{run_id}}/{{what}}": jobs.download,
        f"{at}/settings": settings.overview,
        f"{at}/settings/general": settings.show,
        f"{at}/settings/profiles/{{profile:path}}": settings.show,
        f"{at}/settings/credentials": credentials.show,
        f"{at}/settings/credentials/{{profile:path}}": credentials.show,
    }
    taken: dict[str, Callable[[Visit], Response]] = {
        f"{at}/lists": home.drop,
        f"{one}/read": columns.read,
        f"{one}/columns": columns.choose,
        f"{one}/correct": correcting.save,
        f"{one}/correct/undo": correcting.undo,
        f"{one}/anew": columns.begin_anew,
        f"{one}/rehearse": rehearsing.rehearse,
        f"{one}/send": sending.send,
        f"{one}/stop": sending.stop,
        f"{one}/pause": sending.pause,
        f"{one}/end-pause": sending.end_pause,
        f"{one}/go-on": sending.go_on,
        f"{one}/retry": results.retry,
        f"{one}/remove": home.remove,
        f"{job}/run": job_runs.run,
        f"{job}/stop": job_runs.stop,
        f"{at}/settings": settings.begin,
        f"{at}/settings/profiles": settings.add,
        f"{at}/settings/general": settings.save,
        f"{at}/settings/profiles/{{profile:path}}": settings.save,
        f"{at}/settings/login": credentials.log_in,
        f"{at}/settings/logout": credentials.log_out,
    }
    routes = [
        *entrance(office),
        *(Route(f"{at}/{name}", _static(name, kind)) for name, kind in _STATIC.items()),
        Route(f"{one}/events", _events(office)),
        *(Route(path, _shown(office, show)) for path, show in shown.items()),
        *(Route(path, _taken(office, take), methods=["POST"]) for path, take in taken.items()),
    ]
    # A form may go to the address of a page, and routes are asked in their order.
    routes.sort(key=lambda route: "POST" not in (route.methods or ()))
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, doors=doors(office), reach=office.options.reach)],
        exception_handlers={
            HTTPException: _not_there,
            ClientDisconnect: _nobody_left,
            OSError: _no_room(at),
        },
    )


def _events(office: Office) -> Callable[[Request], Awaitable[Response]]:
    """What changes on the page of a sending, for as long as it is open."""
    following = Following(office)

    async def answer(request: Request) -> Response:
        session = request.cookies.get(COOKIE, "")
        if office.door.form_token(session) is None:
            return shut_out(office, request)
        return following.events(session, request.path_params["list_id"])

    return answer


def _shown(
    office: Office, show: Callable[[Visit], Response]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        form_token = office.door.form_token(request.cookies.get(COOKIE, ""))
        if form_token is None:
            return shut_out(office, request)
        visit = Visit(office, form_token, request.path_params, request.query_params)
        return await run_in_threadpool(_answer, show, visit)

    return answer


def _taken(
    office: Office, take: Callable[[Visit], Response]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        session = request.cookies.get(COOKIE, "")
        form_token = office.door.form_token(session)
        if form_token is None:
            return shut_out(office, request)
        limits = {"max_files": 1, "max_fields": _MAX_FIELDS, "max_part_size": _MAX_VALUE_BYTES}
        async with request.form(**limits) as form:
            given = form.get("token", "")
            if not isinstance(given, str) or not office.door.takes(session, given):
                return _forged(f"/{office.place}")
            visit = Visit(office, form_token, request.path_params, request.query_params, form)
            return await run_in_threadpool(_answer, take, visit)

    return answer


def _answer(show: Callable[[Visit], Response], visit: Visit) -> Response:
    """What the page answers; every way of failing is a page, too."""
    try:
        return show(visit)
    except NotThereError as error:
        return visit.show_error(error.told, 404)
    except LoaderError as error:
        return visit.show_error(Told.of(error), 422)
    except Exception as fault:  # noqa: BLE001 - a bug ends as a message and a report, too
        told = visit.office.options.crashed(fault, has_started=False)
        return visit.show_error(Told.of(told), 500)


def _static(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    text = resources.files("bulk_loader.desk").joinpath("static", name).read_text("utf-8")

    async def show(_request: Request) -> Response:
        return Response(text, media_type=media_type)

    return show


def _forged(at: str) -> Response:
    told = Told(
        "Nothing was done.",
        "The form does not come from a page of this desk, or from one that was shown before it was "
        "opened anew.",
        "Go back, reload the page, and try again.",
    )
    return HTMLResponse(page("closed.html", at=at, errors=[told]), 403)


async def _nobody_left(_request: Request, _error: Exception) -> Response:
    """The browser went away in the middle of what it sent, so nobody reads this."""
    return Response(status_code=400)


def _no_room(at: str) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What comes is put down where temporary files are, before any page sees it."""

    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, OSError)
        await read_off(request.receive, MAX_UPLOAD_BYTES)
        told = Told(
            "The list can't be kept.",
            f"{error.strerror or error}.",
            "Make room on the disk, where temporary files are too (TMPDIR), and drop it once more.",
        )
        return HTMLResponse(page("closed.html", at=at, errors=[told]), 507)

    return answer


async def _not_there(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    told = Told("There is no such page.", "", "Open the address that was printed by the desk.")
    if error.status_code == 400:  # noqa: PLR2004
        told = Told("The form can't be read.", f"{error.detail}", "Go back, and try again.")
    return HTMLResponse(page("closed.html", at="", errors=[told]), error.status_code)
