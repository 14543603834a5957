"""The form for bad cells: what its inputs begin with, what came back, and what is said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.desk.page_words import at_desk
from bulk_loader.desk.rendering import Told
from bulk_loader.workflows.correct import RefusedTextsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import FormData

    from bulk_loader.desk.corrections import Attempt
    from bulk_loader.desk.records import ListRecord
    from bulk_loader.errors import LoaderError
    from bulk_loader.workflows.bad_cells import BadCell, BadCells

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
        return field_name(self.cell.row, self.cell.position)

    @property
    def has_lines(self) -> bool:
        """An input of one line would lose some."""
        return "\n" in self.value


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


def outcome_of(record: ListRecord, found: BadCells, attempt: Attempt | None) -> Outcome:
    """Of the last form, where it was made from the list as it is, or made it what it is."""
    done = attempt.work.wait(0) if attempt is not None else None
    if attempt is None or done is None or attempt.added_at != record.added_at:
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
            f"Row {each.row}: {each.what}",
            each.why,
            each.remedy,
            field_name(each.row, each.position),
        )
        for each in error.refusals
    }


def _still(cell: BadCell) -> Told:
    problem = cell.problems[0]
    return Told(
        f'Row {cell.row}, column "{cell.column}": {at_desk(problem.told(whole=True))}',
        "",
        at_desk(problem.remedy),
        field_name(cell.row, cell.position),
    )


def shown_cell(cell: BadCell, outcome: Outcome) -> ShownCell:
    """A cell as the page shows it after a form."""
    place, value = (cell.row, cell.position), offered(cell)
    refused = outcome.errors.get(place) if place in outcome.typed else None
    told = [f"{refused.what} {refused.why} {refused.remedy}"] if refused else []
    told += dict.fromkeys(at_desk(problem.advice) for problem in cell.problems)
    return ShownCell(
        cell,
        outcome.typed.get(place, value),
        is_whole=value == cell.text,
        told=tuple(told),
        is_tried=place in outcome.errors,
    )


def field_name(row: int, position: int) -> str:
    """Name and id of an input."""
    return f"cell-{row}-{position}"


def offered(cell: BadCell) -> str:
    """What the input begins with: what stands in the cell, where a page can hold it exactly."""
    text = cell.text
    is_exact = "\0" not in text and "\r" not in text and not any(map(_is_half, text))
    return text if is_exact and len(text) <= _LONGEST else ""


def _is_half(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"


def typed_texts(form: FormData) -> dict[tuple[int, int], str]:
    """What stands in the inputs, by row number and position."""
    found: dict[tuple[int, int], str] = {}
    for name, text in form.items():
        if isinstance(text, str) and (match := _NAME.fullmatch(name)):
            found[int(match[1]), int(match[2])] = one_line_end(text)
    return found


def one_line_end(text: str) -> str:
    """As a browser sends it, each line end is two characters; in a cell it is one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
