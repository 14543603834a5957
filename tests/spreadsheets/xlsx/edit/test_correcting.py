from __future__ import annotations

import io
from typing import TYPE_CHECKING
from zipfile import ZipFile

import openpyxl
import pytest

from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.xlsx.edit.correcting import write_with_texts
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import UneditableError
from bulk_loader.spreadsheets.xlsx.edit.single_cells import SharedFormulaError

if TYPE_CHECKING:
    from pathlib import Path

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook of one sheet, with a row that has no cells."""
    path = tmp_path / "leads.xlsx"
    made = openpyxl.Workbook()
    assert made.active is not None
    for row in (["phone", "name"], ["099", "Mario"], ["=A2", "Luigi"]):
        made.active.append(row)
    made.save(path)
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", b'<row r="4" spans="1:2"/></sheetData>')
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def changed(book: Path, old: bytes, new: bytes, part: str = SHEET) -> None:
    """Another text in one of the parts."""
    with ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with ZipFile(book, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def corrected(book: Path, texts: dict[int, dict[int, str]]) -> io.BytesIO:
    """The copy."""
    target = io.BytesIO()
    write_with_texts(book, "Sheet", texts, target, Limits())
    return target


def test_cells_are_put_into_rows_of_any_kind(book: Path) -> None:
    """One that stands there, one that does not, and one in a row that is closed at once."""
    sheet = openpyxl.load_workbook(corrected(book, {2: {0: "0", 5: "F"}, 4: {1: "=1+1"}})).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == ["0", "Mario", None, None, None, "F"]
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=1+1", "s")
    assert sheet["A3"].value == "=A2"


def test_names_with_a_prefix_are_kept(book: Path) -> None:
    """Some programs write all of a workbook so."""
    with ZipFile(book) as archive:
        sheet = archive.read(SHEET)
    written = sheet.replace(b"<", b"<x:").replace(b"<x:/", b"</x:")
    changed(book, sheet, written.replace(b"xmlns=", b"xmlns:x="))
    made = corrected(book, {2: {0: "+1"}})
    with ZipFile(made) as archive:
        assert b'<x:c r="A2" s="' in archive.read(SHEET)
    loaded = openpyxl.load_workbook(made).active
    assert loaded is not None
    assert loaded["A2"].value == "+1"


def test_a_text_takes_the_place_of_a_formula(book: Path) -> None:
    """Where there is no order of computing, none is looked for."""
    sheet = openpyxl.load_workbook(corrected(book, {3: {0: "098"}})).active
    assert sheet is not None
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("098", "s")


def test_a_formula_of_several_cells_is_kept(book: Path) -> None:
    """Only the cell that holds it for all of them can't be given another text."""
    changed(book, b"<f>A2</f>", b'<f t="array" ref="A3:B3">A2</f>')
    with pytest.raises(SharedFormulaError) as caught:
        corrected(book, {3: {0: "098"}})
    assert caught.value.args == (3, 0)


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (b"<sheetData>", b"<!-- x --><sheetData>", SHEET),
        (b'<c r="A2"', b"<c", SHEET),
        (b'<row r="3"', b'<row r="1"', SHEET),
        (b"cellXfs", b"cellYfs", "xl/styles.xml"),
    ],
)
def test_what_is_not_understood_for_certain_is_not_edited(
    book: Path, old: bytes, new: bytes, part: str
) -> None:
    """As for results; who asked for it then writes a plain workbook."""
    changed(book, old, new, part)
    with pytest.raises(UneditableError):
        corrected(book, {2: {0: "1"}})
