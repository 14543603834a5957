"""What is typed into cells, and what the copy then says."""

from __future__ import annotations

import csv
import gzip
import io
import string
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openpyxl.styles import Font, PatternFill

from bulk_loader.codes import ProblemCode
from bulk_loader.errors import LoaderError
from bulk_loader.formulas import is_dangerous
from bulk_loader.model import FileFormat
from bulk_loader.reading import HiddenRows, ReadingOptions, open_leads
from bulk_loader.workflows.bad_cells import MAX_CELLS, find_bad_cells
from bulk_loader.workflows.correct import MAX_LENGTH, RefusedTextsError, correct
from tests.spreadsheets.ods.test_workbook import ODS_HEADER, ods, ods_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bulk_loader.settings import Settings
    from tests.support.uploads import Leads

    Make = Callable[..., Settings]
    Texts = Mapping[int, Mapping[int, str]]

HEADER = ["phone", "name", "note"]

# All letters that a person can type, and what a file or a page may trip over.
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))
TYPED = st.text(
    st.one_of(LETTERS, st.sampled_from("\"',;\t\n_x0041_=+-@<>& 0123456789")), max_size=12
)
CELLS = st.text(st.one_of(LETTERS, st.sampled_from("\"',;\n ")), max_size=8)
ROWS = st.lists(
    st.tuples(st.text(string.digits, min_size=7, max_size=12), CELLS, CELLS), min_size=1
)


def read(path: Path, settings: Settings) -> list[list[str]]:
    """The leads as they are read."""
    options = ReadingOptions(
        header_row=settings.header_row, delimiter=settings.delimiter, encoding=settings.encoding
    )
    table = open_leads(path, options)
    return [row for batch in table.batches() for row in batch.frame.to_numpy().tolist()]


def with_texts(rows: Sequence[Sequence[str]], texts: Texts) -> list[list[str]]:
    """Rows from the second one on, with other texts."""
    return [
        [texts.get(number, {}).get(at, cell) for at, cell in enumerate(row)]
        for number, row in enumerate(rows, 2)
    ]


@st.composite
def edits(draw: st.DrawFn, rows: int) -> Texts:
    """Texts for some cells; the first of each row is never blank, so that it stays a lead."""
    places = st.dictionaries(st.integers(0, 2), TYPED, min_size=1)
    chosen = draw(st.dictionaries(st.integers(2, rows + 1), places, min_size=1))
    return {
        row: {at: f"0{text}" if at == 0 else text for at, text in sorted(of_row.items())}
        for row, of_row in sorted(chosen.items())
    }


@given(
    st.data(), ROWS, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans()
)
@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_reads_exactly_as_it_was_typed(  # noqa: PLR0917 - what a file differs in
    settings: Make,
    tmp_path: Path,
    data: st.DataObject,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    line_end: str,
    quotes_all: bool,
) -> None:
    """In these cells, and all others as before; a formula is refused, and then nothing is written."""
    texts = data.draw(edits(len(rows)))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    # Of line breaks csv quotes only those that its own line end is made of.
    has_lines = any("\n" in cell for row in rows for cell in row)
    path, copy = tmp_path / "leads.csv", tmp_path / "copy"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(
            file,
            delimiter=delimiter,
            lineterminator=line_end,
            quoting=csv.QUOTE_ALL if quotes_all or has_lines else csv.QUOTE_MINIMAL,
        )
        writer.writerows([HEADER, *rows])
    told = settings(header_row=1, delimiter="tab" if delimiter == "\t" else delimiter)
    before, content = read(path, told), path.read_bytes()
    copy.unlink(missing_ok=True)
    if any(is_dangerous(text) for of_row in texts.values() for text in of_row.values()):
        with pytest.raises(RefusedTextsError):
            correct(path, told, texts, copy)
        assert not copy.exists()
        return
    correct(path, told, texts, copy)
    assert path.read_bytes() == content
    assert read(copy, told) == with_texts(before, texts)


