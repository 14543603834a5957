from __future__ import annotations

import csv
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table

from bulk_loader.errors import ResultsError, SourceError
from bulk_loader.model import FileFormat, Status
from bulk_loader.reading import ReadingOptions, open_leads
from bulk_loader.results import ResultRow, ResultsReport, foresee_results, write_results
from bulk_loader.results.edition import OF_A_RUN
from tests.results.examples import leads_of, opened, result, results_in, some_results, table_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "xl/worksheets/sheet1.xml"


def made(path: Path, change: Callable[[Worksheet], object] = lambda _: None) -> Path:
    """A workbook of two leads below a title, changed by the test."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Leads"
    sheet["A1"] = "Leads of March"
    for row in (["phone", "name", "town"], ["0991234567", "<Mario>", "Quito"], ["098", "Luigi"]):
        sheet.append(row)
    change(sheet)
    book.save(path)
    return path


def repacked(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its parts changed as bytes."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def written(path: Path, shift: int = 0) -> ResultsReport:
    """The results file of a workbook, beside it."""
    table = opened(path)
    return write_results(table, some_results(table, shift), path.with_name("out.xlsx"))


def sheet_of(path: Path) -> Worksheet:
    """The first sheet, as another library reads it."""
    return openpyxl.load_workbook(path).worksheets[0]


def test_puts_coloured_results_at_the_right(tmp_path: Path) -> None:
    """Every lead has its three cells in the colour of its status, under names."""

    def add_five(sheet: Worksheet) -> None:
        for phone in range(90, 95):
            sheet.append([phone])

    path = made(tmp_path / "leads.xlsx", add_five)

    report = written(path)
    sheet = sheet_of(report.path)

    assert report.notes == ()
    assert [cell.value for cell in sheet[2]][3:] == [
        "dialer_result",
        "dialer_status",
        "dialer_error",
    ]
    rows = list(sheet.iter_rows(min_row=3, min_col=4))
    assert [cells[0].value for cells in rows] == [1, 0, 0, 0, 0, 0, 0]
    assert [cells[1].value for cells in rows] == [str(status) for status in Status]
    assert rows[1][2].value == result(4, Status.REJECTED).error
    assert {cells[1].value: {cell.fill.fgColor.rgb for cell in cells} for cells in rows} == {
        "accepted": {"FFC6EFCE"},
        "rejected": {"FFC00000", "FFF8E0DC"},
        "invalid": {"FFFFC7CE"},
        "unsent": {"FFFFEB9C"},
        "unknown": {"FFFFEB9C"},
        "duplicate": {"FFD9D9D9"},
        "suppressed": {"FFD9D9D9"},
    }


def test_header_cells_look_like_their_neighbours(tmp_path: Path) -> None:
    """The new names have the format of the last header cell."""

    def change(sheet: Worksheet) -> None:
        for cell in sheet[2]:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="FF4472C4")

    sheet = sheet_of(written(made(tmp_path / "leads.xlsx", change)).path)

    assert {(cell.font.bold, cell.fill.fgColor.rgb) for cell in sheet[2]} == {(True, "FF4472C4")}


def test_changes_no_other_byte(tmp_path: Path) -> None:
    """Of all parts only sheet, styles and workbook change; taken out again, the sheet is as before."""
    path = made(tmp_path / "leads.xlsx", lambda sheet: sheet.add_chart(BarChart()))

    report = written(path)

    with ZipFile(path) as before, ZipFile(report.path) as after:
        assert set(before.namelist()) == set(after.namelist())
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
        sheet = after.read(SHEET)
        old = before.read(SHEET)
    assert changed == {SHEET, "xl/styles.xml", "xl/workbook.xml"}
    sheet = re.sub(rb'<c r="[D-F]\d"[^/]*?(?:/>|>.*?</c>)|<cols>.*?</cols>', b"", sheet)
    ours = (
        rb'<pane [^>]*>| pane="bottomLeft"| ht="30"|<autoFilter [^>]*>|<conditionalF.*formatting>'
    )
    sheet = re.sub(ours, b"", sheet, flags=re.IGNORECASE)
    assert sheet == re.sub(rb' spans="[^"]*"', b"", old).replace(b"A1:C4", b"A1:F4")


def test_keeps_filter_frozen_panes_and_widths(tmp_path: Path) -> None:
    """The filter reaches over the new columns, in both places where a workbook tells of it."""

    def change(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = "A2:C4"
        sheet.print_title_rows = "2:2"
        sheet.freeze_panes = "B3"
        sheet.column_dimensions["A"].width = 33
        sheet.column_dimensions["C"].width = 22

    report = written(made(tmp_path / "leads.xlsx", change))
    sheet = sheet_of(report.path)

    assert sheet.auto_filter.ref == "A2:F4"
    assert sheet.freeze_panes == "B3"
    widths = {letter: column.width for letter, column in sheet.column_dimensions.items()}
    assert widths == {"A": 33, "C": 22, "D": 12, "E": 13, "F": 60}
    with ZipFile(report.path) as archive:
        assert b"'Leads'!$A$2:$F$4<" in archive.read("xl/workbook.xml")


def test_freezes_and_filters_a_header_that_was_neither(tmp_path: Path) -> None:
    """A person sees what the columns are, and finds the rows to correct."""
    path = made(tmp_path / "leads.xlsx")
    report = written(path)
    sheet = sheet_of(report.path)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A3", "A2:F4")


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: setattr(sheet, "freeze_panes", "B3"),
        lambda sheet: sheet.add_table(Table(displayName="T", ref="A2:C4")),
        lambda sheet: sheet.protection.enable(),
    ],
)
def test_leaves_a_sheet_that_its_author_has_arranged(
    tmp_path: Path, change: Callable[[Worksheet], object]
) -> None:
    """Frozen, made a table, or protected: it stays so."""
    path = made(tmp_path / "leads.xlsx", change)
    before, after = sheet_of(path), sheet_of(written(path).path)
    assert after.freeze_panes == before.freeze_panes
    assert after.auto_filter.ref is None


def test_what_a_person_took_away_does_not_come_back_with_a_retry(tmp_path: Path) -> None:
    """Header and filter are arranged once, with the new columns."""
    once = written(made(tmp_path / "leads.xlsx")).path
    book = openpyxl.load_workbook(once)
    book.worksheets[0].freeze_panes = None
    book.worksheets[0].auto_filter.ref = None
    book.save(once)
    table = opened(once)
    write_results(table, some_results(table), once)
    sheet = sheet_of(once)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == (None, None)


def test_marks_the_cells_that_the_sentence_names(tmp_path: Path) -> None:
    """By one condition for the whole sheet, however often it is written."""
    path = made(tmp_path / "leads.xlsx")
    once = written(path).path
    table = opened(once)
    write_results(table, some_results(table), once)
    (condition,) = sheet_of(once).conditional_formatting
    assert str(condition.sqref) == "A3:C1048576"
    (rule,) = condition.rules
    assert rule.formula[0].startswith('AND(N("bulk-loader")=0,$E3="invalid",OR(')
    assert 'SUBSTITUTE(A$2,CHAR(10)," ")' in rule.formula[0]
    assert rule.dxf.fill.bgColor.rgb == "FFFFC7CE"
    assert rule.dxf.font.b


def test_opens_on_the_sheet_with_the_results(tmp_path: Path) -> None:
    """Alone: of two chosen sheets, both would take what is typed."""

    def add_cover(sheet: Worksheet) -> None:
        book = cast("Workbook", sheet.parent)
        cover = book.create_sheet("Cover", 0)
        cover["A1"] = "March"
        cover.sheet_view.tabSelected = True

    path = made(tmp_path / "leads.xlsx", add_cover)
    table = open_leads(path, ReadingOptions(sheet="Leads"))
    report = write_results(table, some_results(table), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(report.path)
    assert book.active is not None
    assert book.active.title == "Leads"
    assert [bool(s.sheet_view.tabSelected) for s in book.worksheets] == [False, True]
    assert results_in(opened(report.path)) == results_in(
        open_leads(report.path, ReadingOptions(sheet="Leads"))
    )


def test_a_long_sentence_is_wrapped_in_a_row_that_shows_it(tmp_path: Path) -> None:
    """A person reads it without widening the column."""
    path = made(tmp_path / "leads.xlsx")
    table = opened(path)
    rows = [ResultRow(3, Status.INVALID, "word " * 40), ResultRow(4, Status.ACCEPTED)]
    sheet = sheet_of(write_results(table, rows, tmp_path / "out.xlsx").path)
    assert sheet["F3"].alignment.wrap_text
    assert sheet.row_dimensions[3].height == 60
    assert sheet.row_dimensions[4].height is None


@pytest.mark.parametrize("reference", ["A2:B4", "A3:C4"])
def test_leaves_a_filter_alone_that_does_not_border_on_the_results(
    tmp_path: Path, reference: str
) -> None:
    """A filter of other columns, or of other rows than the header's, is the user's business."""

    def change(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = reference

    sheet = sheet_of(written(made(tmp_path / "leads.xlsx", change)).path)

    assert sheet.auto_filter.ref == reference


def test_cuts_widths_apart_that_cover_all_columns(tmp_path: Path) -> None:
    """One entry for the whole rest of the sheet, as LibreOffice writes it, does not overlap ours."""
    path = repacked(
        made(tmp_path / "leads.xlsx"),
        SHEET,
        lambda xml: xml.replace(
            b"<sheetData>",
            b'<cols><col min="2" max="1024" width="9" style="0"></col></cols><sheetData>',
        ),
    )

    with ZipFile(written(path).path) as archive:
        columns = re.search(rb"<cols>(.*?)</cols>", archive.read(SHEET))

    assert columns is not None
    assert re.findall(rb'min="(\d+)" max="(\d+)" width="(\d+)"', columns[1]) == [
        (b"2", b"3", b"9"),
        (b"4", b"4", b"12"),
        (b"5", b"5", b"13"),
        (b"6", b"6", b"60"),
        (b"7", b"1024", b"9"),
    ]


def test_stays_out_of_a_table(tmp_path: Path) -> None:
    """The columns stand right of a table, whose range is not touched."""
    path = made(
        tmp_path / "leads.xlsx",
        lambda sheet: sheet.add_table(Table(displayName="T", ref="A2:C4")),
    )

    report = written(path)

    assert sheet_of(report.path).tables["T"].ref == "A2:C4"
    assert results_in(opened(report.path))[3][1] == "accepted"


def test_keeps_formulas_with_their_stored_values(tmp_path: Path) -> None:
    """A formula stays live and keeps the value that a reader without a calculator needs."""
    path = tmp_path / "leads.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Leads")
        sheet.write_row(0, 0, ["phone", "name"])
        sheet.write_formula(1, 0, '="099"&"1234567"', None, "0991234567")
        sheet.write_string(1, 1, "Mario")

    report = written(path)

    assert sheet_of(report.path)["A2"].value == '="099"&"1234567"'
    assert leads_of(opened(report.path)) == [(2, ["0991234567", "Mario"])]


def test_its_texts_are_no_formulas(tmp_path: Path) -> None:
    """An error that looks like a formula is a text."""
    path = made(tmp_path / "leads.xlsx")
    rows = [ResultRow(3, Status.REJECTED, "=1+1"), ResultRow(4, Status.REJECTED, "a\r_x0041_\x01")]

    report = write_results(opened(path), rows, tmp_path / "out.xlsx")

    assert sheet_of(report.path)["F3"].data_type == "s"
    assert results_in(opened(report.path))[3][2] == "=1+1"
    assert results_in(opened(report.path))[4][2] == "a\r_x0041_\x01"


def test_a_retry_writes_into_the_same_columns(tmp_path: Path) -> None:
    """Written twice, the columns are there once, with the last results; and nothing else grows."""
    path = made(tmp_path / "leads.xlsx")
    once = written(path).path
    before = {part.filename: part.file_size for part in ZipFile(once).infolist()}

    table = opened(once)
    write_results(table, some_results(table), once)
    same = {part.filename: part.file_size for part in ZipFile(once).infolist()}
    write_results(table := opened(once), some_results(table, shift=3), once)

    assert before == same
    assert opened(once).source.columns == ("phone", "name", "town", *results_columns())
    assert results_in(opened(once)) == {
        row.row: OF_A_RUN.cells(row) for row in some_results(opened(once), shift=3)
    }


def results_columns() -> tuple[str, str, str]:
    """The names of the three columns."""
    return "dialer_result", "dialer_status", "dialer_error"


def test_a_retry_finds_columns_that_the_user_moved(tmp_path: Path) -> None:
    """The three columns are found by their names, among the user's own and in any order."""

    def change(sheet: Worksheet) -> None:
        sheet.delete_rows(1, 4)
        sheet.append(["dialer_error", "phone", "dialer_result", "town", "dialer_status"])
        sheet.append(["why", "099", "0", "Quito"])
        sheet.append([None, "098"])

    report = written(made(tmp_path / "leads.xlsx", change), shift=1)

    sheet = sheet_of(report.path)
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["dialer_error", "phone", "dialer_result", "town", "dialer_status"],
        [result(2, Status.REJECTED).error, "099", 0, "Quito", "rejected"],
        [result(3, Status.INVALID).error, "098", 0, None, "invalid"],
    ]


