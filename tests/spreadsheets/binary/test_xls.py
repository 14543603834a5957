from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SourceError
from bulk_loader.reading import HiddenRows, ReadingOptions, open_leads
from bulk_loader.spreadsheets.binary.compound_file import CompoundFile
from tests.reading.leads import leads
from tests.spreadsheets.binary_workbooks import (
    BIFF5,
    BIFF8,
    old_number,
    old_text,
    write_xls,
    xls_styles,
)
from tests.support.costly_files import biff, compound_file

if TYPE_CHECKING:
    from pathlib import Path

SEND = ReadingOptions(hidden=HiddenRows.SEND)
HEADER = old_text(1, 0, "phone") + old_text(1, 1, "name")
NARROW_HEADER = old_text(1, 0, "phone", "cp1252") + old_text(1, 1, "name", "cp1252")
LIST = HEADER + old_text(2, 0, "0991234567") + old_text(2, 1, "Ana")
FORMATS = ("0000000000", '"+"0', "[Red][<100]0;0", "dd/mm/yyyy")


def placed(kind: int, value: bytes, style: int = 0) -> bytes:
    """A record of the cell B2."""
    return biff(kind, struct.pack("<HHH", 1, 1, style) + value)


@pytest.mark.parametrize("version", [BIFF5, BIFF8])
@pytest.mark.parametrize(
    ("number", "style", "shown"),
    [
        (991234567.0, 1, "0991234567"),
        (59899123456.0, 2, "+59899123456"),
        (991234567.0, 3, "991234567"),
        (46085.0, 4, "2026-03-04"),
        (1.5, 0, "1.5"),
    ],
)
def test_numbers_are_shown_by_their_formats(
    tmp_path: Path, version: int, number: float, style: int, shown: str
) -> None:
    """Those of Excel 5 and 95 too, which keeps their zeros and signs."""
    header = NARROW_HEADER if version == BIFF5 else HEADER
    path = tmp_path / "leads.xls"
    cells = header + old_number(2, 0, 7.0) + old_number(2, 1, number, style)
    write_xls(path, cells, book=xls_styles(*FORMATS, version=version), version=version)
    table = open_leads(path, ReadingOptions())
    assert leads(table.table) == {2: ["7", shown]}
    assert table.source.notes == ()


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (placed(0x027E, struct.pack("<i", 700 << 2 | 3)), "7"),
        (placed(0x027E, struct.pack("<d", 1.5)[4:]), "1.5"),
        (biff(0x00BD, struct.pack("<HHHiH", 1, 1, 1, 7 << 2 | 2, 1)), "0000000007"),
        (placed(0x0205, b"\1\0"), "TRUE"),
        (placed(0x0006, struct.pack("<d", 7.0)), "7"),
        (placed(0x0006, b"\1\0\0\0\0\0\xff\xff"), "FALSE"),
        (placed(0x0006, b"\3\0\0\0\0\0\xff\xff"), ""),
        (placed(0x0006, bytes(6) + b"\xff\xff") + biff(0x0207, b"\3\0\0Ana"), "Ana"),
        (
            placed(0x0006, bytes(6) + b"\xff\xff")
            + biff(0x04BC, bytes(8))
            + biff(0x0207, b"\3\0\0A")
            + biff(0x003C, b"\1n\0a\0"),
            "Ana",
        ),
        (placed(0x00D6, b"\3\0\0Ana\0\0"), "Ana"),
        (placed(0x00FD, struct.pack("<I", 1)), "Muñoz 東"),
    ],
)
def test_each_kind_of_cell_shows_what_a_person_sees(
    tmp_path: Path, made: bytes, shown: str
) -> None:
    """Results of formulas, shared and rich texts among them, in as many records as they take."""
    rich = b"\1\0\x0c\1\0\4\0\0\0x" + bytes(8)
    table = b"\2\0\0\0\2\0\0\0" + rich + b"\x07\0\0Mu"
    texts = biff(0x00FC, table) + biff(0x003C, b"\1" + "ñoz 東".encode("utf-16-le"))
    cells = HEADER + old_text(2, 0, "0991234567") + made
    path = write_xls(tmp_path / "leads.xls", cells, book=xls_styles(*FORMATS) + texts)
    (batch,) = open_leads(path, SEND).batches()
    assert batch.frame.to_numpy().tolist() == [["0991234567", shown]]
    assert batch.damages == ()


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (placed(0x0205, b"\x2a\1"), "error_cell"),
        (placed(0x0006, b"\2\0\x07\0\0\0\xff\xff"), "error_cell"),
        (placed(0x0006, bytes(6) + b"\xff\xff"), "formula_without_value"),
        (placed(0x00FD, struct.pack("<I", 5)), "unreadable_cell"),
        (placed(0x0203, struct.pack("<d", 7.0), 99), "unseen_format"),
    ],
)
def test_a_cell_that_is_not_known_for_sure_is_named(tmp_path: Path, made: bytes, code: str) -> None:
    """It never reads as empty, or as bare digits."""
    cells = HEADER + old_text(2, 0, "0991234567") + made
    (batch,) = open_leads(write_xls(tmp_path / "leads.xls", cells), SEND).batches()
    assert [(damage.row, damage.column, damage.code) for damage in batch.damages] == [
        (2, "name", code)
    ]