@given(st.data(), ROWS)
@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_workbook_reads_exactly_as_it_was_typed(
    settings: Make, tmp_path: Path, data: st.DataObject, rows: list[tuple[str, str, str]]
) -> None:
    """Zeros, signs, digits of any number and what looks like a formula stay the text that they are."""
    texts = data.draw(edits(len(rows)))
    path, copy = tmp_path / "leads.xlsx", tmp_path / "copy"
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append([None] * 3)  # type: ignore[union-attr]
        for at, cell in enumerate(row, 1):
            if cell.isprintable():
                written = book.active.cell(book.active.max_row, at, cell)  # type: ignore[union-attr]
                written.data_type = "s"
    book.save(path)
    before, content = read(path, settings()), path.read_bytes()
    correct(path, settings(), texts, copy)
    assert path.read_bytes() == content
    assert read(copy, settings()) == with_texts(before, texts)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where the copy goes."""
    return tmp_path / "copy"


def sheet_of(path: Path, *rows: Sequence[object], name: str = "Sheet") -> openpyxl.Workbook:
    """A workbook with one sheet, saved."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = name
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return book


def rewritten(path: Path, part: str, old: bytes, new: bytes) -> None:
    """Change one part of a workbook."""
    with ZipFile(path) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8-sig", "Núñez"), ("cp1252", "Núñez"), ("utf-16", "Łukasz")]
)
def test_all_other_bytes_of_a_text_file_stay(  # noqa: PLR0917 - what a file differs in
    settings: Make, tmp_path: Path, copy: Path, encoding: str, line_end: str, name: str
) -> None:
    """Marks, quotes that are not needed, blank lines, a separator line and a missing line end."""
    told = settings(header_row=1, encoding=encoding.removesuffix("-sig"))
    lines = ["sep=;", 'phone;"name";x', f'"no";{name};"a ""b"""', "", f'0991234567;"{name}";']
    text = line_end.join(lines)
    (tmp_path / "leads.csv").write_bytes(text.encode(encoding))
    correct(tmp_path / "leads.csv", told, {2: {0: "0990000001", 2: 'c;"d"'}}, copy)
    expected = text.replace('"no"', '"0990000001"').replace('"a ""b"""', '"c;""d"""')
    assert copy.read_bytes() == expected.encode(encoding)


def test_a_workbook_keeps_all_but_the_cell(settings: Make, tmp_path: Path, copy: Path) -> None:
    """Looks, widths, other sheets, other cells, and which sheet is in front."""
    path = tmp_path / "leads.xlsx"
    book = sheet_of(path, ["phone", "when"], [12, 45000], [991234567, "=1+1"], name="Leads")
    sheet, other = book["Leads"], book.create_sheet("Other")
    sheet["A2"].font, sheet["A2"].number_format = Font(bold=True, color="FF00AA00"), '0;-0;0;"x"@'
    sheet["A2"].fill = PatternFill("solid", fgColor="FFFFEE00")
    sheet["B2"].number_format = "dd/mm/yyyy"
    sheet.column_dimensions["A"].width = 33
    other["A1"] = "stays"
    book.active = other
    book.save(path)
    correct(path, settings(sheet="Leads"), {2: {0: "+0012"}}, copy)
    now = openpyxl.load_workbook(io.BytesIO(copy.read_bytes()))
    cell = now["Leads"]["A2"]
    assert (cell.value, cell.data_type, cell.number_format) == ("+0012", "s", "@")
    assert (cell.font.b, cell.font.color.rgb, cell.fill.fgColor.rgb) == (
        True,
        "FF00AA00",
        "FFFFEE00",
    )
    assert now["Leads"]["B3"].value == "=1+1"
    assert now["Leads"]["B2"].number_format == "dd/mm/yyyy"
    assert now["Leads"].column_dimensions["A"].width == 33
    assert now.active is not None
    assert now.active.title == "Other"
    with ZipFile(path) as before, ZipFile(copy) as after:
        assert before.namelist() == after.namelist()
        same = {name for name in before.namelist() if before.read(name) == after.read(name)}
        assert set(before.namelist()) - same == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}