def test_adds_a_column_that_the_user_deleted(tmp_path: Path) -> None:
    """What is missing of the three is added, and the others are overwritten."""

    def change(sheet: Worksheet) -> None:
        sheet["C2"] = "dialer_status"

    sheet = sheet_of(written(made(tmp_path / "leads.xlsx", change)).path)

    assert [cell.value for cell in sheet[2]][2:] == [
        "dialer_status",
        "dialer_result",
        "dialer_error",
    ]
    assert [cell.value for cell in sheet[3]][2:] == ["accepted", 1, None]


def test_goes_right_of_everything_in_use(tmp_path: Path) -> None:
    """Cells and merges beyond the header's columns are not covered; titles above do not count."""

    def change(sheet: Worksheet) -> None:
        sheet["Z1"] = "logo"
        sheet["E3"].fill = PatternFill("solid", fgColor="FF4472C4")
        sheet["D5"] = "note"
        sheet.merge_cells("D6:G6")
        sheet.merge_cells("A1:K1")

    path = made(tmp_path / "leads.xlsx", change)
    rows = [result(3), result(4), result(5)]
    records = [(number, ["x"]) for number in range(1, 6)]
    columns = ("phone", "name", "town")
    table = table_of(path, records, 3, columns=columns, file_format=FileFormat.XLSX, header_row=2)

    report = write_results(table, rows, tmp_path / "out.xlsx")

    sheet = sheet_of(report.path)
    assert [cell.value for cell in sheet[2]][7:10] == list(results_columns())
    assert sheet["D5"].value == "note"
    assert sheet["I5"].value == "accepted"
    assert sheet["E3"].fill.fgColor.rgb == "FF4472C4"


