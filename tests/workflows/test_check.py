from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.errors import ExitCode, LoaderError, SettingsError
from bulk_loader.model import Status
from bulk_loader.workflows.check import MAX_PROBLEMS, check
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.model import Problem
    from bulk_loader.settings import Settings
    from tests.support.faulty_dialer import FaultyDialer

BAD = ("5.21551E+12", "shortened")


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a text file, by the names of their columns."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def workbook(path: Path, *rows: tuple[str, str]) -> Path:
    """A workbook of leads."""
    book = openpyxl.Workbook()
    for row in (("phone", "name"), *rows):
        book.worksheets[0].append(row)
    book.save(path)
    return path


def corrected(path: Path, cell: str, text: str) -> None:
    """A person types something into a workbook, and saves it."""
    book = openpyxl.load_workbook(path)
    book.worksheets[0][cell] = text
    book.save(path)


def test_every_problem_is_told_in_the_order_of_the_rows(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Faults and duplicates among each other, and however many there are."""
    good = numbered(2)
    leads.write(good[0], BAD, good[0], good[1], BAD)
    told: list[Problem] = []
    report = check(leads.path, settings(dialer, batch_size=3), found=told.append)
    assert [problem.row for problem in told] == [3, 4, 6]
    assert list(report.problems) == told
    assert [(kind.column, kind.leads) for kind in report.kinds] == [("phone", 2), ("phone", 1)]


def test_what_is_kept_of_the_problems_is_bounded(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """The counts are exact all the same."""
    leads.write(*[BAD] * (MAX_PROBLEMS + 9))
    report = check(leads.path, settings(dialer))
    assert len(report.problems) == MAX_PROBLEMS
    assert [kind.leads for kind in report.kinds] == [MAX_PROBLEMS + 9]


def test_a_text_file_is_corrected_and_uploaded_as_it_is(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """What the check says stands beside each lead, and is not in the way; every lead goes once."""
    leads.write(("+593991000001", "=1+1"), BAD, ("+593991000001", "again"))
    report = check(leads.path, settings(dialer), results="")
    assert report.results == leads.path.with_name("leads.checked.csv")
    rows = rows_of(report.results)
    assert [row["dialer_status"] for row in rows] == ["valid", "invalid", "duplicate"]
    assert [row["dialer_result"] for row in rows] == ["", "", ""]
    assert "digits are lost" in rows[1]["dialer_error"]

    text = report.results.read_text("utf-8").replace(BAD[0], "0991000002")
    report.results.write_text(text, "utf-8")
    assert check(report.results, settings(dialer)).counts[Status.INVALID] == 0
    summary = upload(report.results, settings(dialer, data="name={name}"))
    assert sorted(dialer.recorded) == ["+593991000001", "0991000002"]
    assert not any("'" in task["data"] for task in dialer.recorded_tasks)  # nor its guard
    assert summary.results == leads.results
    assert leads.statuses() == ["accepted", "accepted", "duplicate"]


def test_a_workbook_is_corrected_and_uploaded_as_it_is(
    tmp_path: Path, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """A note stands at the faulty cell, and is gone from the results of the upload."""
    path = workbook(tmp_path / "leads.xlsx", *numbered(2), BAD)
    marked = check(path, settings(dialer), results="").results
    assert marked is not None
    sheet = openpyxl.load_workbook(marked).worksheets[0]
    comment = sheet["A4"].comment
    assert comment is not None
    assert comment.text.startswith(f"bulk-loader:\n{BAD[0]} is not a phone number")
    assert sheet["A2"].comment is None
    assert sheet["D4"].value == "invalid"

    corrected(marked, "A4", "0991000009")
    summary = upload(marked, settings(dialer))
    assert summary.counts[Status.ACCEPTED] == 3
    assert summary.results == tmp_path / "leads.results.xlsx"
    sheet = openpyxl.load_workbook(summary.results).worksheets[0]
    assert [cell.value for cell in sheet["C"]] == ["dialer_result", 1, 1, 1]
    assert sheet["A4"].comment is None
    assert retry(summary.results, settings(dialer)).sent == 0


def test_what_was_uploaded_before_the_correction_is_not_sent_again(
    tmp_path: Path, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """The list and what a check wrote of it are one list, whichever is uploaded first."""
    path = workbook(tmp_path / "leads.xlsx", *numbered(2), BAD)
    marked = check(path, settings(dialer), results="").results
    assert marked is not None
    upload(path, settings(dialer))
    corrected(marked, "A4", "0991000009")
    summary = upload(marked, settings(dialer))
    assert summary.counts[Status.DUPLICATE] == 2
    assert dialer.recorded[2:] == ["0991000009"]


def test_a_check_writes_its_own_file_anew(
    tmp_path: Path, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """What was corrected loses its note, and a list that is right has no marks."""
    marked = check(workbook(tmp_path / "leads.xlsx", BAD), settings(dialer), results="").results
    assert marked is not None
    corrected(marked, "A2", "0991000009")
    report = check(marked, settings(dialer), results="")
    assert report.results == marked
    sheet = openpyxl.load_workbook(marked).worksheets[0]
    assert (sheet["A2"].comment, sheet["D2"].value) == (None, "valid")


def test_what_a_person_has_typed_is_kept(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """A second check of the list does not write over corrections; without any it may."""
    leads.write(*numbered(1), BAD)
    marked = check(leads.path, settings(dialer), results="").results
    assert marked is not None
    again = check(leads.path, settings(dialer), results="")
    assert not any("is kept as" in note for note in again.notes)
    marked.write_text(marked.read_text("utf-8").replace(BAD[0], "0991000009"), "utf-8")
    report = check(leads.path, settings(dialer), results="")
    note = report.notes[-1]
    (kept,) = marked.parent.glob("leads.checked.edited-*.csv")
    assert note == f"leads.checked.csv stood there with other rows: it is kept as {kept.name}."
    assert "0991000009" in kept.read_text("utf-8")


def test_results_of_an_upload_are_not_marked(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """What became of its leads would be lost, and they would be sent again."""
    leads.write(*numbered(1), BAD)
    upload(leads.path, settings(dialer))
    with pytest.raises(SettingsError, match="is a results file") as caught:
        check(leads.results, settings(dialer), results="")
    assert f"bulk-loader retry {leads.results}" in caught.value.remedy
    with pytest.raises(SettingsError, match="is a results file"):
        upload(leads.results, settings(dialer))


def test_a_list_does_not_take_its_own_place(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Only what a check wrote is written anew where it stands."""
    leads.write(*numbered(1))
    before = leads.path.read_bytes()
    with pytest.raises(SettingsError, match="take the place"):
        check(leads.path, settings(dialer), results=leads.path)
    assert leads.path.read_bytes() == before


def test_what_a_check_wrote_is_not_for_a_retry(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Nothing of it was sent, and the command to send it is told."""
    leads.write(*numbered(1), BAD)
    marked = check(leads.path, settings(dialer), results="").results
    assert marked is not None
    with pytest.raises(SettingsError, match="is what a check wrote") as caught:
        retry(marked, settings(dialer))
    assert f"bulk-loader upload {marked}" in caught.value.remedy
    assert dialer.recorded == []


def test_a_list_that_changes_meanwhile_is_not_marked(
    tmp_path: Path, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Faults are never put beside rows that may be others by now."""
    path = workbook(tmp_path / "leads.xlsx", BAD)

    def change(_problem: Problem) -> None:
        workbook(path, *numbered(1))

    with pytest.raises(LoaderError) as caught:
        check(path, settings(dialer), found=change, results="")
    assert caught.value.remedy == "When this is mended, give the command again."
    assert caught.value.exit_code is ExitCode.USAGE
    assert not (tmp_path / "leads.checked.xlsx").exists()
