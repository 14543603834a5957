"""Workbooks: limits, broken files and the decisions about sheets that the corpus can't hold."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_loader.errors import SourceError
from bulk_loader.model import FileFormat
from bulk_loader.reading.calamine import open_calamine
from bulk_loader.reading.compound_file import CompoundFile, CompoundFileError
from bulk_loader.reading.limits import Limits
from bulk_loader.reading.ods import open_ods
from bulk_loader.reading.options import HiddenRows, ReadingOptions
from bulk_loader.reading.xls_looks import read_looks
from bulk_loader.reading.xlsx import XlsxSheet, open_xlsx
from tests.reading.raw_workbooks import MAIN, RawWorkbook, number, row, sheet, text

if TYPE_CHECKING:
    from bulk_loader.model import LeadTable

CORPUS = Path(__file__).parents[1] / "dirty"
MANY_COLUMNS = (
    "<table:table-cell table:number-columns-repeated='99999'><text:p>5</text:p></table:table-cell>"
)
HEADER = row(1, "telefono", "nombre")
PLAIN = HEADER + row(2, "0991234567", "Ana")
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
SEND = ReadingOptions(hidden=HiddenRows.SEND)


def leads(table: LeadTable, size: int = 1000) -> dict[int, list[str]]:
    """All leads by row number."""
    return {
        number: cells
        for batch in table.batches(size)
        for number, cells in zip(batch.frame.index, batch.frame.to_numpy().tolist(), strict=True)
    }


def opened(path: Path, book: RawWorkbook, **limits: int) -> LeadTable:
    """A workbook written and opened, under other limits than usual."""
    options = ReadingOptions(limits=replace(Limits(), **limits))
    return open_xlsx(book.write(path / "leads.xlsx"), "digest", options)


@pytest.mark.parametrize(
    ("book", "limits", "told"),
    [
        (RawWorkbook(PLAIN), {"max_parts": 3}, "parts"),
        (RawWorkbook(PLAIN), {"max_unpacked_bytes": 500}, "unpacks to more than 500 bytes"),
        (
            RawWorkbook(PLAIN, after=" " * 500_000),
            {"ratio_applies_above_bytes": 1000, "max_compression_ratio": 20},
            "more than 20 times its size",
        ),
        (RawWorkbook(PLAIN), {"max_rows": 1}, "2 rows, and 1 at most"),
        (RawWorkbook(PLAIN), {"max_columns": 1}, "1 columns are the limit"),
        (RawWorkbook(PLAIN, strings=["x" * 50]), {"max_cell_length": 40}, "50 characters"),
        (RawWorkbook(PLAIN + row(3, "x" * 50)), {"max_cell_length": 40}, "longer than any cell"),
        (
            RawWorkbook(HEADER + f'<row r="2"><c r="A2"><v>{"1" * 18_000_000}</v></c></row>'),
            {"max_compression_ratio": 10**6},
            "many megabytes",
        ),
        (
            RawWorkbook(PLAIN, strings=["x" * 18_000_000]),
            {"max_compression_ratio": 10**6},
            "many megabytes",
        ),
        (
            RawWorkbook(
                PLAIN, after="<mergeCells>" + '<mergeCell ref="A1:A2"/>' * 100_001 + "</mergeCells>"
            ),
            {"max_compression_ratio": 10**6},
            "merged",
        ),
    ],
    ids=[
        "parts",
        "bytes",
        "ratio",
        "rows",
        "columns",
        "cell",
        "cell inside",
        "row",
        "string",
        "merges",
    ],
)
def test_limits_end_in_a_clear_error(
    tmp_path: Path, book: RawWorkbook, limits: dict[str, int], told: str
) -> None:
    """A file beyond a limit is refused with that limit named, never read in part."""
    with pytest.raises(SourceError, match=told) as caught:
        opened(tmp_path, book, **limits)
    assert caught.value.what
    assert caught.value.remedy


def test_a_million_formatted_empty_rows_are_no_leads(tmp_path: Path) -> None:
    """Rows with a format only are passed by, in either way of writing them."""
    empty = '<row r="{0}" s="1" customFormat="1"/>'
    cells = '<row r="{0}"><c r="A{0}" s="1"/><c r="B{0}" s="1"></c></row>'
    many = "".join(empty.format(at) for at in range(3, 60_000))
    many += "".join(cells.format(at) for at in range(60_000, 80_000))
    table = opened(tmp_path, RawWorkbook(PLAIN + many))
    assert table.source.leads == 1
    assert leads(table) == {2: ["0991234567", "Ana"]}


@pytest.mark.parametrize(
    "replaced",
    [
        {"_rels/.rels": None, "xl/workbook.xml": None},
        {"xl/_rels/workbook.xml.rels": None},
        {"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'},
        {SHEET: ""},
        {SHEET: "no XML at all"},
        {SHEET: f'<worksheet xmlns="{MAIN}"/>'},
        {SHEET: sheet(PLAIN) + "<more/>"},
        {SHEET: sheet(HEADER + '<row r="x"><c r="A2"><v>1</v></c></row>')},
        {SHEET: sheet(PLAIN, before="<a>" * 400_000)},
        {STRINGS: "<sst"},
        {STRINGS: f'<sst xmlns="{MAIN}"><si><t>a</t></si><si><t>b</t></sst>'},
        {"xl/styles.xml": "<styleSheet>"},
    ],
    ids=lambda replaced: next(iter(replaced)),
)
def test_missing_and_broken_parts_end_in_a_clear_error(
    tmp_path: Path, replaced: dict[str, str | None]
) -> None:
    """Whatever is missing or broken, the error has its three parts."""
    with pytest.raises(SourceError) as caught:
        opened(tmp_path, RawWorkbook(PLAIN, replaced=replaced))
    assert caught.value.what
    assert caught.value.why
    assert caught.value.remedy


def test_an_unpacked_length_that_lies_is_not_believed(tmp_path: Path) -> None:
    """The bytes that really come out are counted, not those that the archive declares."""
    path = RawWorkbook(PLAIN, after=" " * 100_000).write(tmp_path / "leads.xlsx")
    spoiled = bytearray(path.read_bytes())
    at = spoiled.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24
    spoiled[at : at + 4] = struct.pack("<I", 10)
    path.write_bytes(spoiled)
    with pytest.raises(SourceError, match="broken"):
        open_xlsx(path, "", ReadingOptions())


def test_external_and_other_links_are_not_followed(tmp_path: Path) -> None:
    """A part outside the file is never looked for."""
    links = (
        '<Relationships><Relationship Id="r2" TargetMode="External" '
        'Type="x/worksheet" Target="file:///etc/passwd"/></Relationships>'
    )
    book = RawWorkbook(PLAIN, replaced={"xl/_rels/workbook.xml.rels": links})
    with pytest.raises(SourceError, match="no sheet"):
        opened(tmp_path, book)


def test_a_chart_in_front_gives_way_to_the_first_sheet(tmp_path: Path) -> None:
    """A sheet without cells can't be read, even where it was in front."""
    path = tmp_path / "leads.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["telefono"])
    book.active.append(["0991234567"])
    book.create_chartsheet("Chart")
    book.active = 1
    book.save(path)
    assert open_xlsx(path, "", ReadingOptions()).source.sheet == "Sheet"