def test_a_second_correction_adds_no_more_formats(
    settings: Make, tmp_path: Path, copy: Path
) -> None:
    """A workbook does not grow with each saving."""
    path = tmp_path / "leads.xlsx"
    sheet_of(path, ["phone"], [12], [13])
    correct(path, settings(), {2: {0: "1"}, 3: {0: "2"}}, copy)
    again = tmp_path / "again"
    correct(copy, settings(), {2: {0: "3"}, 3: {0: "4"}}, again)
    with ZipFile(copy) as before, ZipFile(again) as after:
        assert before.read("xl/styles.xml") == after.read("xl/styles.xml")


def test_a_cell_that_a_sheet_does_not_list_is_put_in(
    settings: Make, tmp_path: Path, copy: Path
) -> None:
    """Between its neighbours, where their order is that of the columns."""
    path = tmp_path / "leads.xlsx"
    sheet_of(path, ["campaign", "phone", "name"], [None, "0991", "Ana"], ["A", None, "Eva"])
    correct(path, settings(), {2: {0: "B"}, 3: {1: "0992"}}, copy)
    assert read(copy, settings()) == [["B", "0991", "Ana"], ["A", "0992", "Eva"]]


def test_a_formula_gives_way_and_with_it_the_order_of_computing(
    settings: Make, tmp_path: Path, copy: Path
) -> None:
    """Excel calls a workbook damaged where that order names a cell without a formula."""
    path = tmp_path / "leads.xlsx"
    sheet_of(path, ["phone"], ["=NA()"])
    types, relations = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    chain = b'<Relationship Id="rId77" Type="%b" Target="calcChain.xml"/></Relationships>' % kind
    rewritten(path, relations, b"</Relationships>", chain)
    override = b'<Override PartName="/xl/calcChain.xml" ContentType="x"/></Types>'
    rewritten(path, types, b"</Types>", override)
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/calcChain.xml", "<calcChain/>")
    correct(path, settings(), {2: {0: "0991234567"}}, copy)
    assert read(copy, settings()) == [["0991234567"]]
    with ZipFile(copy) as archive:
        assert "xl/calcChain.xml" not in archive.namelist()
        assert b"calcChain" not in archive.read(types) + archive.read(relations)


def test_a_formula_that_others_share_is_not_taken_from_them(
    settings: Make, tmp_path: Path, copy: Path
) -> None:
    """Those cells would have nothing to be computed by; the person is told where to do it."""
    path = tmp_path / "leads.xlsx"
    sheet_of(path, ["phone"], ["=NA()"], ["0991234567"])
    shared = b'<f t="shared" ref="A2:A3" si="0">NA()</f>'
    rewritten(path, "xl/worksheets/sheet1.xml", b"<f>NA()</f>", shared)
    with pytest.raises(RefusedTextsError, match="can't be corrected here") as refused:
        correct(path, settings(), {2: {0: "0991234567"}}, copy)
    assert [(each.row, each.position) for each in refused.value.refusals] == [(2, 0)]
    assert not copy.exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("=1+1", "makes a formula"),
        ("@cmd", "makes a formula"),
        ("x" * (MAX_LENGTH + 1), "characters"),
        ("a\x00b", "character that is none"),
        ("Łukasz", "The file has no Ł"),
    ],
)
def test_what_can_not_stand_in_the_file_is_refused(
    settings: Make, tmp_path: Path, copy: Path, text: str, why: str
) -> None:
    """Before anything is written, and at its cell; a sign before digits is no formula."""
    path, told = tmp_path / "leads.csv", settings(encoding="cp1252")
    path.write_bytes("phone,name\nno,Núñez\n".encode("cp1252"))
    with pytest.raises(RefusedTextsError, match=why):
        correct(path, told, {2: {0: "+598 99", 1: text}}, copy)
    assert not copy.exists()
    correct(path, told, {2: {0: "+598 99", 1: "-"}}, copy)
    assert read(copy, told) == [["+598 99", "-"]]


def test_results_are_guarded_as_they_were(settings: Make, tmp_path: Path, copy: Path) -> None:
    """What looks like a formula may stand in a results file of text, whose reader takes the guard off."""
    path = tmp_path / "leads.results.csv"
    path.write_text(
        "phone,name,dialer_result,dialer_status,dialer_error\nno,'=x,0,invalid,why\n", "utf-8"
    )
    correct(path, settings(), {2: {0: "0991234567", 1: "@home"}}, copy)
    assert copy.read_text("utf-8").splitlines()[1] == "0991234567,'@home,0,invalid,why"
    assert read(copy, settings())[0][:2] == ["0991234567", "@home"]


