"""A step that may be left out: the list is played through a simulated dialer, and nobody is called."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.responses import FileResponse

from bulk_loader.desk.records import RehearsalWish
from bulk_loader.desk.rendering import Told
from bulk_loader.desk.visit import NotThereError
from bulk_loader.errors import LoaderError
from bulk_loader.workflows import rehearsal_words as words

if TYPE_CHECKING:
    from starlette.responses import Response

    from bulk_loader.desk.visit import Visit
    from bulk_loader.workflows.rehearsed import Rehearsal

FIELDS = ("agents", "shift", "seeds")
DAYS = (1, 5, 20)
"""Days that may be played, each with other answers; more only take longer."""


def show(visit: Visit) -> Response:
    """What is assumed, and what would come of it."""
    record = visit.record
    if record.is_sending or record.is_results:
        return visit.go(record, "progress" if record.is_sending else "check")
    wish = record.rehearsal
    if wish is None:
        return _show(visit, None)
    try:
        work = visit.office.rehearse(record, wish)
    except LoaderError as error:
        return _show(visit, wish, *Told.each(error, FIELDS))
    done = work.wait()
    if done is None:
        return visit.show("waiting.html", record=record, step="rehearse", notes=())
    if done.error is not None:
        return _show(visit, wish, *Told.each(done.error, FIELDS))
    return _show(visit, wish, found=done.result)


def rehearse(visit: Visit) -> Response:
    """Play the list by what was typed; nothing is sent, whatever becomes of it."""
    record = visit.record
    typed = {name: visit.text(name).strip() for name in FIELDS}
    wish = RehearsalWish(asked_at=datetime.now(UTC), **typed)
    if not wish.agents:
        told = Told(
            "Say how many agents there are.",
            "How long a list takes hangs on it.",
            "Write a number, or their extensions such as 1001,1002.",
            "agents",
        )
        return _show(visit, wish, told)
    change = {"rehearsal": wish}
    visit.office.shelf.change(record.id, lambda now: now.model_copy(update=change))
    return visit.go(record, "rehearse")


def download(visit: Visit) -> Response:
    """The page of the last rehearsal, to be saved."""
    record = visit.record
    done = None
    if record.rehearsal is not None:
        done = visit.office.rehearse(record, record.rehearsal).wait(None)
    path = done.result.report if done and done.result else None
    if path is None or not path.is_file():
        raise NotThereError("There is no page of a rehearsal.", "", "Rehearse the list once more.")
    return FileResponse(path, filename=path.name, media_type="application/octet-stream")


def _show(
    visit: Visit, wish: RehearsalWish | None, *errors: Told, found: Rehearsal | None = None
) -> Response:
    return visit.show(
        "rehearse.html",
        status=422 if errors else 200,
        errors=errors,
        record=visit.record,
        wish=wish,
        days=DAYS,
        found=found,
        words=words,
        report=found.report.name if found and found.report else "",
    )
