"""Writes the odd workbooks of this folder, and what a person sees in each, beside it.

Run `python tests/tools/dirty/make_workbooks.py`; the ones marked as made by LibreOffice need
`soffice`. Each `NAME.json` is written by hand below, from what the spreadsheet program shows
never from what the reader answers.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import openpyxl
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parents[2]))

from tests.spreadsheets import binary_workbooks as binary  # noqa: E402
from tests.spreadsheets.raw_workbooks import MAIN, RawWorkbook, number, row, sheet, text  # noqa: E402
from tests.support.costly_files import biff  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PHONE, NAME = "telefono", "nombre"
HEADER = row(1, PHONE, NAME)
# Spreadsheets know no time zones.
MIDNIGHT = dt.datetime(2026, 3, 4)  # noqa: DTZ001
AFTERNOON = dt.datetime(2026, 3, 4, 15, 30)  # noqa: DTZ001
GOOD = ["0991234567", "Ana"]


class Expected(TypedDict, total=False):
    """What else is said of a file; see `expect`."""

    columns: Sequence[str]
    damages: Mapping[int, Mapping[str, str]]
    options: Mapping[str, str | int]
    error: str | None
    notes: Sequence[str]


def expect(
    name: str,
    rows: dict[int, list[str]] | None = None,
    *,
    columns: Sequence[str] = (PHONE, NAME),
    damages: Mapping[int, Mapping[str, str]] | None = None,
    options: Mapping[str, str | int] | None = None,
    error: str | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Write down what is to be read from a file."""
    expected = {
        "options": options or {},
        "columns": [] if error else list(columns),
        "rows": rows or {},
        "damages": damages or {},
        "error": error,
        "notes": list(notes),
    }
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def raw(
    name: str, book: RawWorkbook, rows: dict[int, list[str]] | None = None, **more: Unpack[Expected]
) -> None:
    """A workbook written part by part."""
    book.write(FOLDER / f"{name}.xlsx")
    expect(name, rows, **more)


def cell(
    name: str, markup: str, shown: str, *formats: str, damage: str | None = None, **book: object
) -> None:
    """A workbook whose only oddity is the cell B2."""
    made = RawWorkbook(HEADER + row(2, GOOD[0], markup), formats=formats, **book)  # type: ignore[arg-type]
    damages = {2: {NAME: damage}} if damage else {}
    raw(name, made, {2: [GOOD[0], shown]}, damages=damages)


def shown(name: str, value: str, code: str, seen: str, damage: str | None = None) -> None:
    """A workbook with one number under a format."""
    cell(f"format_{name}", number("B2", value, 1), seen, code, damage=damage)


def number_formats() -> None:
    """Numbers as their formats show them."""
    shown("zero_padded", "991234567", "0000000000", "0991234567")
    shown("plus", "59899123456", '"+"0', "+59899123456")
    shown("plus_grouped", "59899123", "+00 000 000", "+59 899 123")
    shown("parentheses", "2125551234", "(000) 000-0000", "(212) 555-1234")
    shown("quoted_dash", "12345", '00"-"000', "12-345")
    shown("conditional_phone", "2125551234", "[<=9999999]###-####;(###) ###-####", "(212) 555-1234")
    shown("conditional_short", "5551234", "[<=9999999]###-####;(###) ###-####", "555-1234")
    shown("thousands", "1234567.891", "#,##0.00", "1,234,567.89")
    shown("percent", "0.125", "0%", "13%")
    shown("currency", "12.5", "#,##0.00 [$€-407]", "12.50 €")
    shown("negative_in_parentheses", "-1234", "#,##0;(#,##0)", "(1,234)")
    shown("scientific", "5215512345678", "0.00E+00", "5.22E+12")
    shown("fraction", "0.5", "# ?/?", "0.5", "unknown_format")
    shown("text_prefix", "42", '"No. "General', "No. 42")
    shown("colour_and_fill", "42", "[Red]*-0", "42")
    shown("hides_zero", "0", "0;-0;;@", "")
    shown("condition_shows_nothing", "-5", '[<0]"";0', "")
    shown("condition_for_negatives", "-5", '[<0]"owes "0;0', "owes 5")
    shown("condition_keeps_the_sign", "-4", "[>=1]0;0", "-4")
    shown("fixed_decimals", "2", "0.000", "2.000")
    shown("scaled", "12345678", '0,,"M"', "12M")
    cell(
        "text_under_format",
        '<c r="B2" s="1" t="inlineStr"><is><t>99123</t></is></c>',
        "+99123",
        '"+"@',
    )
    cell(
        "text_under_general",
        '<c r="B2" s="1" t="inlineStr"><is><t>Ana Paz</t></is></c>',
        "Ana Paz",
        "General;-General;0;General",
    )


