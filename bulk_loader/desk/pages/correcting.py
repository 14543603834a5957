"""Between check and send: the bad cells in a table, edited in place and checked again at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.responses import FileResponse

from bulk_loader.desk.pages.checking import failed
from bulk_loader.desk.rendering import Told
from bulk_loader.desk.visit import NotThereError, whole_number
from bulk_loader.errors import LoaderError
from bulk_loader.workflows.correct import RefusedTextsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.responses import Response

    from bulk_loader.desk.corrections import Attempt
    from bulk_loader.desk.records import ListRecord
    from bulk_loader.desk.visit import Visit
    from bulk_loader.workflows.bad_cells import BadCell, BadCells

MAX_CELLS = 100
"""Cells that one page holds."""

MAX_TOLD = 10
"""Errors in the summary; each stands at its input besides."""

_SOON_S = 0.4  # twice as long at the most: for the saving, and for the check after it
_LONGEST = 300  # characters that an input begins with: a form of a hundred such is still taken
_NAME = re.compile(r"cell-(\d{1,9})-(\d{1,6})")


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell with its input.

    Attributes:
        value: what stands in the input.
        is_whole: the input began with all that stands in the cell.
        told: what is wrong, a sentence or two each.
        is_tried: something was typed into it last, and it is wrong still.
    """

    cell: BadCell
    value: str
    is_whole: bool
    told: tuple[str, ...]
    is_tried: bool

    @property
    def field(self) -> str:
        """Name and id of the input."""
        return _field(self.cell.row, self.cell.position)

    @property
    def has_lines(self) -> bool:
        """An input of one line would lose some."""
        return "\n" in self.value


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
    return _page(visit, record, done.result, _outcome(record, done.result, attempt))


def save(visit: Visit) -> Response:
    """Write what was typed into the copy; a form that is older than the list writes nothing."""
    record, typed = visit.record, _typed(visit)
    at = str(whole_number(visit.text("from"), 0))
    attempt = visit.office.corrections.last(record.id)
    is_again = attempt is not None and attempt.edition == visit.edition
    if record.is_sending or (visit.turn, visit.edition) != (record.turn, record.edition):
        if is_again and attempt is not None and attempt.texts.items() <= typed.items():
            return visit.go(record, "correct", **{"from": at})  # a double click
        return _show_stale(visit, record, typed)
    done = visit.office.bad_cells(record).wait(None)
    if done is None or done.result is None:
        return visit.go(record, "correct")
    now = {(cell.row, cell.position): cell for cell in done.result.cells}
    changed = {
        place: text
        for place, text in typed.items()
        if place in now and text != _one_line_end(_offered(now[place]))
    }
    if not changed:
        return visit.go(record, "correct", **{"from": at, "unchanged": "1"})
    settings = visit.office.settings_to_correct(record)
    if not visit.office.corrections.begin(record, settings, changed):
        return _show_stale(visit, record, typed)
    return visit.go(record, "correct", **{"from": at})


def undo(visit: Visit) -> Response:
    """Start again from the file as it was dropped."""
    record = visit.record
    is_now = (visit.turn, visit.edition) == (record.turn, record.edition)
    if not is_now or not visit.office.corrections.undo(record):
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


def _file(path: Path, name: str) -> Response:
    return FileResponse(path, filename=name, media_type="application/octet-stream")


def _nothing_corrected(record: ListRecord) -> NotThereError:
    return NotThereError(
        f"Nothing of {record.to_correct} was corrected here.",
        "So there is only the file as it is.",
        "Look at the list's page of corrections.",
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a form, as its page tells it.

    Attributes:
        errors: by row number and position of the cell; (0, 0) for an error of no cell.
        typed: what was typed and is not written.
        saved: cells that were written.
    """

    errors: Mapping[tuple[int, int], Told] = field(default_factory=dict)
    typed: Mapping[tuple[int, int], str] = field(default_factory=dict)
    saved: int = 0


def _outcome(record: ListRecord, found: BadCells, attempt: Attempt | None) -> Outcome:
    """Of the last form, where it was made from the list as it is, or made it what it is."""
    done = attempt.work.wait(0) if attempt is not None else None
    if attempt is None or done is None:
        return Outcome()
    if done.result and attempt.edition + 1 == record.edition:
        cells = {(cell.row, cell.position): cell for cell in found.cells}
        still = {place: _still(cells[place]) for place in attempt.texts if place in cells}
        return Outcome(still, saved=len(attempt.texts))
    if done.result is False:
        return Outcome({(0, 0): STALE}, attempt.texts)
    if done.error is not None and attempt.edition == record.edition:
        return Outcome(_told(done.error), attempt.texts)
    return Outcome()


STALE = Told(
    "Nothing of this form was saved.",
    "It was older than the list: somebody has changed or sent it since, here or in another window.",
    "What was typed still stands below, beside the list as it is now. Look at it, and save once more.",
)


def _told(error: LoaderError) -> dict[tuple[int, int], Told]:
    if not isinstance(error, RefusedTextsError):
        return {(0, 0): Told.of(error)}
    return {
        (each.row, each.position): Told(
            f"Row {each.row}: {each.what}", each.why, each.remedy, _field(each.row, each.position)
        )
        for each in error.refusals
    }


def _still(cell: BadCell) -> Told:
    problem = cell.problems[0]
    return Told(
        f'Row {cell.row}, column "{cell.column}": {problem.told(whole=True)}',
        "",
        problem.remedy,
        _field(cell.row, cell.position),
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
        if place not in cells or text != _one_line_end(_offered(cells[place]))
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
        shown=[_shown(cell, outcome) for cell in some],
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


def _shown(cell: BadCell, outcome: Outcome) -> ShownCell:
    place, offered = (cell.row, cell.position), _offered(cell)
    refused = outcome.errors.get(place) if place in outcome.typed else None
    told = [f"{refused.what} {refused.why} {refused.remedy}"] if refused else []
    told += dict.fromkeys(problem.advice for problem in cell.problems)
    value, is_whole = outcome.typed.get(place, offered), offered == cell.text
    return ShownCell(cell, value, is_whole, tuple(told), is_tried=place in outcome.errors)


def _field(row: int, position: int) -> str:
    """Name and id of an input."""
    return f"cell-{row}-{position}"


def _offered(cell: BadCell) -> str:
    """What the input begins with: what stands in the cell, where a page can hold it exactly."""
    text = cell.text
    is_exact = "\0" not in text and "\r" not in text and not any(map(_is_half, text))
    return text if is_exact and len(text) <= _LONGEST else ""


def _is_half(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"


def _typed(visit: Visit) -> dict[tuple[int, int], str]:
    """What stands in the inputs, by row number and position."""
    found: dict[tuple[int, int], str] = {}
    for name in visit.form:
        if match := _NAME.fullmatch(name):
            found[int(match[1]), int(match[2])] = _one_line_end(visit.text(name))
    return found


def _one_line_end(text: str) -> str:
    """As a browser sends it, each line end is two characters; in a cell it is one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _waiting(visit: Visit, record: ListRecord) -> Response:
    return visit.show("waiting.html", record=record, step="correct", notes=())