def test_replaces_formatted_empty_cells_in_its_way(tmp_path: Path) -> None:
    """Cells that are only coloured give way, in their row's order."""

    def change(sheet: Worksheet) -> None:
        for letter in "DEFGH":
            sheet[f"{letter}3"].fill = PatternFill("solid", fgColor="FF4472C4")

    report = written(made(tmp_path / "leads.xlsx", change))

    with ZipFile(report.path) as archive:
        row = re.search(rb'<row r="3".*?</row>', archive.read(SHEET))
    assert row is not None
    assert re.findall(rb'<c r="([A-Z]+3)"', row[0]) == [b"%c3" % letter for letter in b"ABCDEFGH"]
    assert sheet_of(report.path)["D3"].value == 1


def test_writes_into_sheets_with_a_prefix(tmp_path: Path) -> None:
    """Element names with a prefix, as some libraries write them, are met with the same prefix."""

    def prefixed(xml: bytes) -> bytes:
        xml = re.sub(rb"<(/?)(?![?])", rb"<\1x:", xml)
        return xml.replace(b"xmlns=", b"xmlns:x=", 1)

    path = made(tmp_path / "leads.xlsx")
    repacked(path, SHEET, prefixed)
    repacked(path, "xl/styles.xml", prefixed)

    report = written(path)

    assert report.notes == ()
    assert sheet_of(report.path)["E4"].value == "rejected"
    assert leads_of(opened(report.path)) == leads_of(opened(path))


