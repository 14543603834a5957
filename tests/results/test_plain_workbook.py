from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulk_loader.codes import ProblemCode
from bulk_loader.model import FileFormat, Problem, Status
from bulk_loader.results import (
    Edition,
    ResultRow,
    results_path,
    write_checked,
    write_results,
)
from tests.results.examples import (
    leads_of,
    opened,
    result,
    results_in,
    some_results,
    table_of,
)

if TYPE_CHECKING:
    from pathlib import Path
from dataclasses import replace
from zipfile import ZipFile


def test_writes_texts_under_a_frozen_header(tmp_path: Path) -> None:
    """Titles, blank rows and row numbers stay; every cell is text; the header can be filtered."""
    rows = [(1, ["Title"]), (3, ["phone", "name"]), (4, ["=1+1", "01"]), (5, [""]), (6, ["098"])]
    table = table_of(tmp_path / "leads.ods", rows, 2, file_format=FileFormat.ODS, header_row=3)

    report = write_results(table, [result(4), result(6, Status.UNSENT)], tmp_path / "out.xlsx")

    sheet = openpyxl.load_workbook(report.path).worksheets[0]
    assert sheet.title == "Leads"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Title", None, None, None, None],
        [None] * 5,
        ["phone", "name", "dialer_result", "dialer_status", "dialer_error"],
        ["=1+1", "01", 1, "accepted", None],
        [None] * 5,
        ["098", None, 0, "unsent", result(6, Status.UNSENT).error],
    ]
    assert (sheet["A4"].data_type, sheet["A4"].number_format) == ("s", "@")
    assert sheet["B3"].font.bold
    assert sheet["D4"].fill.fgColor.rgb == "FFC6EFCE"
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:E6"
    with ZipFile(report.path) as archive:
        assert b"'Leads'!$A$3:$E$6</definedName>" in archive.read("xl/workbook.xml")
    assert [str(condition.sqref) for condition in sheet.conditional_formatting] == ["A4:B1048576"]
    assert report.notes == (
        (
            "The results file is a plain workbook with the texts of this sheet only, "
            "since a file of the format .ods can't be written."
        ),
    )


def test_a_plain_copy_of_macros_can_be_opened(tmp_path: Path) -> None:
    """The content type fits the extension .xlsm, or Excel would refuse it."""
    table = table_of(
        tmp_path / "stdin.xlsm", [(1, ["a", "b"]), (2, ["1"])], 1, file_format=FileFormat.XLSM
    )

    report = write_results(table, [result(2)], tmp_path / "out.xlsm")

    with ZipFile(report.path) as archive:
        assert b"ms-excel.sheet.macroEnabled.main" in archive.read("[Content_Types].xml")
    assert results_path(report.path, opened(report.path).source.format).suffix == ".xlsm"


def test_names_the_sheet_as_excel_can(tmp_path: Path) -> None:
    """A name that only LibreOffice allows does not make Excel call the file damaged."""
    table = table_of(tmp_path / "a.ods", [(1, ["a"]), (2, ["1"])], 1, file_format=FileFormat.ODS)
    named = replace(table, source=replace(table.source, sheet="a/b [2026] <" + "x" * 40))

    report = write_results(named, [result(2)], tmp_path / "out.xlsx")

    assert opened(report.path).source.sheet == "a b  2026  <" + "x" * 19