def test_macros_make_another_kind_of_file(tmp_path: Path) -> None:
    """A workbook with macros is told apart, so that its results are written alike."""
    table = opened(tmp_path, RawWorkbook(PLAIN, replaced={"xl/vbaProject.bin": b"x"}))
    assert table.source.format is FileFormat.XLSM
    assert opened(tmp_path, RawWorkbook(PLAIN)).source.format is FileFormat.XLSX


def test_records_are_every_row_with_contents(tmp_path: Path) -> None:
    """What is above the header, hidden or an example stands in the records."""
    rows = (
        row(1, "Title")
        + row(3, "telefono", "nombre", "c")
        + row(4, "1", "2", attributes=' hidden="true"')
    )
    path = RawWorkbook(rows).write(tmp_path / "leads.xlsx")
    table = open_xlsx(path, "", SEND)
    assert list(table.records()) == [
        (1, ["Title", "", ""]),
        (3, ["telefono", "nombre", "c"]),
        (4, ["1", "2", ""]),
    ]


def test_a_wide_sheet_gives_small_batches(tmp_path: Path) -> None:
    """The memory of a batch does not grow with the number of columns."""
    header = "".join(text(f"{letter}1", f"h{at}") for at, letter in enumerate(["A", "XFD"]))
    names = "".join(
        text(f"{openpyxl.utils.get_column_letter(at)}1", f"c{at}") for at in range(1, 16_385)
    )
    assert header
    rows = "".join(row(at, "1") for at in range(2, 250))
    table = opened(tmp_path, RawWorkbook(f'<row r="1">{names}</row>{rows}'))
    sizes = [len(batch.frame) for batch in table.batches()]
    assert max(sizes) == 2_000_000 // 16_384
    assert sum(sizes) == table.source.leads == 248


CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    st.integers(min_value=-(10**14), max_value=10**14),
    st.booleans(),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_openpyxl_writes_reads_as_it_was_given(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str | int | bool]]
) -> None:
    """Texts, numbers and truth values come back as the text that was put in."""
    path = tmp_path_factory.mktemp("round") / "leads.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    for at, cells in enumerate(rows, start=2):
        for column, value in enumerate(cells, start=1):
            cell = book.active.cell(at, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(path)
    shown = {
        at: [str(cell).upper() if isinstance(cell, bool) else str(cell) for cell in cells]
        for at, cells in enumerate(rows, start=2)
    }
    expected = {at: cells for at, cells in shown.items() if "".join(cells).strip()}
    expected = {
        at: cells for at, cells in expected.items() if not cells[0].lower().startswith("#example")
    }
    table = open_xlsx(path, "", ReadingOptions())
    assert [*leads(table, size=2).values()] == [*expected.values()]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_spoiled_files_end_in_clean_reads_or_errors(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Bytes changed, cut off or put in anywhere in a workbook bring nothing else up."""
    name = data.draw(
        st.sampled_from(["libreoffice_xls.xls", "libreoffice_ods.ods", "openpyxl_mixed.xlsx"])
    )
    content = bytearray((CORPUS / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    path = tmp_path_factory.mktemp("spoiled") / name
    path.write_bytes(content)
    try:
        if path.suffix == ".ods":
            table: LeadTable = open_ods(path, "", SEND)
        elif path.suffix == ".xls":
            table = open_calamine(path, FileFormat.XLS, "", SEND)
        else:
            table = open_xlsx(path, "", SEND)
        leads(table)
    except SourceError as error:
        assert error.what  # noqa: PT017


MARKUP = st.sampled_from(
    [
        "<row r='2'>", "</row>", "<c r='A2'>", "</c>", "<v>", "</v>", "<", ">", "&amp;", "&#0;",
        "<!--", "-->", "<f>", "</f>", "<is><t>x</t></is>", 't="s"', 't="e"', "9", "-", "x:", "\r",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), MARKUP), max_size=4))
def test_the_fast_way_never_differs_from_the_exact_one(
    tmp_path_factory: pytest.TempPathFactory, inserted: list[tuple[int, str]]
) -> None:
    """Whatever markup is put into a sheet: what the parser reads, the fast way reads, or refuses."""
    rows = PLAIN + row(3, number("A3", "12.50"), '<c r="B3"><f>A3</f><v>7</v></c>')
    for place, markup in inserted:
        at = min(place, len(rows))
        rows = rows[:at] + markup + rows[at:]
    path = RawWorkbook(rows).write(tmp_path_factory.mktemp("markup") / "leads.xlsx")
    try:
        table = open_xlsx(path, "", SEND)
        fast = list(table.records())
    except SourceError:
        return
    assert isinstance(table.sheet, XlsxSheet)
    exact = replace(table, sheet=replace(table.sheet, is_plain=False))
    try:
        slow = list(exact.records())
    except SourceError:
        return
    assert slow == fast


def test_kinds_without_looks_say_so(tmp_path: Path) -> None:
    """Where formats can't be seen, that is said before anything is sent."""
    path = tmp_path / "leads.xlsx"  # the library tells the kind by its name
    path.write_bytes((CORPUS / "openpyxl_mixed.xlsx").read_bytes())
    table = open_calamine(path, FileFormat.XLSB, "digest", ReadingOptions())
    assert "can't be told from others" in "\n".join(table.source.notes)
    assert leads(table)[2][:4] == ["991234567", "Muñoz & Cía", "2026-03-04", "TRUE"]
    assert leads(table)[3] == ["+598 99 123 456", "Ana", "2026-03-04 15:30:00", "FALSE", "1.5"]
    with pytest.raises(SourceError, match="unpacks"):
        open_calamine(
            path, FileFormat.XLSB, "", ReadingOptions(limits=Limits(max_unpacked_bytes=99))
        )


def record(kind: int, data: bytes) -> bytes:
    """A record of an .xlsb; its kind takes two bytes from 128 on."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(data)]) + data


def styles(code: str) -> bytes:
    """The styles of an .xlsb whose second cell style has this format."""
    fmt = struct.pack("<HI", 170, len(code)) + code.encode("utf-16-le")
    other = record(47, struct.pack("<HH", 0, 9) + bytes(12))  # a named style, that of no cell
    cells = [record(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, 170)]
    return record(44, fmt) + other + record(617, b"\2\0\0\0") + b"".join(cells) + record(618, b"")


@pytest.mark.parametrize(
    ("code", "is_certain"),
    [("0", True), ("@", True), ("dd/mm/yyyy", True), ("0000000000", False), ('"+"0', False)],
)
def test_numbers_under_unseen_formats_are_never_taken_as_they_are(
    tmp_path: Path, code: str, is_certain: bool
) -> None:
    """A workbook that may pad its numbers gives no phone without its zero; texts are sure."""
    path = tmp_path / "leads.xlsx"  # the library tells the kind by its name
    path.write_bytes((CORPUS / "openpyxl_mixed.xlsx").read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/styles.bin", styles(code))
    table = open_calamine(path, FileFormat.XLSB, "digest", ReadingOptions())
    (batch,) = table.batches()
    damaged = [(damage.row, damage.column, damage.code) for damage in batch.damages]
    expected = [(2, "telefono", "unseen_format"), (3, "suma", "unseen_format")]
    assert damaged == ([] if is_certain else expected)
    assert batch.frame.at[2, "telefono"] == ("991234567" if is_certain else "991234567 ?")
    assert ("number formats" in "\n".join(table.source.notes)) is not is_certain


def test_old_workbooks_name_their_sheets() -> None:
    """A sheet of an .xls can be chosen, and an unknown one is answered with those there are."""
    path = CORPUS / "libreoffice_xls.xls"
    options = replace(SEND, sheet="Leads")
    assert open_calamine(path, FileFormat.XLS, "", options).source.sheet == "Leads"
    with pytest.raises(SourceError, match='The workbook has: "Leads"'):
        open_calamine(path, FileFormat.XLS, "", replace(SEND, sheet="Nope"))


def test_opendocument_sheets_are_chosen_by_name() -> None:
    """A sheet of an .ods can be chosen, and an unknown one is answered with those there are."""
    path = CORPUS / "libreoffice_ods.ods"
    assert open_ods(path, "", replace(SEND, sheet="Leads")).source.sheet == "Leads"
    with pytest.raises(SourceError, match='The workbook has: "Leads"'):
        open_ods(path, "", replace(SEND, sheet="Nope"))


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
        (ods_cell('office:value-type="float" office:value="1E16"', "1E+16"), "1.00000E+16", "number_too_long"),
        (ods_cell('office:value-type="time" office:time-value="PT26H05M00S"', "02:05"), "26:05:00", ""),
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
    (batch,) = open_ods(path, "", ReadingOptions()).batches()
    assert batch.frame["nombre"].tolist() == [shown]
    assert [damage.code for damage in batch.damages] == ([code] if code else [])


def test_opendocument_repeats_rows_and_columns(tmp_path: Path) -> None:
    """What is stored once for several rows or columns stands in each of them."""
    cell = ods_cell("table:number-columns-repeated='2'", "5")
    twice = f"<table:table-row table:number-rows-repeated='2'>{cell}</table:table-row>"
    path = ods(tmp_path, f"<table:table table:name='A'>{ODS_HEADER}{twice}</table:table>")
    assert leads(open_ods(path, "", ReadingOptions())) == {2: ["5", "5"], 3: ["5", "5"]}


@pytest.mark.parametrize(
    ("row", "limits", "told"),
    [
        (f"<table:table-row>{MANY_COLUMNS}</table:table-row>", {}, "columns"),
        (f"<table:table-row table:number-rows-repeated='99999999'>{ods_cell('', '5')}</table:table-row>", {}, "rows"),
        (f"<table:table-row>{ods_cell('', 'x' * 50)}</table:table-row>", {"max_cell_length": 40}, "50 characters"),
    ],
)  # fmt: skip
def test_opendocument_limits_end_in_a_clear_error(
    tmp_path: Path, row: str, limits: dict[str, int], told: str
) -> None:
    """Repeats without end are refused, not carried out."""
    path = ods(tmp_path, f"<table:table table:name='A'>{ODS_HEADER}{row}</table:table>")
    with pytest.raises(SourceError, match=told):
        open_ods(path, "", ReadingOptions(limits=replace(Limits(), **limits)))


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
    table = open_ods(ods(tmp_path, tables, settings_xml=active), "", ReadingOptions())
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
        open_ods(ods(tmp_path, tables, **parts), "", ReadingOptions())


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600])
def test_a_broken_container_is_no_compound_file(content: bytes) -> None:
    """Garbage is refused, and gives no looks."""
    with pytest.raises(CompoundFileError):
        CompoundFile(content)
    assert read_looks(content) is None


def test_streams_are_found_by_name() -> None:
    """The workbook's stream is there, and another is not."""
    container = CompoundFile((CORPUS / "libreoffice_xls.xls").read_bytes())
    assert container.stream("Nope") is None
    stream = container.stream("Nope", "Workbook")
    assert stream is not None
    assert stream[:2] == b"\x09\x08"