def test_a_row_stays_a_lead(settings: Make, leads: Leads, copy: Path) -> None:
    """One that would be blank, or an example of a template, would be left out in silence."""
    leads.write(("no",), ("0991",), header=("phone",))
    for text in ("", "  ", "#example"):
        with pytest.raises(LoaderError, match="can't be written into a copy"):
            correct(leads.path, settings(), {2: {0: text}}, copy)
        assert not copy.exists()


def test_a_habit_of_short_rows_ends_for_all_of_them(
    settings: Make, tmp_path: Path, copy: Path
) -> None:
    """Excel leaves out cells at the end of 16 rows at a time; a row that alone had them would be odd."""
    path = tmp_path / "leads.csv"
    full = [f"09911{number:04d},A,b" for number in range(15)]
    short = [f"09922{number:04d}" for number in range(16)]
    path.write_text("\n".join(["phone,campaign,name", *full, *short]) + "\n", "utf-8")
    correct(path, settings(campaign=""), {20: {1: "SALES"}}, copy)
    assert read(copy, settings())[18] == ["099220003", "SALES", ""]
    assert len(read(copy, settings())) == 31
    assert {line.count(",") for line in copy.read_text("utf-8").splitlines()} == {2}


def test_a_list_without_a_header_and_columns_of_one_name(
    settings: Make, tmp_path: Path, copy: Path
) -> None:
    """A cell is where its row and column are, whatever these are called."""
    path, told = tmp_path / "leads.csv", settings(header_row=0, map={"destination": ["[B]"]})
    path.write_text("Ana,no\nEva,0991234567\n", "utf-8")
    (cell,) = find_bad_cells(path, told).cells
    assert (cell.row, cell.position, cell.column, cell.beside) == (1, 1, "[B]", (("[A]", "Ana"),))
    correct(path, told, {1: {1: "0990000001"}}, copy)
    assert copy.read_text("utf-8") == "Ana,0990000001\nEva,0991234567\n"
    path.write_text("phone,phone\n1,no\n", "utf-8")
    told = settings(map={"destination": ["phone [B]"]})
    (cell,) = find_bad_cells(path, told).cells
    assert (cell.position, cell.column) == (1, "phone [B]")


def test_a_format_that_can_not_be_written_becomes_a_plain_workbook(
    settings: Make, tmp_path: Path, copy: Path
) -> None:
    """What is not known for sure stays unknown in it, until somebody types what it is to say."""
    rows = "".join(
        f"<table:table-row>{ods_cell('', phone)}{name}</table:table-row>"
        for phone, name in [
            ("no tiene", ods_cell("", "Ana")),
            ("099 123", ods_cell('calcext:value-type="error"', "#N/A")),
        ]
    )
    path, told = ods(tmp_path, _sheet(ODS_HEADER + rows)), settings(data="n={nombre}")
    found = find_bad_cells(path, told)
    assert [(cell.row, cell.position) for cell in found.cells] == [(2, 0), (3, 1)]
    written = correct(path, told, {2: {0: "0991234567"}}, copy).copy
    assert (written.name, written.is_plain) == ("leads.xlsx", True)
    assert "plain workbook" in written.notes[0]
    table = open_leads(copy, ReadingOptions())
    assert table.source.format is FileFormat.XLSX
    assert read(copy, told) == [["0991234567", "Ana"], ["099 123", "#N/A"]]
    (cell,) = find_bad_cells(copy, told).cells
    assert (cell.row, cell.position, cell.problems[0].code) == (3, 1, ProblemCode.ERROR_CELL)


def _sheet(rows: str) -> str:
    return (
        "<office:body><office:spreadsheet><table:table table:name='S'>"
        f"{rows}</table:table></office:spreadsheet></office:body>"
    )