def test_fills_a_row_that_is_an_empty_tag(tmp_path: Path) -> None:
    """A row without cells, which only a damaged lead can have, still gets its result."""
    path = repacked(
        made(tmp_path / "leads.xlsx"),
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", b'<row r="7" ht="9"/>\n<row r="8"/></sheetData>'),
    )
    records = [(number, ["x"]) for number in range(1, 8)]
    table = table_of(
        path, records, 1, columns=("a", "b", "c"), file_format=FileFormat.XLSX, header_row=2
    )

    report = write_results(table, [result(7)], tmp_path / "out.xlsx")

    assert sheet_of(report.path)["E7"].value == "accepted"


def test_streams_through_large_sheets(tmp_path: Path) -> None:
    """Wherever the blocks of a stream end, in a tag or in a row, each row keeps its own result."""
    path = tmp_path / "leads.xlsx"
    text = "".join(f"&{number}" for number in range(200))
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Leads")
        sheet.write_row(0, 0, ["phone", "text"])
        for number in range(1, 3000):
            sheet.write_row(number, 0, [f"0{number}", text])
    table = opened(path)

    report = written(path)

    assert report.notes == ()
    assert leads_of(opened(report.path)) == leads_of(table)
    assert results_in(opened(report.path)) == {
        row.row: OF_A_RUN.cells(row) for row in some_results(table)
    }


