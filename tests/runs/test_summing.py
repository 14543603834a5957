from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.model import FileFormat, Status
from bulk_loader.spreadsheets.workbooks import SUMMARY_SHEET
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.uploads import numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Settings
    from tests.support.faulty_dialer import FaultyDialer

BAD = ("5.21551E+12", "shortened")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Two good leads and a bad one."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Leads"
    for row in (("phone", "name"), *numbered(2), BAD):
        book.worksheets[0].append(row)
    path = tmp_path / f"leads.{FileFormat.XLSX}"
    book.save(path)
    return path


def said(results: Path) -> dict[str, str]:
    """What stands in the first sheet."""
    book = openpyxl.load_workbook(results)
    assert book.sheetnames == [SUMMARY_SHEET, "Leads"]
    assert book.active is not None
    assert book.active.title == "Leads"
    return {str(name): str(text) for name, text in book[SUMMARY_SHEET].iter_rows(values_only=True)}


def test_the_first_sheet_sums_the_run_up(
    workbook: Path, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Counts, when, to where, and what to do next; the workbook opens on the leads."""
    summary = upload(workbook, settings(dialer, summary_sheet=True))
    assert summary.results is not None
    found = said(summary.results)
    assert (found["List"], found["Sent to"]) == ("leads.xlsx", summary.target)
    assert (found["Leads"], found["accepted"], found["invalid"]) == ("3", "2", "1")
    assert found["Next"].endswith(f"bulk-loader retry {summary.results}")
    assert "rejected" not in found


def test_a_retry_is_not_confused_by_it(
    workbook: Path, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Also where it was in front when the workbook was saved; it tells of the retry then."""
    summary = upload(workbook, settings(dialer, summary_sheet=True))
    assert summary.results is not None
    book = openpyxl.load_workbook(summary.results)
    book.active = 0
    book["Leads"].sheet_view.tabSelected = False
    book["Leads"]["A4"] = "0991000009"
    book.save(summary.results)
    retried = retry(summary.results, settings(dialer))
    assert retried.counts[Status.ACCEPTED] == 3
    found = said(summary.results)
    assert found["accepted"] == "3"
    assert found["Next"] == "Nothing is left to do."


def test_there_is_none_where_nobody_wants_it(
    workbook: Path, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """A copy of the list has its sheets and no other."""
    summary = upload(workbook, settings(dialer))
    assert summary.results is not None
    assert openpyxl.load_workbook(summary.results).sheetnames == ["Leads"]


def test_a_sheet_of_that_name_is_not_written_over(
    workbook: Path, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """In a list that is nobody's results it is the user's own."""
    book = openpyxl.load_workbook(workbook)
    book.create_sheet(SUMMARY_SHEET)["A1"] = "mine"
    book.save(workbook)
    summary = upload(workbook, settings(dialer, summary_sheet=True))
    assert summary.results is not None
    assert openpyxl.load_workbook(summary.results)[SUMMARY_SHEET]["A1"].value == "mine"
    assert any(note.startswith("The results have no summary sheet") for note in summary.notes)
