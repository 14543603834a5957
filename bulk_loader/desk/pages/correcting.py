"""Between check and send: the bad cells in a table, edited in place and checked again at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import FileResponse

from bulk_loader.desk.cell_forms import (
    STALE,
    Outcome,
    offered,
    one_line_end,
    outcome_of,
    shown_cell,
    typed_texts,
)
from bulk_loader.desk.pages.checking import failed
from bulk_loader.desk.visit import NotThereError, whole_number
from bulk_loader.errors import LoaderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.responses import Response

    from bulk_loader.desk.records import ListRecord
    from bulk_loader.desk.visit import Visit
    from bulk_loader.workflows.bad_cells import BadCells

MAX_CELLS = 100
"""Cells that one page holds."""

MAX_TOLD = 10
"""Errors in the summary; each stands at its input besides."""

_SOON_S = 0.4  # twice as long at the most: for the saving, and for the check after it


def show(visit: Visit) -> Response:
    """The cells that can be corrected by typing, as soon as they are known."""
    attempt = visit.office.corrections.last(visit.record.id)
    is_written = attempt is None or attempt.work.wait(_SOON_S) is not None
    record = visit.record  # as it is now that this is over
    if record.is_sending:
        return visit.go(record, "progress")
    if not is_written:
        return _waiting(visit, record)
    try:
        done = visit.office.bad_cells(record).wait(_SOON_S)
    except LoaderError as error:
        return failed(visit, error)
    if done is None:
        return _waiting(visit, record)
    if done.error is not None:
        return failed(visit, done.error)
    assert done.result is not None
    return _page(visit, record, done.result, outcome_of(record, done.result, attempt))


def save(visit: Visit) -> Response:
    """Write what was typed into the copy; a form that is older than the list writes nothing."""
    record, typed = visit.record, typed_texts(visit.form)
    at = str(whole_number(visit.text("from"), 0))
    if record.is_sending or not _is_now(visit, record):
        attempt = visit.office.corrections.last(record.id)
        if attempt is not None and (attempt.edition, attempt.form) == (visit.edition, typed):
            return visit.go(record, "correct", **{"from": at})  # a double click
        return _show_stale(visit, record, typed)
    done = visit.office.bad_cells(record).wait(None)
    if done is None or done.result is None:
        return visit.go(record, "correct")
    now = {(cell.row, cell.position): cell for cell in done.result.cells}
    changed = {
        place: text
        for place, text in typed.items()
        if place in now and text != one_line_end(offered(now[place]))
    }
    if not changed:
        return visit.go(record, "correct", **{"from": at, "unchanged": "1"})
    settings = visit.office.settings_to_correct(record)
    if not visit.office.corrections.begin(record, settings, changed, typed):
        return _show_stale(visit, record, typed)
    return visit.go(record, "correct", **{"from": at})


def undo(visit: Visit) -> Response:
    """Start again from the file as it was dropped."""
    record = visit.record
    if not _is_now(visit, record) or not visit.office.corrections.undo(record):
        return visit.go(record, "correct", stale="1")
    return visit.go(record, "correct")


def show_undo(visit: Visit) -> Response:
    """Ask whether all that was typed is to go."""
    record = visit.record
    if record.correction is None or record.is_sending:
        return visit.go(record, "correct")
    return visit.show("undo.html", record=record)


def download(visit: Visit) -> Response:
    """The corrected copy, to be saved."""
    record = visit.record
    corrected = record.correction
    path = visit.office.shelf.to_correct(record)
    if corrected is None or not path.is_file():
        raise _nothing_corrected(record)
    return _file(path, corrected.saved_as)


def download_dropped(visit: Visit) -> Response:
    """The file as it was before anything in it was corrected, to be saved."""
    record = visit.record
    path = visit.office.shelf.dropped(record, record.to_correct)
    if record.correction is None or not path.is_file():
        raise _nothing_corrected(record)
    return _file(path, record.to_correct)


def _is_now(visit: Visit, record: ListRecord) -> bool:
    """The form was made from the list as it is; not from one that was removed since."""
    is_same = visit.text("added") == record.added_at.isoformat()
    return is_same and (visit.turn, visit.edition) == (record.turn, record.edition)


def _file(path: Path, name: str) -> Response:
    return FileResponse(path, filename=name, media_type="application/octet-stream")


def _nothing_corrected(record: ListRecord) -> NotThereError:
    return NotThereError(
        f"Nothing of {record.to_correct} was corrected here.",
        "So there is only the file as it is.",
        "Look at the list's page of corrections.",
    )


def _show_stale(visit: Visit, record: ListRecord, typed: Mapping[tuple[int, int], str]) -> Response:
    """The list as it is now, with what was typed; a reload of this page writes nothing, too."""
    if record.is_sending:
        found = None
    else:
        done = visit.office.bad_cells(record).wait(None)
        found = done.result if done else None
    cells = {(cell.row, cell.position): cell for cell in found.cells} if found else {}
    lost = {
        place: text
        for place, text in typed.items()
        if place not in cells or text != one_line_end(offered(cells[place]))
    }
    return _page(visit, record, found, Outcome({(0, 0): STALE}, lost))


def _page(visit: Visit, record: ListRecord, found: BadCells | None, outcome: Outcome) -> Response:
    cells = found.cells if found else ()
    begin = min(whole_number(visit.form_or_query("from"), 0), max(len(cells) - 1, 0))
    begin -= begin % MAX_CELLS
    some = cells[begin : begin + MAX_CELLS]
    here = {(cell.row, cell.position) for cell in some}
    columns = found.report.source.columns if found else ()
    return visit.show(
        "correct.html",
        status=409 if (0, 0) in outcome.errors else 422 if outcome.typed else 200,
        errors=list(outcome.errors.values())[:MAX_TOLD],
        more_errors=max(0, len(outcome.errors) - MAX_TOLD),
        record=record,
        found=found,
        shown=[shown_cell(cell, outcome) for cell in some],
        begin=begin,
        following=begin + MAX_CELLS if begin + MAX_CELLS < len(cells) else None,
        page_size=MAX_CELLS,
        lost=[
            (row, columns[at] if at < len(columns) else "", text)
            for (row, at), text in outcome.typed.items()
            if (row, at) not in here
        ],
        saved=outcome.saved,
        is_stale="stale" in visit.query,
        is_unchanged="unchanged" in visit.query,
    )


def _waiting(visit: Visit, record: ListRecord) -> Response:
    return visit.show("waiting.html", record=record, step="correct", notes=())
