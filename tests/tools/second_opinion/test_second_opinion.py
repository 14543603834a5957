"""The second opinion: what LibreOffice shows of a folder of spreadsheets, and why it differs."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from bulk_loader.spreadsheets.cells import ERROR_CELL, Damaged
from tests.tools.second_opinion.__main__ import main, opinion_on, report
from tests.tools.second_opinion.comparing import Difference, Findings, compare
from tests.tools.second_opinion.kinds import Kind, kind_of
from tests.tools.second_opinion.libreoffice import LibreOffice

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        ("0991234567", "0991234567", None),
        (Damaged("#N/A", ERROR_CELL), "Err:508", Kind.NAMED),
        (Damaged("#N/A", ERROR_CELL), "#N/A", None),
        ("2026-03-04", "04/03/2026", Kind.DATE),
        ("2026-03-04", "Wednesday, March 4, 2026", Kind.DATE),
        ("2026-03-04", "Wednesday", Kind.DATE),
        ("2026-03-04 15:30:00", "4.3.26 3:30 PM", Kind.DATE),
        ("2026-03-04 15:30:00", "46085.6458333333", Kind.DATE),
        ("15:30:00", "0.6458333333", Kind.DATE),
        ("30:00:00", "30:00", Kind.DATE),
        ("2026-03-04", "03/04/2025", Kind.WRONG_DATE),
        ("2026-03-04", "46086", Kind.WRONG_DATE),
        ("2026-03-04", "bbbb", Kind.WRONG_DATE),
        ("2015-04-01", "27", Kind.ERA),
        ("2015-04-01", "28", Kind.WRONG_DATE),
        ("1900-02-28", "27/02/1900", Kind.EARLY),
        ("-7", "-  7", Kind.SPACES),
        ("0.123456789012", "0.123456789", Kind.SHORTENED),
        ("0.123456789012", "0.123456788", Kind.OTHER),
        ("5215512345678", "5.21551E+12", Kind.SHORTENED),
        ("991234567", "99123456", Kind.OTHER),
        ("7.", "7", Kind.POINT),
        ("7.5", "75", Kind.OTHER),
        ("TRUE", "1", Kind.TRUTH),
        ("2026-03-04 15:30:03", "4.3.26 15:30:02", Kind.SECOND),
        ("2026-03-04 00:00:00", "3.3.26 23:59:59", Kind.SECOND),
        ("2026-03-04 15:30:03", "4.3.26 15:30:01", Kind.WRONG_DATE),
        ("15:30:03", "30:03.2", Kind.DATE),
        ("01:21:21", "21:20.7", Kind.SECOND),
        ("01:21:30", "81:31", Kind.SECOND),
        ("2026-03-04", "04.03.2026", Kind.DATE),
        ("2021-07-20", "R3.7.20", Kind.ERA),
        ("2021-07-20", "R4.7.20", Kind.WRONG_DATE),
        ("36:00:00", "#FMT", Kind.ERROR),
        ("7", "#VALUE!", Kind.ERROR),
        ("-4", "4", Kind.SIGN),
        ("4", "-4", Kind.LOST_SIGN),
        ("", "4", Kind.LOST),
        ("4", "", Kind.UNSEEN),
        ("099", "99", Kind.OTHER),
        ("+99", "99", Kind.OTHER),
    ],
)
def test_a_difference_has_its_reason(ours: str, theirs: str, kind: Kind | None) -> None:
    """A reason is only given where it explains the two texts whole."""
    assert kind_of(ours, theirs) is kind


def workbook(path: Path) -> Path:
    """A small list with a formatted phone, a date and a hidden row."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Leads")
        sheet.write_row(0, 0, ["phone", "day"])
        sheet.write_number(1, 0, 991234567, book.add_format({"num_format": "0000000000"}))
        sheet.write_number(1, 1, 46085, book.add_format({"num_format": "d/m/yy"}))
        sheet.write_row(2, 0, ["0991234568", "-"])
        sheet.set_row(2, None, None, {"hidden": True})
    return path


def test_every_cell_is_compared(tmp_path: Path) -> None:
    """Cells are compared by their place, those of hidden rows and those of one side alone too."""
    found = Findings()
    path = workbook(tmp_path / "leads.xlsx")

    compare(
        path, {"Leads": [["phone", "day"], ["991234567", "4/3/26"], ["0991234568"], ["x"]]}, found
    )

    assert found.alike == 3
    assert [(one.place, one.kind) for one in found.differences] == [
        ("Leads!A2", Kind.OTHER),
        ("Leads!B2", Kind.DATE),
        ("Leads!B3", Kind.UNSEEN),
        ("Leads!A4", Kind.LOST),
    ]


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """What can't be read here is named with its reason, and is no cell that differs."""
    found = Findings()

    compare(workbook(tmp_path / "leads.xlsx"), {"Old": [["phone"]]}, found)

    assert found.differences == []
    assert 'sheet "Old"' in found.refused[0][1]


def test_the_report_begins_with_what_is_not_known(tmp_path: Path) -> None:
    """What is to be looked at comes first, the reasons and the sums with it."""
    path = tmp_path / "leads.xlsx"
    found = Findings(
        refused=[(path, "It is empty.")],
        unopened=[path],
        texts=[path],
        differences=[
            Difference(path, "A!B2", "2026-03-04", "4/3/26", Kind.DATE),
            Difference(path, "A!B3", "99", "099", Kind.OTHER),
        ],
        alike=5,
    )

    lines = "".join(report(found))

    assert lines.index("OTHER, 1 cells") < lines.index("DATE, 1 cells")
    assert "leads.xlsx A!B3: here '99', there '099'" in lines
    assert "Refused: leads.xlsx: It is empty." in lines
    assert "Not opened by LibreOffice: leads.xlsx" in lines
    assert "1 files of text" in lines
    assert lines.endswith("5 cells are alike, 2 differ, 1 of them for no known reason; 1 refused.")


def test_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without LibreOffice nothing is read, and the words say how to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main([str(workbook(tmp_path / "leads.xlsx").parent)]) == 2
    assert "apt-get install libreoffice-calc" in capsys.readouterr().err


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """A process that does not end in its time is killed, and its file is named."""
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 1000 &\nwait\n")
    program.chmod(0o755)
    office = LibreOffice(str(program), tmp_path / "place", seconds_a_file=0.1)

    found = opinion_on([workbook(tmp_path / "leads.xlsx")], office)

    assert [path.name for path in found.unopened] == ["leads.xlsx"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_folder_gets_its_second_opinion(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both read every kind of file in a folder, and what differs has a known reason."""
    workbook(tmp_path / "leads.xlsx")
    (tmp_path / "leads.csv").write_text("phone\n0991234567\n")
    (tmp_path / "empty.xls").touch()

    assert main([str(tmp_path)]) == 0

    told = capsys.readouterr().out
    assert "leads.xlsx Leads!B2: here '2026-03-04', there '4/3/26'" in told
    assert "Refused: empty.xls: empty.xls is empty." in told
    assert "5 cells are alike, 1 differ, 0 of them for no known reason; 1 refused." in told
