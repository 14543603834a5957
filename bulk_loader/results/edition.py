"""Which of the files a person gets back is written: of a run, or of a check before any run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bulk_loader.model import Status
from bulk_loader.spreadsheets.xlsx.edit.notes import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bulk_loader.model import Problem
    from bulk_loader.results.rows import ResultRow
    from bulk_loader.results.stamps import Stamp

VALID = "valid"
"""What stands as the status of a lead that was only checked, and would be sent."""

MAX_NOTES = 1000
"""Cells that get a note; each takes some hundred bytes, and nobody reads more. All are coloured."""


Summing: TypeAlias = "Sequence[tuple[str, str]]"
"""Names and what belongs to them, a row each."""


class CellNote(NamedTuple):
    """What is said at a faulty cell; the row number is that of the source."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What is written besides the user's own cells.

    Attributes:
        stamp: what the file says of the run that wrote it.
        is_checked: nothing was sent, so no lead has a result yet.
        notes: at faulty cells, where the format has notes.
        summary: what the first sheet says, asked for when all rows are written; None for no such
            sheet.
    """

    stamp: Stamp | None = None
    is_checked: bool = False
    notes: tuple[CellNote, ...] = ()
    summary: Callable[[], Summing] | None = None

    def words(self, status: Status) -> tuple[str, str]:
        """Result and status as they stand in a row."""
        if not self.is_checked:
            return status.result, status.value
        return "", VALID if status is Status.UNSENT else status.value

    def looks_like(self, status: Status) -> Status:
        """Whose colours a status has: what would be sent is as good as what was."""
        is_valid = self.is_checked and status is Status.UNSENT
        return Status.ACCEPTED if is_valid else status

    def cells(self, row: ResultRow) -> tuple[str, str, str]:
        """The texts of the three columns, in their order."""
        return (*self.words(row.status), row.error)

    def placed_notes(self, columns: Sequence[str], shift: int = 0) -> list[Note]:
        """The notes at their cells; `shift` is how much lower a row is than in the source."""
        return [
            Note(note.row + shift, columns.index(note.column), note.text)
            for note in self.notes
            if note.column in columns
        ]


OF_A_RUN = Edition()
"""Of one that says nothing of itself."""


def cell_notes(problems: Iterable[Problem]) -> tuple[CellNote, ...]:
    """What is to be said at the first faulty cells; all faults of one cell in one note."""
    found: dict[tuple[int, str], CellNote] = {}
    for problem in problems:
        if problem.column is None:
            continue
        place = problem.row, problem.column
        note, text = found.get(place), problem.advice
        if note is not None:
            found[place] = note._replace(text=f"{note.text}\n{text}")
        elif len(found) < MAX_NOTES:
            found[place] = CellNote(*place, text)
    return tuple(found.values())
