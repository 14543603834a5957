from __future__ import annotations

import io
from typing import TYPE_CHECKING
from zipfile import ZipFile

import openpyxl
import pytest

from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.xlsx.edit.columns import NewCell, NewColumns
from bulk_loader.spreadsheets.xlsx.edit.copying import copied
from bulk_loader.spreadsheets.xlsx.edit.finish import Finish
from bulk_loader.spreadsheets.xlsx.edit.looks import Look
from bulk_loader.spreadsheets.xlsx.edit.notes import Note
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import UneditableError

if TYPE_CHECKING:
    from pathlib import Path

SHEET = "xl/worksheets/sheet2.xml"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook of two sheets."""
    path = tmp_path / "leads.xlsx"
    made = openpyxl.Workbook()
    made.create_sheet("Leads")
    for sheet in made.worksheets:
        for row in (["phone", "name"], ["099", "Mario"], ["098", "Luigi"]):
            sheet.append(row)
    made.save(path)
    return path


def edited(book: Path, row: int, *, is_clear: bool) -> io.BytesIO:
    """The workbook with one column over the second one, and one at its right."""
    columns = NewColumns(1, 2, (2, 1), {2: 9}, is_clear=is_clear)
    target = io.BytesIO()
    with copied(book, "Leads", target, Limits()) as copy:
        style = copy.add_looks([Look("FFC6EFCE")])
        copy.set_property("mine")
        copy.write_all_but_sheet(columns)
        new = NewCell("7", style, is_number=True), NewCell("=1", style)
        copy.write_sheet(columns, lambda number: new if number == row else None)
    return target


def test_puts_cells_into_one_row(book: Path) -> None:
    """In place of what stood there, or as new ones; a text that looks like a formula is none."""
    sheet = openpyxl.load_workbook(edited(book, 2, is_clear=False))["Leads"]

    assert [cell.value for cell in sheet[2]] == ["099", "=1", 7]
    assert sheet["B2"].data_type == "s"
    assert sheet["C2"].fill.fgColor.rgb == "FFC6EFCE"
    assert [cell.value for cell in sheet[3]] == ["098", "Luigi", None]


def test_all_else_stays_byte_for_byte(book: Path) -> None:
    """The other sheet, the theme, and the rows that are not named."""
    with ZipFile(book) as old, ZipFile(edited(book, 99, is_clear=False)) as new:
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
        added = set(new.namelist()) - set(old.namelist())
        rows = [archive.read(SHEET).partition(b"<sheetData>")[2] for archive in (old, new)]

    # The sheet is in front from now on, as the workbook says.
    books = {"xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "_rels/.rels"}
    assert changed == {SHEET, *books}
    assert added == {"docProps/custom.xml"}
    assert rows[0] == rows[1]


def test_notes_come_and_go_with_all_that_belongs_to_them(book: Path, tmp_path: Path) -> None:
    """The second copy has none any more, and is a workbook like the first."""
    columns, looks = NewColumns(1, 2, (2, 3, 4), {}, is_clear=True), [Look("FFC6EFCE")]

    def copy_of(source: Path, target: Path, notes: list[Note]) -> None:
        with target.open("wb") as file, copied(source, "Leads", file, Limits()) as copy:
            copy.add_looks(looks)
            finish = Finish(notes=copy.replace_notes(notes))
            copy.write_all_but_sheet(columns, finish)
            copy.write_sheet(columns, lambda _row: None, finish)

    noted, cleared = tmp_path / "noted.xlsx", tmp_path / "cleared.xlsx"
    copy_of(book, noted, [Note(2, 0, "is too short.")])
    copy_of(noted, cleared, [])

    comment = openpyxl.load_workbook(noted)["Leads"]["A2"].comment
    assert comment is not None
    assert comment.text == "bulk-loader:\nis too short."
    assert openpyxl.load_workbook(cleared)["Leads"]["A2"].comment is None
    with ZipFile(noted) as some, ZipFile(cleared) as none:
        assert {name for name in some.namelist() if "notes" in name} == {
            "xl/notes-sheet2.xml",
            "xl/drawings/notes-sheet2.vml",
        }
        parts = [none.read(name) for name in none.namelist()]
    assert not any(b"notes-sheet2" in part or b"legacyDrawing" in part for part in parts)


def test_looks_through_the_sheet_first(book: Path) -> None:
    """How wide it is, how its header looks, and whether anything stands at the right."""
    with copied(book, "Leads", io.BytesIO(), Limits()) as copy:
        beyond = copy.use_of_sheet(header_row=1, width=2, positions=(2, 3))
        within = copy.use_of_sheet(header_row=1, width=1, positions=(1, 2))

    assert (beyond.width, beyond.header_style, beyond.is_clear) == (2, 0, True)
    assert (beyond.last_row, beyond.is_arranged) == (3, False)
    assert (within.width, within.is_clear) == (2, False)


def test_a_sheet_that_is_not_there_is_not_edited(book: Path) -> None:
    """Nor is another one in its place."""
    with pytest.raises(UneditableError), copied(book, "leads", io.BytesIO(), Limits()):
        pass