def test_takes_a_row_that_is_longer_than_a_block(tmp_path: Path) -> None:
    """One row of some megabytes is still one row."""
    text = b'<c r="C3" t="inlineStr"><is><t>%b</t></is></c>' % (b"long " * 600_000)
    path = repacked(
        made(tmp_path / "leads.xlsx"), SHEET, lambda xml: re.sub(rb'<c r="C3".*?</c>', text, xml)
    )
    rows = [(number, ["x"]) for number in range(1, 5)]
    columns = ("phone", "name", "town")
    table = table_of(path, rows, 2, columns=columns, file_format=FileFormat.XLSX, header_row=2)

    report = write_results(table, [result(3), result(4)], tmp_path / "out.xlsx")

    with ZipFile(report.path) as archive:
        assert text + b'<c r="D3"' in archive.read(SHEET)


def test_is_no_larger_in_memory_for_more_empty_rows(tmp_path: Path) -> None:
    """Formatted rows without cells, which some programs write by the million, stream through."""
    rows = b"".join(b'<row r="%d" ht="15"/>' % number for number in range(5, 120_000))
    path = repacked(
        made(tmp_path / "leads.xlsx"),
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"),
    )

    report = written(path)

    with ZipFile(report.path) as archive:
        assert rows + b"</sheetData>" in archive.read(SHEET)
    assert results_in(opened(report.path))[4][1] == "rejected"


def test_finds_merged_cells_far_behind_the_rows(tmp_path: Path) -> None:
    """A merge is respected however much stands between the rows and its mention."""
    links = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (row, row) for row in range(10, 120_000))
    merges = b'<mergeCells>%b<mergeCell ref="C4:G4"/></mergeCells>' % links
    path = repacked(
        made(tmp_path / "leads.xlsx"),
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merges),
    )
    rows = [(number, ["x"]) for number in range(1, 5)]
    columns = ("phone", "name", "town")
    table = table_of(path, rows, 2, columns=columns, file_format=FileFormat.XLSX, header_row=2)

    report = write_results(table, [result(3), result(4)], tmp_path / "out.xlsx")

    with ZipFile(report.path) as archive:
        sheet = archive.read(SHEET)
    assert b'<c r="H4"' in sheet
    assert merges in sheet


def unusual(name: str, part: str, old: bytes, new: bytes, reason: str) -> object:
    """A workbook that no known program writes, and what is said of it."""
    return pytest.param(part, old, new, reason, id=name)