@pytest.mark.parametrize("code_page", [1252, 932, 1200, 77])
def test_texts_of_excel_97_say_of_themselves_how_wide_they_are(
    tmp_path: Path, code_page: int
) -> None:
    """Whatever code page the workbook names, no text comes with NULs between its letters."""
    book = biff(0x0042, struct.pack("<H", code_page))
    cells = LIST + old_text(3, 0, "07700900601") + old_text(3, 1, "Ana Muñoz")
    cells += old_text(4, 0, "07700900602", "latin-1") + old_text(4, 1, "Zoë", "latin-1")
    table = open_leads(write_xls(tmp_path / "leads.xls", cells, book=book), ReadingOptions()).table
    assert leads(table) == {
        2: ["0991234567", "Ana"],
        3: ["07700900601", "Ana Muñoz"],
        4: ["07700900602", "Zoë"],
    }


@pytest.mark.parametrize(
    ("code_page", "encoding", "name"),
    [(1252, "cp1252", "Muñoz"), (932, "cp932", "東京"), (32768, "mac_roman", "Muñoz")],
)
def test_texts_of_excel_95_are_of_their_code_page(
    tmp_path: Path, code_page: int, encoding: str, name: str
) -> None:
    """And one that is not known here is refused."""
    path = tmp_path / "leads.xls"
    cells = NARROW_HEADER + old_text(2, 0, "0991234567", "cp1252") + old_text(2, 1, name, encoding)
    write_xls(path, cells, book=biff(0x0042, struct.pack("<H", code_page)), version=BIFF5)
    assert leads(open_leads(path, ReadingOptions()).table) == {2: ["0991234567", name]}
    write_xls(path, cells, book=biff(0x0042, struct.pack("<H", 77)), version=BIFF5)
    with pytest.raises(SourceError, match="code page 77"):
        open_leads(path, ReadingOptions())


def test_hidden_rows_columns_and_merges_are_seen(tmp_path: Path) -> None:
    """As in every other kind of workbook; rows may stand in any order."""
    cells = old_text(3, 0, "0987654321") + old_text(3, 1, "Eva") + LIST
    cells += biff(0x0208, struct.pack("<HHHHHHHH", 2, 0, 2, 0, 0, 0, 0x20, 0))
    cells += biff(0x007D, struct.pack("<HHHHH", 1, 1, 9, 0, 1))
    cells += biff(0x00E5, struct.pack("<HHHHH", 1, 1, 2, 1, 1))
    path = write_xls(tmp_path / "leads.xls", cells)
    with pytest.raises(SourceError, match="--hidden skip"):
        open_leads(path, ReadingOptions())
    (batch,) = open_leads(path, SEND).batches()
    assert list(batch.frame.index) == [2, 3]
    assert [(damage.row, damage.code) for damage in batch.damages] == [(3, "merged_cell")]


