"""The first page: a file is dropped there, and the lists at the desk are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.desk.records import Choices
from bulk_loader.desk.rendering import Told
from bulk_loader.desk.told import profile_names
from bulk_loader.errors import LockedError

if TYPE_CHECKING:
    from starlette.responses import Response

    from bulk_loader.desk.records import ListRecord
    from bulk_loader.desk.visit import Visit

SHOWN_LISTS = 50


def home(visit: Visit) -> Response:
    """Drop a file, or go on with one."""
    return _home(visit)


def drop(visit: Visit) -> Response:
    """Keep a file, and go to its columns."""
    file = visit.upload("file")
    if file is None:
        told = Told("Choose a file.", "None was chosen.", "It is the spreadsheet.", "file")
        return _home(visit, told)
    shelf = visit.office.shelf
    visit.office.sendings.remove_old(visit.office.options.keep)
    record = visit.office.sendings.add(file.filename or "", file.file)
    if (profile := visit.text("profile")) != record.choices.profile:
        chosen = {"choices": Choices(profile=profile)}
        shelf.change(record.id, lambda now: now.model_copy(update=chosen))
    return visit.go(record, "columns")


def current(visit: Visit) -> Response:
    """Where a list is."""
    record = visit.record
    return visit.go(record, step_of(record))


def step_of(record: ListRecord) -> str:
    """The step at which a list is."""
    if record.is_sending:
        return "progress"
    if record.last is not None or record.trouble is not None:
        return "results"
    return "check" if record.is_results else "columns"


def show_remove(visit: Visit) -> Response:
    """Ask whether a list is to be removed."""
    return visit.show("remove.html", record=visit.record)


def remove(visit: Visit) -> Response:
    """Remove a list, and all that stands beside it."""
    record = visit.record
    if not visit.office.sendings.remove(record):
        raise LockedError(
            f"{record.name} was not removed.",
            "Its leads are being sent.",
            "Stop the sending first, or wait for its end.",
        )
    return visit.go()


def _home(visit: Visit, *errors: Told) -> Response:
    lists = visit.office.shelf.all()
    return visit.show(
        "home.html",
        status=422 if errors else 200,
        errors=errors,
        lists=[(record, step_of(record)) for record in lists[:SHOWN_LISTS]],
        more=max(0, len(lists) - SHOWN_LISTS),
        profiles=profile_names(visit.office.options.flags),
        keep_days=visit.office.options.keep.days,
    )