UNUSUAL = [
    unusual("comment", SHEET, b"<row r=", b"<!-- <row> --><row r=", "comments or extensions"),
    unusual("comment in head", SHEET, b"<sheetData>", b"<!-- --><sheetData>", "comments, entities"),
    unusual("no cell reference", SHEET, b'<c r="A3"', b"<c", "cells without an address"),
    unusual("no row number", SHEET, b'<row r="3"', b"<row", "rows without a number"),
    unusual("order", SHEET, b'<row r="3"', b'<row r="9"', "rows that are not in order"),
    unusual("cut short", SHEET, b"</sheetData>", b"", "a sheet that ends before its end"),
    unusual("no rows", SHEET, b"sheetData>", b"sheetDate>", "a sheet without rows"),
    unusual("styles", "xl/styles.xml", b"cellXfs", b"cellXXX", "styles of an unknown kind"),
    unusual("relations", "xl/_rels/workbook.xml.rels", b"/styles", b"/style", "no such sheet"),
    unusual("styles part", "xl/_rels/workbook.xml.rels", b"styles.xml", b"x.xml", "a part that is"),
    unusual(
        "target", "xl/_rels/workbook.xml.rels", b"sheet1.xml", b"sheet7.xml", "a sheet that is"
    ),
    unusual("chart", "xl/_rels/workbook.xml.rels", b'/worksheet"', b'/chart"', "a sheet that is"),
    unusual("root", "_rels/.rels", b'/officeDocument"', b'/other"', "no workbook in it"),
    unusual(
        "two roots",
        "_rels/.rels",
        b"</Relationships>",
        b'<Relationship Id="r9" Type="x/officeDocument" Target="y"/></Relationships>',
        "more than one workbook",
    ),
    unusual(
        "encoding",
        "xl/workbook.xml",
        b"<workbook",
        b'<?xml version="1.0" encoding="UTF-0"?><workbook',
        "XML of an",
    ),
    unusual("not XML", "xl/workbook.xml", b"<sheets>", b"<sheets", "XML of an unknown kind"),
    unusual("entities", "xl/workbook.xml", b"<workbook", b"<!DOCTYPE a><workbook", "XML of an"),
]


@pytest.mark.parametrize(("part", "old", "new", "reason"), UNUSUAL)
def test_falls_back_to_a_plain_copy(
    tmp_path: Path, part: str, old: bytes, new: bytes, reason: str
) -> None:
    """What is not surely understood is not edited: a plain copy is made, and it is said why."""
    path = repacked(made(tmp_path / "leads.xlsx"), part, lambda xml: xml.replace(old, new))
    rows = [(2, ["phone", "name"]), (3, ["0991234567", "=1"]), (4, ["098", "Luigi"])]
    table = table_of(path, rows, 2, file_format=FileFormat.XLSX, header_row=2)

    report = write_results(table, [result(3), result(4)], tmp_path / "out.xlsx")

    assert report.notes[0].startswith(
        "The results file is a plain workbook with the texts of this sheet only, "
        f"since the workbook has {reason}"
    )
    assert leads_of(opened(report.path)) == [(3, ["0991234567", "=1"]), (4, ["098", "Luigi"])]


def test_falls_back_where_results_stand_in_formulas(tmp_path: Path) -> None:
    """A formula that the user put into the columns of the results is not torn out of its group."""

    def change(sheet: Worksheet) -> None:
        sheet["C2"] = "dialer_error"
        sheet["C3"] = "=A3"

    path = made(tmp_path / "leads.xlsx", change)
    rows = [(2, ["phone", "name", "dialer_error"]), (3, ["099", "", "x"])]
    table = table_of(
        path, rows, 1, columns=tuple(rows[0][1]), file_format=FileFormat.XLSX, header_row=2
    )

    report = write_results(table, [result(3)], tmp_path / "out.xlsx")

    assert "formulas in the columns of the results" in report.notes[0]


def test_falls_back_without_room_at_the_right(tmp_path: Path) -> None:
    """A sheet that is used up to its last column has no room for three more."""
    path = made(tmp_path / "leads.xlsx", lambda sheet: sheet.merge_cells("A4:XFC4"))

    report = written(path)

    assert "no room for three more columns" in report.notes[0]