def test_the_sheet_in_front_is_read_and_charts_are_none(tmp_path: Path) -> None:
    """A chart in front is no reason to refuse; days may count from 1904."""
    front = biff(0x003D, struct.pack("<HHHHHH", 0, 0, 0, 0, 0, 1))
    book = front + biff(0x0022, b"\1\0") + xls_styles("yyyy-mm-dd")
    cells = HEADER + old_text(2, 0, "0991234567") + old_number(2, 1, 44623.0, 1)
    path = write_xls(tmp_path / "leads.xls", cells, book=book, kinds=(0, 2, 0))
    table = open_leads(path, ReadingOptions())
    assert leads(table.table) == {2: ["0991234567", "2026-03-04"]}
    assert (table.source.sheet, table.source.notes) == ("Sheet1", ())
    assert open_leads(path, ReadingOptions(sheet="Sheet1")).source.sheet == "Sheet1"
    with pytest.raises(SourceError, match='The workbook has: "Sheet1", "Sheet3"'):
        open_leads(path, ReadingOptions(sheet="Sheet2"))
    with pytest.raises(SourceError, match="no sheet with cells"):
        open_leads(write_xls(path, cells, kinds=(2,)), ReadingOptions())


@pytest.mark.parametrize("name", ["leads.xlsx", "leads.xlsm", "leads.xlsb", "leads.ods"])
def test_whatever_its_name_says_it_is_read_as_what_it_is(tmp_path: Path, name: str) -> None:
    """And that is said."""
    table = open_leads(write_xls(tmp_path / name, LIST), ReadingOptions())
    assert leads(table.table) == {2: ["0991234567", "Ana"]}
    assert "a workbook of the kind .xls by its content" in table.source.notes[0]


def test_a_lead_in_the_last_row_is_read(tmp_path: Path) -> None:
    """What lies between costs nothing."""
    cells = LIST + old_text(65_536, 0, "0987654321") + old_text(65_536, 255, "x")
    path = write_xls(tmp_path / "leads.xls", old_text(1, 255, "end") + cells)
    assert list(leads(open_leads(path, ReadingOptions()).table)) == [2, 65_536]


@pytest.mark.parametrize(
    ("cells", "book", "why"),
    [
        (LIST, biff(0x002F, bytes(6)), "protected with a password"),
        (HEADER + placed(0x0203, b"\0"), b"", "cut short"),
        (HEADER + placed(0x0204, b"\x09\0\0An"), b"", "text is cut short"),
        (HEADER + biff(0x0203, struct.pack("<HHHd", 1, 256, 0, 7.0)), b"", "beyond the last col"),
        (LIST + biff(0x00E5, b"\1\0"), b"", "cut short"),
    ],
)
def test_what_can_not_be_read_is_refused_in_words(
    tmp_path: Path, cells: bytes, book: bytes, why: str
) -> None:
    """Broken, protected or beyond what a sheet can hold."""
    with pytest.raises(SourceError, match=why):
        open_leads(write_xls(tmp_path / "leads.xls", cells, book=book), ReadingOptions())


def test_versions_before_excel_5_and_other_documents_are_refused(tmp_path: Path) -> None:
    """A container that only looks like an old workbook gives the reason."""
    path = write_xls(tmp_path / "leads.xls", LIST, version=0x0200)
    with pytest.raises(SourceError, match="version before Excel 5"):
        open_leads(path, ReadingOptions())
    letter = compound_file(bytes(4096)).replace("Workbook".encode("utf-16-le"), bytes(16))
    path.write_bytes(letter + "Workbook".encode("utf-16-le"))
    with pytest.raises(SourceError, match="no workbook in it"):
        open_leads(path, ReadingOptions())


def test_records_without_their_container_are_a_workbook(tmp_path: Path) -> None:
    """Some programs write an .xls as a bare stream, and spreadsheet programs open it."""
    write_xls(tmp_path / "whole.xls", LIST)
    path = tmp_path / "leads.xls"
    stream = CompoundFile((tmp_path / "whole.xls").read_bytes()).stream("Workbook")
    path.write_bytes(stream or b"")
    assert leads(open_leads(path, ReadingOptions()).table) == {2: ["0991234567", "Ana"]}