@pytest.mark.parametrize("name", ["leads.csv", "leads.xlsx"])
def test_a_packed_list_is_unpacked_for_it(
    settings: Make, tmp_path: Path, copy: Path, name: str
) -> None:
    """The copy is the list alone, and called so."""
    inner, path = tmp_path / name, tmp_path / f"{name}.gz"
    if name == "leads.csv":
        inner.write_bytes("phone;name\r\nno;Núñez\r\n".encode("cp1252"))
    else:
        sheet_of(inner, ["phone", "name"], ["no", "Núñez"])
    path.write_bytes(gzip.compress(inner.read_bytes()))
    written = correct(path, settings(), {2: {0: "+1 234"}}, copy).copy
    assert (written.name, written.is_plain) == (name, False)
    assert read(copy, settings()) == [["+1 234", "Núñez"]]


def test_a_workbook_that_can_not_be_edited_becomes_a_plain_one_of_its_kind(
    settings: Make, tmp_path: Path, copy: Path
) -> None:
    """Excel opens a workbook only where its content is what its name says."""
    path = tmp_path / "leads.xlsm"
    sheet_of(tmp_path / "leads.xlsx", ["phone"], ["no"])
    (tmp_path / "leads.xlsx").rename(path)
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    rewritten(path, "xl/worksheets/sheet1.xml", b"<sheetData>", b"<!-- x --><sheetData>")
    written = correct(path, settings(), {2: {0: "0991234567"}}, copy).copy
    assert (written.name, written.is_plain) == ("leads.xlsm", True)
    with ZipFile(copy) as archive:
        assert b"macroEnabled" in archive.read("[Content_Types].xml")


def test_hidden_rows_that_are_left_out_stay_hidden(
    settings: Make, tmp_path: Path, copy: Path
) -> None:
    """In a plain copy, too: nobody is called whom the list does not show."""
    hidden = "table:visibility='collapse'"
    rows = "".join(
        f"<table:table-row {how}>{ods_cell('', phone)}{ods_cell('', 'x')}</table:table-row>"
        for how, phone in [("", "no"), (hidden, "0990000001"), ("", "0990000002")]
    )
    path, told = ods(tmp_path, _sheet(ODS_HEADER + rows)), settings(hidden="skip")
    correct(path, told, {2: {0: "0991234567"}}, copy)
    options = ReadingOptions(hidden=HiddenRows.SKIP)
    (batch,) = open_leads(copy, options).batches()
    assert batch.frame["telefono"].tolist() == ["0991234567", "0990000002"]


def test_what_no_typing_mends_is_told_apart(settings: Make, tmp_path: Path) -> None:
    """A cell under a merge, and a row that falls apart; a lead that is left out is not at fault."""
    path = tmp_path / "leads.xlsx"
    book = sheet_of(path, ["campaign", "phone"], ["A", "0991"], [None, "0992"], ["A", "0991"])
    assert book.active is not None
    book.active.merge_cells("A2:A3")
    book.save(path)
    found = find_bad_cells(path, settings())
    assert (found.count, found.count_elsewhere) == (0, 1)
    assert found.elsewhere[0].code is ProblemCode.MERGED_CELL
    text = tmp_path / "leads.csv"
    text.write_text("phone,name\n0991,a\n12\n0991,b\n", "utf-8")
    found = find_bad_cells(text, settings())
    assert (found.count, found.elsewhere[0].code) == (0, ProblemCode.TOO_FEW_CELLS)


def test_several_faults_of_a_cell_are_told_together(settings: Make, leads: Leads) -> None:
    """And each cell of a row has its own place."""
    leads.write(("no", "12:x", "soon"), header=("phone", "alternatives", "calldate"))
    found = find_bad_cells(leads.path, settings())
    assert [(cell.column, len(cell.problems)) for cell in found.cells] == [
        ("phone", 1),
        ("alternatives", 2),
        ("calldate", 1),
    ]


def test_of_very_many_cells_the_first_are_kept_and_all_counted(
    settings: Make, leads: Leads
) -> None:
    """Memory does not grow with a list of which every row is wrong."""
    leads.write(*((f"no {number}", "x") for number in range(MAX_CELLS + 500)))
    found = find_bad_cells(leads.path, settings())
    assert (len(found.cells), found.count) == (MAX_CELLS, MAX_CELLS + 500)
    assert found.cells[-1].row == MAX_CELLS + 1
