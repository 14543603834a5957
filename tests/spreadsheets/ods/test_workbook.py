"""OpenDocument spreadsheets: what the corpus can't hold."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bulk_loader.choices import HiddenRows
from bulk_loader.errors import SourceError
from bulk_loader.reading.options import ReadingOptions
from bulk_loader.reading.sheets import open_sheet
from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.ods.format import ODS
from tests.reading.leads import leads

CORPUS = Path(__file__).parents[2] / "tools" / "dirty"
SEND = ReadingOptions(hidden=HiddenRows.SEND)
MANY_COLUMNS = (
    "<table:table-cell table:number-columns-repeated='99999'><text:p>5</text:p></table:table-cell>"
)


def test_opendocument_sheets_are_chosen_by_name() -> None:
    """A sheet of an .ods can be chosen, and an unknown one is answered with those there are."""
    path = CORPUS / "libreoffice_ods.ods"
    assert open_sheet(path, ODS, "", replace(SEND, sheet="Leads")).source.sheet == "Leads"
    with pytest.raises(SourceError, match='The workbook has: "Leads"'):
        open_sheet(path, ODS, "", replace(SEND, sheet="Nope"))


def ods(path: Path, rows: str, **parts: str) -> Path:
    """An OpenDocument spreadsheet with one table."""
    names = " ".join(
        f'xmlns:{name}="urn:{name}"' for name in ("office", "table", "text", "calcext")
    )
    content = f"<office:document {names}>{rows}</office:document>"
    with zipfile.ZipFile(path / "leads.ods", "w") as archive:
        archive.writestr("content.xml", content)
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), part)
    return path / "leads.ods"


def ods_cell(attributes: str, shown: str = "") -> str:
    """A cell with a paragraph."""
    return (
        f"<table:table-cell {attributes}>{shown and f'<text:p>{shown}</text:p>'}</table:table-cell>"
    )


ODS_HEADER = (
    f"<table:table-row>{ods_cell('', 'telefono')}{ods_cell('', 'nombre')}</table:table-row>"
)


@pytest.mark.parametrize(
    ("cell", "shown", "code"),
    [
        (ods_cell('office:value-type="float" office:value="7"', "007"), "007", ""),
        (ods_cell('office:value-type="float" office:value="7"'), "7", ""),
        (
            '<table:table-cell office:value-type="float" office:value="7"><text:p/></table:table-cell>',
            "", "",
        ),
        (ods_cell('office:value-type="float" office:value="1E16"', "1E+16"), "1.00000E+16", "number_too_long"),
        (ods_cell('office:value-type="time" office:time-value="PT26H05M00S"', "26:05"), "26:05:00", ""),
        (ods_cell('office:value-type="time" office:time-value="PT26H05M00S"', "02:05"), "02:05:00", ""),
        (ods_cell('office:value-type="time" office:time-value="PT26H05M00S"'), "26:05:00", ""),
        (ods_cell('office:value-type="time" office:time-value="PT26H05M00S"', "1565:00"), "26:05:00", ""),
        (ods_cell('office:value-type="time" office:time-value="PT1112488H17M36.5S"', "16:17"), "16:17:36", ""),
        (ods_cell('office:value-type="time" office:time-value="PT1112488H17M36S"', "04:17 PM"), "16:17:36", ""),
        (ods_cell('office:value-type="time" office:time-value="P1DT2H"', "26:00"), "26:00:00", ""),
        (ods_cell('office:value-type="date" office:date-value="2026-02-30"', "30/02"), "2026-02-30", "no_such_date"),
        (ods_cell('office:value-type="time" office:time-value="x"', "02:05"), "02:05", ""),
        (ods_cell('office:value-type="boolean" office:boolean-value="true"', "WAHR"), "TRUE", ""),
        (ods_cell('office:value-type="date" office:date-value="2026-03-04T15:30:00"'), "2026-03-04 15:30:00", ""),
        (ods_cell('office:value-type="string" office:string-value="Ana"'), "Ana", ""),
        (ods_cell('table:formula="of:=A1"'), "=A1", "formula_without_value"),
        (ods_cell("", "a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d"), "a  b\tc\nd", ""),
        (ods_cell("", "a</text:p><text:p>b"), "a\nb", ""),
        (ods_cell("", "<text:span>a</text:span><office:annotation><text:p>no</text:p></office:annotation>"), "a", ""),
    ],
)  # fmt: skip
def test_opendocument_cells_read_as_they_were_shown(
    tmp_path: Path, cell: str, shown: str, code: str
) -> None:
    """The shown text counts for numbers, ISO for dates and times; comments are no text."""
    row = f"<table:table-row>{ods_cell('', '1')}{cell}</table:table-row>"
    path = ods(tmp_path, f"<table:table table:name='A'>{ODS_HEADER}{row}</table:table>")
    (batch,) = open_sheet(path, ODS, "", ReadingOptions()).batches()
    assert batch.frame["nombre"].tolist() == [shown]
    assert [damage.code for damage in batch.damages] == ([code] if code else [])


def test_opendocument_repeats_rows_and_columns(tmp_path: Path) -> None:
    """What is stored once for several rows or columns stands in each of them."""
    cell = ods_cell("table:number-columns-repeated='2'", "5")
    twice = f"<table:table-row table:number-rows-repeated='2'>{cell}</table:table-row>"
    path = ods(tmp_path, f"<table:table table:name='A'>{ODS_HEADER}{twice}</table:table>")
    assert leads(open_sheet(path, ODS, "", ReadingOptions())) == {
        2: ["5", "5"],
        3: ["5", "5"],
    }


@pytest.mark.parametrize(
    ("row", "limits", "told"),
    [
        (f"<table:table-row>{MANY_COLUMNS}</table:table-row>", {}, "columns"),
        (f"<table:table-row table:number-rows-repeated='99999999'>{ods_cell('', '5')}</table:table-row>", {}, "rows"),
        (f"<table:table-row>{ods_cell('', 'x' * 50)}</table:table-row>", {"max_cell_length": 40}, "more than 40 characters"),
    ],
)  # fmt: skip
def test_opendocument_limits_end_in_a_clear_error(
    tmp_path: Path, row: str, limits: dict[str, int], told: str
) -> None:
    """Repeats without end are refused, not carried out."""
    path = ods(tmp_path, f"<table:table table:name='A'>{ODS_HEADER}{row}</table:table>")
    with pytest.raises(SourceError, match=told):
        open_sheet(path, ODS, "", ReadingOptions(limits=replace(Limits(), **limits)))


def test_opendocument_decisions_are_those_of_other_workbooks(tmp_path: Path) -> None:
    """The active sheet is read; hidden columns, merges and other sheets are said."""
    spanned = ods_cell('table:number-rows-spanned="2"', "x")
    rows = (
        "<table:table-column table:visibility='collapse' table:number-columns-repeated='2'/>"
        f"{ODS_HEADER}<table:table-row>{spanned}</table:table-row>"
        f"<table:table-row><table:covered-table-cell/>{ods_cell('', 'Eva')}</table:table-row>"
    )
    tables = f"<table:table table:name='Old'>{ODS_HEADER}</table:table><table:table table:name='New'>{rows}</table:table>"
    active = '<config:config-item config:name="ActiveTable" config:type="string">New</config:config-item>'
    table = open_sheet(ods(tmp_path, tables, settings_xml=active), ODS, "", ReadingOptions())
    assert table.source.sheet == "New"
    notes = "\n".join(table.source.notes)
    assert '"Old"' in notes
    assert "Hidden columns are used like the others: A, B." in notes
    assert "merged (A2:A3)" in notes
    (batch,) = table.batches()
    assert [(damage.row, damage.code) for damage in batch.damages] == [(3, "merged_cell")]


@pytest.mark.parametrize(
    ("tables", "parts", "told"),
    [
        ("", {}, "no sheet"),
        ("<table:table table:name='A'/>", {}, "empty"),
        ("", {"META-INF__manifest_xml": "<a><encryption-data/></a>"}, "password"),
    ],
)
def test_opendocument_faults_end_in_a_clear_error(
    tmp_path: Path, tables: str, parts: dict[str, str], told: str
) -> None:
    """No sheet, an empty one, or a password: each is said."""
    with pytest.raises(SourceError, match=told):
        open_sheet(ods(tmp_path, tables, **parts), ODS, "", ReadingOptions())