def test_overwrites_the_columns_of_an_earlier_results_file(tmp_path: Path) -> None:
    """A results file saved in a format that can't be written keeps its columns in their places."""
    columns = ("dialer_status", "phone", "dialer_result", "dialer_error")
    rows = [(1, list(columns)), (2, ["unsent", "099", "0", "why"]), (3, ["unsent", "098"])]
    table = table_of(
        tmp_path / "leads.results.xls", rows, 2, columns=columns, file_format=FileFormat.XLS
    )

    report = write_results(
        table, [result(2), ResultRow(3, Status.REJECTED, "=no\x01")], tmp_path / "out.xlsx"
    )

    assert opened(report.path).source.columns == columns
    assert results_in(opened(report.path)) == {
        2: ("1", "accepted", ""),
        3: ("0", "rejected", "=no\x01"),
    }


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("target", ["ods", "xls"])
def test_takes_over_the_texts_of_other_formats(tmp_path: Path, target: str) -> None:
    """What LibreOffice wrote as .ods or .xls reads the same in the results file."""
    path = tmp_path / "leads.csv"
    path.write_text("phone,name\n+593 99 123 4567,Mu\u00f1oz\n0991234567,<&>\n", encoding="utf-8")
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--infilter=CSV:44,34,76,1,1/2/2/2", "--convert-to", target, "--outdir", tmp_path, path],
        check=True,
        capture_output=True,
        timeout=500,
    )  # fmt: skip
    table = opened(path.with_suffix(f".{target}"))

    report = write_results(table, some_results(table), tmp_path / "out.xlsx")

    assert leads_of(opened(report.path)) == leads_of(table)
    assert leads_of(table) == [(2, ["+593 99 123 4567", "Mu\u00f1oz"]), (3, ["0991234567", "<&>"])]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60
)
@given(rows=st.lists(st.tuples(texts, texts), max_size=5), header_row=st.sampled_from([0, 1]))
def test_what_was_written_reads_as_before(
    tmp_path: Path, rows: list[tuple[str, str]], header_row: int
) -> None:
    """For any texts, control characters included, the cells read as they were."""
    sheet = [["phone", "name"]] * header_row + [[f"099{first}", second] for first, second in rows]
    numbered = list(enumerate([*sheet, ["098", "x"]], 1))
    leads = numbered[header_row:]
    table = table_of(
        tmp_path / "a.xls", numbered, len(leads), file_format=FileFormat.XLS, header_row=header_row
    )

    report = write_results(table, [result(number) for number, _ in leads], tmp_path / "out.xlsx")

    shift = 1 - header_row
    assert leads_of(opened(report.path)) == [(number + shift, cells) for number, cells in leads]


def test_a_summary_is_its_first_sheet_where_it_is_wanted(tmp_path: Path) -> None:
    """It opens on the leads all the same, and their filter stays theirs."""
    rows = [(1, ["phone", "name"]), (2, ["099", "x"])]
    table = table_of(tmp_path / "leads.ods", rows, 1, file_format=FileFormat.ODS)
    edition = Edition(summary=lambda: [("Leads", "1")])

    report = write_results(table, [result(2)], tmp_path / "out.xlsx", edition)

    book = openpyxl.load_workbook(report.path)
    assert book.sheetnames == ["bulk-loader summary", "Leads"]
    assert book.active is not None
    assert book.active.title == "Leads"
    assert book["Leads"].auto_filter.ref == "A1:E2"
    assert book["bulk-loader summary"]["B1"].value == "1"


def test_faulty_cells_have_notes(tmp_path: Path) -> None:
    """Also below a header that was added, where rows stand one lower."""
    rows = [(1, ["099", "x"]), (2, ["12", "y"])]
    table = table_of(tmp_path / "leads.ods", rows, 2, file_format=FileFormat.ODS, header_row=0)
    problem = Problem(ProblemCode.PHONE_TOO_SHORT, 2, "phone", "12", "is too short.", "Correct it.")
    found = [result(1, Status.UNSENT), result(2, Status.INVALID)]

    report = write_checked(table, found, tmp_path / "out.xlsx", [problem, problem])

    sheet = openpyxl.load_workbook(report.path).worksheets[0]
    comment = sheet["A3"].comment
    assert comment is not None
    assert (
        comment.text == "bulk-loader:\n12 is too short. Correct it.\n12 is too short. Correct it."
    )
    assert [cell.value for cell in sheet["D"]] == ["dialer_status", "valid", "invalid"]
    assert [cell.value for cell in sheet["C"]] == ["dialer_result", None, None]