def test_falls_back_for_a_list_without_a_header(tmp_path: Path) -> None:
    """Rows of a workbook can't be moved down in place, so a list without a header is copied."""
    path = made(tmp_path / "leads.xlsx")
    table = table_of(path, [(1, ["099", "x"])], 1, file_format=FileFormat.XLSX, header_row=0)

    report = write_results(table, [result(1)], tmp_path / "out.xlsx")

    assert "since the workbook has no header" in report.notes[0]
    assert leads_of(opened(report.path)) == [(2, ["099", "x"])]


def test_falls_back_for_standard_input(tmp_path: Path) -> None:
    """A workbook that came through standard input is there as rows only."""
    rows = [(1, ["phone", "name"]), (2, ["099", "x"])]
    table = table_of(tmp_path / "stdin.xlsx", rows, 1, file_format=FileFormat.XLSX)

    report = write_results(table, [result(2)], tmp_path / "out.xlsx")

    assert "come through standard input" in report.notes[0]


def test_refuses_a_workbook_that_was_changed_meanwhile(tmp_path: Path) -> None:
    """Outcomes are never put beside rows that may be others by now."""
    path = made(tmp_path / "leads.xlsx")
    table = opened(path)
    made(path, lambda sheet: sheet.delete_rows(3))

    with pytest.raises(ResultsError) as caught:
        write_results(table, [result(3), result(4)], tmp_path / "out.xlsx")

    assert "was changed while the run went on" in caught.value.why
    assert isinstance(caught.value.__cause__, SourceError)
    assert not (tmp_path / "out.xlsx").exists()


def test_keeps_the_macros_of_a_workbook(tmp_path: Path) -> None:
    """A workbook with macros stays one."""
    path = made(tmp_path / "leads.xlsx")
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0macros")
    records = [(number, ["x"]) for number in range(1, 5)]
    table = table_of(
        path, records, 2, columns=("a", "b", "c"), file_format=FileFormat.XLSM, header_row=2
    )

    report = write_results(table, [result(3), result(4)], tmp_path / "out.xlsm")

    with ZipFile(report.path) as archive:
        assert archive.read("xl/vbaProject.bin") == b"\0macros"


def plain_copy_of(path: Path) -> ResultsReport:
    """The results file of a workbook that can't be edited, from rows that are given."""
    rows = [(1, ["phone", "name"]), (2, ["099", "x"])]
    table = table_of(path, rows, 1, file_format=FileFormat.XLSX)
    return write_results(table, [result(2)], path.with_name("out.xlsx"))


def test_falls_back_without_a_row_for_the_header(tmp_path: Path) -> None:
    """Where the sheet has no such row after all, nothing is guessed."""
    path = made(tmp_path / "leads.xlsx", lambda sheet: sheet.delete_rows(1, 9))

    assert "no row where the header stands" in plain_copy_of(path).notes[0]


def test_falls_back_for_a_workbook_in_an_archive(tmp_path: Path) -> None:
    """A workbook that was read out of a .zip is copied from its rows."""
    with ZipFile(tmp_path / "leads.zip", "w") as archive:
        archive.writestr("leads.xlsx", b"")

    assert "been packed in an archive" in plain_copy_of(tmp_path / "leads.zip").notes[0]


def test_falls_back_for_two_parts_of_one_name(tmp_path: Path) -> None:
    """Programs differ in which of two equal parts they read, so neither is edited."""
    path = made(tmp_path / "leads.xlsx")
    with ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<worksheet/>")

    assert "two parts of one name" in plain_copy_of(path).notes[0]


def test_falls_back_for_encrypted_parts(tmp_path: Path) -> None:
    """A part that is marked as encrypted is not touched."""
    path = made(tmp_path / "leads.xlsx")
    archive = bytearray(path.read_bytes())
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(archive)

    assert "encrypted parts" in plain_copy_of(path).notes[0]