def numbers() -> None:
    """Numbers in the format General."""
    cell("number_float_integer", number("B2", "991234567.0"), "991234567")
    cell("number_exponent", number("B2", "9.91234567E8"), "991234567")
    cell("number_noise", number("B2", "0.10000000000000001"), "0.1")
    cell("number_twelve_digits", number("B2", "5215512345678"), "5215512345678")
    cell("number_fifteen_digits", number("B2", "123456789012345"), "123456789012345")
    cell(
        "number_sixteen_digits",
        number("B2", "1234567890123456"),
        "1.23457E+15",
        damage="number_too_long",
    )
    cell(
        "number_too_long_padded",
        number("B2", "12345678901234567890", 1),
        "1.23457E+19",
        "0",
        damage="number_too_long",
    )
    cell("number_tiny", number("B2", "1.5E-7"), "0.00000015")
    cell("number_negative", number("B2", "-5"), "-5")
    cell("number_unreadable", number("B2", "12a4"), "12a4", damage="number_unreadable")
    cell("number_infinite", number("B2", "1E999"), "1E999", damage="number_unreadable")
    cell("number_under_text_format", number("B2", "991234567", 1), "991234567", "@")


def dates() -> None:
    """Dates and times."""
    shown("date", "46085", "dd/mm/yyyy", "2026-03-04")
    shown("date_and_time", "46085.645833333336", "dd/mm/yyyy hh:mm", "2026-03-04 15:30:00")
    shown("date_hides_time", "46085.645833333336", "d-mmm", "2026-03-04")
    shown("time", "0.6458333333333334", "h:mm AM/PM", "15:30:00")
    shown("elapsed_time", "1.25", "[h]:mm", "30:00:00")
    shown("minutes", "0.01", "mm:ss", "00:14:24")
    shown("date_in_words", "46085", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2026-03-04")
    shown("date_year_of_an_emperor", "42095", "[$-411]e", "2015-04-01")
    shown("date_year_of_buddha", "42095", "[$-D070000]bbbb", "2015-04-01")
    shown("date_letters_with_digits", "42095", "Bs. 0", "42095", "unknown_format")
    shown("date_leap_day_of_1900", "60", "dd/mm/yyyy", "60", "no_such_date")
    shown("date_before_the_leap_day", "59", "dd/mm/yyyy", "1900-02-28")
    shown("date_negative", "-1", "dd/mm/yyyy", "-1", "no_such_date")
    shown("date_after_9999", "2958466", "dd/mm/yyyy", "2958466", "no_such_date")
    cell("date_iso_cell", '<c r="B2" t="d"><v>2026-03-04T15:30:00</v></c>', "2026-03-04 15:30:00")
    cell("date_iso_duration", '<c r="B2" t="d"><v>PT36H5M</v></c>', "36:05:00")
    cell("date_iso_none", '<c r="B2" t="d"><v>Tito T. Paz</v></c>', "Tito T. Paz")
    cell(
        "date_iso_no_such_day",
        '<c r="B2" t="d"><v>2026-02-30</v></c>',
        "2026-02-30",
        damage="no_such_date",
    )
    cell(
        "date_1904",
        number("B2", "44623", 1),
        "2026-03-04",
        "yyyy-mm-dd",
        properties='<workbookPr date1904="1"/>',
    )


def kinds_of_cells() -> None:
    """Truth values, errors, formulas and texts."""
    cell("boolean", '<c r="B2" t="b"><v>1</v></c>', "TRUE")
    cell("boolean_false", '<c r="B2" t="b"><v>0</v></c>', "FALSE")
    cell("error", '<c r="B2" t="e"><v>#N/A</v></c>', "#N/A", damage="error_cell")
    cell(
        "error_of_formula",
        '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        "#DIV/0!",
        damage="error_cell",
    )
    cell("formula_number", '<c r="B2"><f>1+1</f><v>2</v></c>', "2")
    cell("formula_text", '<c r="B2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>', "ab")
    cell("formula_empty_text", '<c r="B2" t="str"><f>""</f><v></v></c>', "")
    cell("formula_empty_text_short", '<c r="B2" t="str"><f>""</f><v/></c>', "")
    cell(
        "formula_text_no_value_element",
        '<c r="B2" t="str"><f>A2&amp;"x"</f></c>',
        '=A2&"x"',
        damage="formula_without_value",
    )
    cell(
        "formula_no_value",
        '<c r="B2"><f>A2&amp;"x"</f><v></v></c>',
        '=A2&"x"',
        damage="formula_without_value",
    )
    cell(
        "formula_no_value_element", '<c r="B2"><f>A2</f></c>', "=A2", damage="formula_without_value"
    )
    cell(
        "formula_shared",
        '<c r="B2"><f t="shared" si="0"/></c>',
        "=…",
        damage="formula_without_value",
    )
    cell(
        "formula_placeholder",
        '<c r="B2"><f>A2</f><v>0</v></c>',
        "=A2",
        damage="formula_without_value",
        workbook='<calcPr fullCalcOnLoad="1"/>',
    )
    cell("formula_zero", '<c r="B2"><f>1-1</f><v>0</v></c>', "0")
    cell("text_scientific", text("B2", "5.21551E+12"), "5.21551E+12")
    cell("text_leading_zero", text("B2", "0012"), "0012")
    cell("text_control_character", text("B2", "a_x000D_b"), "a\rb")
    cell("text_escaped_escape", text("B2", "a_x005F_x000D_b"), "a_x000D_b")
    cell("text_lone_surrogate", text("B2", "a_xD800_b"), "a_xD800_b")
    cell("text_entities", text("B2", "<Ana & 'Eva'>"), "<Ana & 'Eva'>")
    cell("text_line_ends", text("B2", "a\r\nb"), "a\nb")
    cell(
        "text_character_reference",
        '<c r="B2" t="inlineStr"><is><t>a&#10;&#x62;</t></is></c>',
        "a\nb",
    )
    cell(
        "text_cdata",
        '<c r="B2" t="inlineStr"><is><t><![CDATA[</row>&amp;]]></t></is></c>',
        "</row>&amp;",
    )
    cell("text_missing_from_table", '<c r="B2" t="s"><v>7</v></c>', "7", damage="unreadable_cell")
    cell(
        "text_negative_in_table",
        '<c r="B2" t="s"><v>-1</v></c>',
        "-1",
        damage="unreadable_cell",
        strings=["x"],
    )
    shared = '<c r="B2" t="s"><v>0</v></c>'
    cell("shared_plain", shared, "Ana", strings=["Ana"])
    cell(
        "shared_rich",
        shared,
        "AnaEva",
        strings=["<si><r><rPr><b/></rPr><t>Ana</t></r><r><t>Eva</t></r></si>"],
    )
    cell(
        "shared_phonetic",
        shared,
        "東京",
        strings=["<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>"],
    )
    cell(
        "inline_rich", '<c r="B2" t="inlineStr"><is><r><t>An</t></r><r><t>a</t></r></is></c>', "Ana"
    )
    cell("quote_prefix", '<c r="B2" s="1" t="inlineStr"><is><t>\'0012</t></is></c>', "'0012", "@")


def dialects() -> None:
    """XML that few programs write."""
    good = {2: GOOD}
    plain = HEADER + row(2, *GOOD)
    prefixed = (
        sheet(plain)
        .replace("<", "<x:")
        .replace("<x:/", "</x:")
        .replace("<x:?", "<?")
        .replace("xmlns=", "xmlns:x=")
    )
    part = "xl/worksheets/sheet1.xml"
    raw("xml_prefixed", RawWorkbook("", replaced={part: prefixed}), good)
    raw(
        "xml_utf16",
        RawWorkbook("", replaced={part: sheet(plain).replace("UTF-8", "UTF-16").encode("utf-16")}),
        good,
    )
    raw(
        "xml_latin1",
        RawWorkbook(
            "",
            replaced={
                part: sheet(HEADER + row(2, GOOD[0], "Muñoz"))
                .replace("UTF-8", "ISO-8859-1")
                .encode("latin-1")
            },
        ),
        {2: [GOOD[0], "Muñoz"]},
    )
    raw(
        "xml_mark_of_utf8",
        RawWorkbook("", replaced={part: b"\xef\xbb\xbf" + sheet(plain).encode()}),
        good,
    )
    raw(
        "xml_comment",
        RawWorkbook(HEADER + "<!-- " + row(2, "1", "2") + " -->" + row(2, *GOOD)),
        good,
    )
    raw(
        "xml_no_references",
        RawWorkbook(
            plain.replace(' r="1"', "")
            .replace(' r="2"', "")
            .replace(' r="A1"', "")
            .replace(' r="B1"', "")
            .replace(' r="A2"', "")
            .replace(' r="B2"', "")
        ),
        good,
    )
    raw(
        "xml_cells_without_references",
        RawWorkbook(
            HEADER
            + '<row r="2"><c t="inlineStr"><is><t>0991234567</t></is></c><c t="inlineStr"><is><t>Ana</t></is></c></row>'
        ),
        good,
    )
    raw("xml_single_quotes", RawWorkbook(HEADER + row(2, *GOOD).replace('"', "'")), good)
    raw("xml_white_space", RawWorkbook(plain.replace("><", ">\n  <")), good)
    raw("xml_spaced_end_tags", RawWorkbook(plain.replace("</c>", "</c >")), good)
    raw(
        "xml_other_attribute_order",
        RawWorkbook(
            HEADER + row(2, GOOD[0], '<c t="inlineStr" s="0" r="B2"><is><t>Ana</t></is></c>')
        ),
        good,
    )
    raw("xml_skipped_cells", RawWorkbook(HEADER + row(2, text("B2", "Ana"))), {2: ["", "Ana"]})
    raw(
        "xml_no_styles",
        RawWorkbook(plain, replaced={"xl/styles.xml": None, "xl/sharedStrings.xml": None}),
        good,
    )
    backslashes = RawWorkbook(plain)
    raw("xml_back_slashes", backslashes, good)
    path = FOLDER / "xml_back_slashes.xlsx"
    parts = {entry: zipfile.ZipFile(path).read(entry) for entry in zipfile.ZipFile(path).namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in parts.items():
            archive.writestr(
                zipfile.ZipInfo(entry.replace("/", "\\"), (1980, 1, 1, 0, 0, 0)), content
            )


def layouts() -> None:
    """Where things stand on a sheet."""
    plain = HEADER + row(2, *GOOD)
    good = {2: GOOD}
    wide = row(4, PHONE, NAME, "agente", "monto", "ciudad")
    columns = (PHONE, NAME, "agente", "monto", "ciudad")
    raw(
        "layout_title_above",
        RawWorkbook(row(1, "Leads of March") + wide + row(5, *GOOD)),
        {5: [*GOOD, "", "", ""]},
        columns=columns,
        notes=["row 4"],
    )
    raw(
        "layout_title_above_two_columns",
        RawWorkbook(row(1, "Leads of March") + row(2, PHONE, NAME) + row(3, *GOOD)),
        {3: GOOD},
        notes=["row 2"],
    )
    raw(
        "layout_header_chosen",
        RawWorkbook(row(1, "a", "b") + row(2, PHONE, NAME) + row(3, *GOOD)),
        {3: GOOD},
        options={"header_row": 2},
        notes=["row 2"],
    )
    raw(
        "layout_no_header",
        RawWorkbook(row(1, *GOOD)),
        {1: GOOD},
        columns=("[A]", "[B]"),
        options={"header_row": 0},
    )
    raw(
        "layout_header_missing",
        RawWorkbook(plain),
        options={"header_row": 9},
        error="no header in row 9",
    )
    raw(
        "layout_gap",
        RawWorkbook(plain + row(900, "0987654321", "Eva")),
        {2: GOOD, 900: ["0987654321", "Eva"]},
    )
    raw(
        "layout_formatted_empty_rows",
        RawWorkbook(
            plain
            + "".join(f'<row r="{at}" s="1"><c r="A{at}" s="1"/></row>' for at in range(3, 500))
            + '<row r="501" s="1"/>' * 1
        ),
        good,
    )
    raw("layout_blank_texts", RawWorkbook(plain + row(3, "  ", "")), good)
    raw(
        "layout_repeated_header",
        RawWorkbook(row(1, PHONE, PHONE) + row(2, *GOOD)),
        good,
        columns=(f"{PHONE} [A]", f"{PHONE} [B]"),
    )
    raw(
        "layout_text_beside_header",
        RawWorkbook(plain + row(3, "1", "2", "3")),
        {2: [*GOOD, ""], 3: ["1", "2", "3"]},
        columns=(PHONE, NAME, "[C]"),
    )
    raw("layout_stray_text", RawWorkbook(plain + row(3, text("XFD3", "x"))), error="column XFD")
    raw("layout_column_beyond_excel", RawWorkbook(plain + row(3, text("XFE3", "x"))), error="XFE")
    raw(
        "layout_rows_out_of_order",
        RawWorkbook(HEADER + row(3, *GOOD) + row(2, *GOOD)),
        error="Row 2 stands",
    )
    raw(
        "layout_wrong_dimension",
        RawWorkbook(plain, before='<dimension ref="A1:XFD1048576"/>'),
        good,
    )
    raw("layout_example_row", RawWorkbook(plain + row(3, "#example", "x")), good)
    raw("layout_empty", RawWorkbook(""), error="The sheet is empty")
    merged = '<mergeCells count="1"><mergeCell ref="{}"/></mergeCells>'
    raw(
        "merged_down",
        RawWorkbook(plain + row(3, "0987654321"), after=merged.format("B2:B3")),
        {2: GOOD, 3: ["0987654321", ""]},
        damages={3: {NAME: "merged_cell"}},
        notes=["merged (B2:B3)"],
    )
    raw(
        "merged_across",
        RawWorkbook(HEADER + row(2, GOOD[0]), after=merged.format("A2:B2")),
        {2: [GOOD[0], ""]},
        damages={2: {NAME: "merged_cell"}},
        notes=["merged"],
    )
    raw(
        "merged_without_value",
        RawWorkbook(HEADER + row(2, GOOD[0]) + row(3, "1"), after=merged.format("B2:B3")),
        {2: [GOOD[0], ""], 3: ["1", ""]},
        notes=["merged"],
    )
    raw(
        "merged_title",
        RawWorkbook(row(1, "March") + wide + row(5, *GOOD), after=merged.format("A1:E1")),
        {5: [*GOOD, "", "", ""]},
        columns=columns,
        notes=["row 4"],
    )
    hidden = HEADER + row(2, *GOOD, attributes=' hidden="1"') + row(3, "1", "2")
    raw("hidden_rows_ask", RawWorkbook(hidden), error="--hidden skip")
    raw(
        "hidden_rows_skip",
        RawWorkbook(hidden),
        {3: ["1", "2"]},
        options={"hidden": "skip"},
        notes=["Left out: 1 of 2"],
    )
    raw(
        "hidden_rows_send",
        RawWorkbook(hidden),
        {2: GOOD, 3: ["1", "2"]},
        options={"hidden": "send"},
        notes=["Included: 1 of 2"],
    )
    raw(
        "hidden_column",
        RawWorkbook(plain, before='<cols><col min="2" max="16384" hidden="1"/></cols>'),
        good,
        notes=["Hidden columns are used like the others: B."],
    )
    second = {"xl/worksheets/sheet2.xml": sheet(plain)}
    two = ("Old", "Leads")
    raw(
        "sheets_active",
        RawWorkbook(
            row(1, "x"),
            sheets=two,
            properties='<bookViews><workbookView activeTab="1"/></bookViews>',
            replaced=second,
        ),
        good,
        notes=['"Old"'],
    )
    raw(
        "sheets_chosen",
        RawWorkbook(row(1, "x"), sheets=two, replaced=second),
        good,
        options={"sheet": "leads"},
        notes=['"Old"'],
    )
    raw(
        "sheets_unknown",
        RawWorkbook(plain, sheets=two),
        options={"sheet": "Nope"},
        error='"Old", "Leads"',
    )
    raw("sheets_other_empty", RawWorkbook(plain, sheets=("Leads", "Empty")), good)


def broken() -> None:
    """Files that must be refused, in bounded time and memory."""
    plain = HEADER + row(2, *GOOD)
    part = "xl/worksheets/sheet1.xml"
    entity = '<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    bomb = sheet(plain).replace("<worksheet", entity + "<worksheet", 1)
    raw("broken_entities", RawWorkbook("", replaced={part: bomb}), error="document type")
    raw(
        "broken_entities_in_strings",
        RawWorkbook(plain, replaced={"xl/sharedStrings.xml": entity + f'<sst xmlns="{MAIN}"/>'}),
        error="document type",
    )
    raw(
        "broken_sheet_cut_short",
        RawWorkbook("", replaced={part: sheet(plain)[:-40]}),
        error="broken",
    )
    raw(
        "broken_strings_cut_short",
        RawWorkbook(
            plain, replaced={"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>a</t></si>'}
        ),
        error="broken",
    )
    raw("broken_nesting", RawWorkbook(plain, before="<a>" * 5000 + "</a>" * 5000), error="nested")
    raw("broken_missing_sheet", RawWorkbook(plain, replaced={part: None}), error="missing")
    raw("broken_no_sheets", RawWorkbook(plain, sheets=()), error="no sheet")
    raw(
        "broken_cell_markup",
        RawWorkbook(HEADER + '<row r="2"><c r="A2"><v>1</w></c></row>'),
        error="broken",
    )
    whole = (RawWorkbook(plain).write(FOLDER / "broken_archive.xlsx")).read_bytes()
    (FOLDER / "broken_archive.xlsx").write_bytes(whole[: len(whole) // 2])
    expect("broken_archive", error="can't be unpacked")
    spoiled = bytearray(whole)
    spoiled[whole.index(b"xl/worksheets/sheet1.xml") + 60] ^= 0xFF
    (FOLDER / "broken_checksum.xlsx").write_bytes(spoiled)
    expect("broken_checksum", error="broken")


def containers() -> None:
    """Workbooks that say what they are in the way of few programs."""
    types = (
        '<Types><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" '
        'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    )
    padded = row(2, number("A2", "991234567", 1), GOOD[1])
    hidden = row(3, "0987654321", "Eva", attributes=' hidden="1"')
    raw(
        "container_sheetjs_types",
        RawWorkbook(
            HEADER + padded + hidden,
            formats=["0000000000"],
            replaced={"[Content_Types].xml": types},
        ),
        {2: GOOD},
        options={"hidden": "skip"},
        notes=["Left out: 1 of 2"],
    )
    small = (HEADER + row(2, *GOOD)).replace('r="A', 'r="a').replace('r="B', 'r="b')
    raw("container_small_references", RawWorkbook(small), {2: GOOD})
    rows = binary.row(1, binary.text(0, PHONE), binary.text(1, NAME))
    number_cell = binary.cell(5, 0, struct.pack("<d", 991234567), 1)
    rows += binary.row(2, number_cell, binary.short_cell(6, binary.wide(GOOD[1])))
    binary.write_xlsb(FOLDER / "xlsb_short_cells.xlsb", rows, formats=["0000000000"])
    expect("xlsb_short_cells", {2: GOOD})
    old = binary.BIFF5
    cells = binary.old_text(1, 0, PHONE, "cp1252") + binary.old_text(1, 1, NAME, "cp1252")
    cells += binary.old_number(2, 0, 991234567, 1) + binary.old_text(2, 1, GOOD[1], "cp1252")
    book = binary.xls_styles("0000000000", version=old)
    binary.write_xls(FOLDER / "xls_excel_95.xls", cells, book=book, version=old)
    expect("xls_excel_95", {2: GOOD})
    cells = binary.old_text(1, 0, PHONE) + binary.old_text(1, 1, NAME)
    cells += binary.old_text(2, 0, GOOD[0]) + binary.old_text(2, 1, "Muñoz")
    book = biff(0x0042, struct.pack("<H", 1252))
    binary.write_xls(FOLDER / "xls_wide_texts.xls", cells, book=book)
    expect("xls_wide_texts", {2: [GOOD[0], "Muñoz"]})
    binary.write_xls(FOLDER / "xls_named_xlsx.xlsx", cells, book=book)
    expect("xls_named_xlsx", {2: [GOOD[0], "Muñoz"]}, notes=["of the kind .xls by its content"])


def openpyxl_made() -> None:
    """Workbooks as programs make them with openpyxl."""
    book = openpyxl.Workbook()
    leads = book.active
    assert leads is not None
    leads.append([PHONE, NAME, "fecha", "ok", "suma"])
    leads.append([991234567, "Muñoz & Cía", dt.date(2026, 3, 4), True, "=A2+1"])
    leads.append(
        [
            "+598 99 123 456",
            CellRichText("An", TextBlock(InlineFont(b=True), "a")),
            AFTERNOON,
            False,
            1.5,
        ]
    )
    leads["A2"].number_format = "0000000000"
    leads["C3"].number_format = "dd/mm/yyyy hh:mm"
    book.create_sheet("Notes")["A1"] = "x"
    book.save(FOLDER / "openpyxl_mixed.xlsx")
    expect(
        "openpyxl_mixed",
        {
            2: ["0991234567", "Muñoz & Cía", "2026-03-04", "TRUE", "=A2+1"],
            3: ["+598 99 123 456", "Ana", "2026-03-04 15:30:00", "FALSE", "1.5"],
        },
        columns=(PHONE, NAME, "fecha", "ok", "suma"),
        damages={2: {"suma": "formula_without_value"}},
        notes=['"Notes"'],
    )


def xlsxwriter_made() -> None:
    """Workbooks as programs make them with XlsxWriter."""
    with xlsxwriter.Workbook(FOLDER / "xlsxwriter_mixed.xlsx") as book:
        leads = book.add_worksheet("Leads")
        leads.write_row(0, 0, [PHONE, NAME, "suma", "fecha"])
        leads.write_row(1, 0, [991234567, "Ana"], book.add_format({"num_format": "0000000000"}))
        leads.write_formula("C2", "=A2+1")
        leads.write_datetime("D2", MIDNIGHT, book.add_format({"num_format": 14}))
        leads.write_row(2, 0, ["0987654321", "Eva"])
        leads.write_formula("C3", "=A3", value="7")
        leads.autofilter("A1:D3")
        leads.set_row(2, None, None, {"hidden": True})
    expect(
        "xlsxwriter_mixed",
        {2: ["0991234567", "Ana", "=A2+1", "2026-03-04"], 3: ["0987654321", "Eva", "7", ""]},
        columns=(PHONE, NAME, "suma", "fecha"),
        damages={2: {"suma": "formula_without_value"}},
        options={"hidden": "send"},
        notes=["Included: 1 of 2"],
    )


def main() -> None:
    """Write all of them."""
    makers: list[Callable[[], None]] = [
        number_formats, numbers, dates, kinds_of_cells, dialects, layouts, broken,
        containers, openpyxl_made, xlsxwriter_made,
    ]  # fmt: skip
    for make in makers:
        make()
    if shutil.which("soffice"):
        libreoffice_made()


def libreoffice_made() -> None:
    """One sheet, saved by LibreOffice in every kind of workbook that it writes."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "libreoffice.fods"
        source.write_text((FOLDER / "libreoffice.fods.xml").read_text("utf-8"), "utf-8")
        for kind in ("xlsx", "xls", "ods", "fods"):
            if kind == "fods":  # else nothing would be converted
                source = Path(folder) / "libreoffice.ods"
            subprocess.run(
                ["soffice", "--headless", "--convert-to", kind, "--outdir", folder, source],
                check=True, capture_output=True,
            )  # fmt: skip
            name = f"libreoffice_{kind}"
            shutil.copy(Path(folder) / f"libreoffice.{kind}", FOLDER / f"{name}.{kind}")
            expect(
                name,
                {
                    2: ["0991234567", "Muñoz & Cía", "2026-03-04", "50%", "2"],
                    6: ["0987654321", "Ana", "", "1", "#N/A"],
                },
                columns=(PHONE, NAME, "fecha", "parte", "suma"),
                damages={6: {"suma": "error_cell"}},
                options={"hidden": "skip"},
                notes=["Left out: 1 of 3"],
            )


if __name__ == "__main__":
    main()
