from __future__ import annotations

from dataclasses import replace

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Problem, Status
from bulk_loader.results import ResultRow
from bulk_loader.results.edition import MAX_NOTES, OF_A_RUN, Edition, cell_notes
from bulk_loader.spreadsheets.xlsx.edit.notes import Note

PROBLEM = Problem(ProblemCode.PHONE_TOO_SHORT, 2, "phone", "12", "is too short.", "Correct it.")


def test_what_was_only_checked_has_no_result() -> None:
    """By that it is told from the results of a run, whose leads all have one."""
    checked = Edition(is_checked=True)
    for status in Status:
        row = ResultRow(2, status, "why")
        assert OF_A_RUN.cells(row) == (status.result, status.value, "why")
        assert checked.cells(row)[0] == ""
    assert checked.cells(ResultRow(2, Status.UNSENT)) == ("", "valid", "")
    assert checked.cells(ResultRow(2, Status.INVALID, "why")) == ("", "invalid", "why")


def test_notes_are_for_cells_and_bounded() -> None:
    """A whole row at fault has none, two faults of one cell share one."""
    assert cell_notes([replace(PROBLEM, column=None)]) == ()
    (note,) = cell_notes([PROBLEM, replace(PROBLEM, fault="is odd.")])
    assert note.text == "12 is too short. Correct it.\n12 is odd. Correct it."
    many = (replace(PROBLEM, row=row) for row in range(MAX_NOTES + 5))
    assert len(cell_notes(many)) == MAX_NOTES


def test_notes_find_their_column() -> None:
    """One that only a default fills has no cell, and no note."""
    edition = Edition(notes=cell_notes([PROBLEM, replace(PROBLEM, row=3, column="campaign")]))
    notes = edition.placed_notes(("name", "phone"), shift=1)
    assert notes == [Note(3, 1, "12 is too short. Correct it.")]