def test_falls_back_for_a_damaged_part(tmp_path: Path) -> None:
    """A part that does not unpack, though nothing read it so far, gives a plain copy."""
    path = made(tmp_path / "leads.xlsx")
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/media/logo.png", b"logo", compress_type=ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"logo\x50\x4b", b"LOGO\x50\x4b"))

    assert "an archive that is damaged" in plain_copy_of(path).notes[0]


def test_falls_back_for_parts_of_absurd_size(tmp_path: Path) -> None:
    """Styles of more than 64 MiB are not taken into memory."""
    path = repacked(
        made(tmp_path / "leads.xlsx"), "xl/styles.xml", lambda xml: xml + b" " * (65 << 20)
    )

    assert "a part of unusual size" in plain_copy_of(path).notes[0]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_reads_and_rewrites_it(tmp_path: Path) -> None:
    """A spreadsheet program opens the results file, sees the same, and what it saves can be retried."""
    path = made(tmp_path / "leads.xlsx", lambda sheet: sheet.append([datetime(2026, 1, 2)]))  # noqa: DTZ001
    report = written(path)

    for target in ("csv", "xlsx"):
        subprocess.run(
            ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
             "--convert-to", target, "--outdir", tmp_path / "converted", report.path],
            check=True,
            capture_output=True,
            timeout=500,
        )  # fmt: skip
    with (tmp_path / "converted/out.csv").open(newline="") as file:
        seen = list(csv.reader(file))
    saved = opened(tmp_path / "converted/out.xlsx")
    again = write_results(saved, some_results(saved, shift=2), tmp_path / "again.xlsx")

    assert seen[2] == ["0991234567", "<Mario>", "Quito", "1", "accepted", ""]
    assert seen[3][3:] == ["0", "rejected", result(4, Status.REJECTED).error]
    assert leads_of(saved) == leads_of(opened(path))
    assert again.notes == ()
    assert opened(again.path).source.columns == saved.source.columns


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)
@given(rows=st.lists(st.lists(texts | st.none(), min_size=3, max_size=3), max_size=6))
def test_what_was_written_reads_as_before(tmp_path: Path, rows: list[list[str | None]]) -> None:
    """For any texts in a workbook the leads stay, through two writings."""
    path = tmp_path / "leads.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Leads")
        first: list[list[str | None]] = [["phone", "name", "town"], ["099", "a", "b"]]
        for number, cells in enumerate(first + rows):
            for column, text in enumerate(cells):
                if text is not None:
                    sheet.write_string(number, column, text)
    table = opened(path)

    once = opened(written(path).path)
    twice = opened(write_results(once, some_results(once, shift=2), tmp_path / "twice.xlsx").path)

    assert leads_of(table) == leads_of(once) == leads_of(twice)
    assert once.source.columns == twice.source.columns
    assert results_in(twice) == {
        row.row: OF_A_RUN.cells(row) for row in some_results(twice, shift=2)
    }


def test_what_will_be_written_is_known_before(tmp_path: Path) -> None:
    """A workbook that can be edited needs no words, and nothing is left of the trial."""
    path = made(tmp_path / "leads.xlsx")
    assert foresee_results(opened(path).source) == ()
    assert list(tmp_path.iterdir()) == [path]


def test_a_plain_copy_is_said_before(tmp_path: Path) -> None:
    """With the reason that is given again when it is written."""
    path = repacked(
        made(tmp_path / "leads.xlsx"),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<sheetData>", b"<?x <cols>?><sheetData>"),
    )
    (foreseen,) = foresee_results(opened(path).source)
    (told,) = written(path).notes
    assert "will be a plain workbook" in foreseen
    assert foreseen.replace("will be", "is") == told


def test_parts_that_unpack_too_well_are_copied_on_request(tmp_path: Path) -> None:
    """They count like those that are read, and a user may allow a file more."""
    path = made(tmp_path / "leads.xlsx")
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/picture.bin", bytes(70_000_000))
    source = opened(path).source
    assert "archive that is damaged" not in foresee_results(source)[0]
    assert "unpack to far more" in foresee_results(source)[0]
    assert foresee_results(replace(source, file_limit=20.0)) == ()
