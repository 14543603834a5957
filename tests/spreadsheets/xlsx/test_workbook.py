"""Excel workbooks: limits, broken files and decisions about sheets that the corpus can't hold."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from bulk_loader.choices import HiddenRows
from bulk_loader.errors import SourceError
from bulk_loader.model import FileFormat
from bulk_loader.reading.options import ReadingOptions
from bulk_loader.reading.sheets import open_sheet
from bulk_loader.spreadsheets.binary.format import XLS
from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.ods.format import ODS
from bulk_loader.spreadsheets.xlsx.format import XLSX
from bulk_loader.spreadsheets.xlsx.workbook import XlsxSheet
from tests.reading.leads import leads
from tests.spreadsheets.raw_workbooks import MAIN, RawWorkbook, number, row, sheet, text

if TYPE_CHECKING:
    from bulk_loader.model import LeadTable

CORPUS = Path(__file__).parents[2] / "tools" / "dirty"
HEADER = row(1, "telefono", "nombre")
PLAIN = HEADER + row(2, "0991234567", "Ana")
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
SEND = ReadingOptions(hidden=HiddenRows.SEND)


def opened(path: Path, book: RawWorkbook, **limits: int) -> LeadTable:
    """A workbook written and opened, under other limits than usual."""
    options = ReadingOptions(limits=replace(Limits(), **limits))
    return open_sheet(book.write(path / "leads.xlsx"), XLSX, "digest", options)


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
    assert "broken" not in caught.value.why  # a file that is too much is in order all the same
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
        open_sheet(path, XLSX, "", ReadingOptions())


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
    assert book.active is not None
    book.active.append(["telefono"])
    book.active.append(["0991234567"])
    book.create_chartsheet("Chart")
    book.active = 1
    book.save(path)
    assert open_sheet(path, XLSX, "", ReadingOptions()).source.sheet == "Sheet"


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
    table = open_sheet(path, XLSX, "", SEND)
    assert list(table.records()) == [
        (1, ["Title", "", ""]),
        (3, ["telefono", "nombre", "c"]),
        (4, ["1", "2", ""]),
    ]


def test_a_wide_sheet_gives_small_batches(tmp_path: Path) -> None:
    """The memory of a batch does not grow with the number of columns."""
    header = "".join(text(f"{letter}1", f"h{at}") for at, letter in enumerate(["A", "XFD"]))
    names = "".join(text(f"{get_column_letter(at)}1", f"c{at}") for at in range(1, 16_385))
    assert header
    rows = "".join(row(at, "1") for at in range(2, 250))
    table = opened(tmp_path, RawWorkbook(f'<row r="1">{names}</row>{rows}'))
    sizes = [len(batch.frame) for batch in table.batches()]
    assert max(sizes) == 500_000 // 16_384
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
    assert book.active is not None
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
    table = open_sheet(path, XLSX, "", ReadingOptions())
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
            table: LeadTable = open_sheet(path, ODS, "", SEND)
        elif path.suffix == ".xls":
            table = open_sheet(path, XLS, "", SEND)
        else:
            table = open_sheet(path, XLSX, "", SEND)
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
        table = open_sheet(path, XLSX, "", SEND)
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
