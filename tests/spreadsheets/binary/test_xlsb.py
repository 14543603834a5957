from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SourceError
from bulk_loader.reading import HiddenRows, ReadingOptions, open_leads
from bulk_loader.spreadsheets.limits import Limits
from tests.reading.leads import leads
from tests.spreadsheets.binary_workbooks import (
    cell,
    record,
    row,
    short_cell,
    text,
    wide,
    write_xlsb,
)

if TYPE_CHECKING:
    from pathlib import Path

HEADER = row(1, text(0, "phone"), text(1, "name"))
LIST = HEADER + row(2, text(0, "0991234567"), text(1, "Ana"))
SEND = ReadingOptions(hidden=HiddenRows.SEND)


def real(value: float) -> bytes:
    """A number in eight bytes."""
    return struct.pack("<d", value)


def rk(value: int) -> bytes:
    """A whole number in four bytes."""
    return struct.pack("<i", value << 2 | 2)


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (cell(2, 1, rk(99123456), 1), "0099123456"),
        (cell(5, 1, real(991234567), 1), "0991234567"),
        (cell(5, 1, real(59899123456), 2), "+59899123456"),
        (cell(5, 1, real(991234567)), "991234567"),
        (cell(5, 1, real(46085), 3), "2026-03-04"),
        (cell(5, 1, real(1.5)), "1.5"),
        (cell(4, 1, b"\1"), "TRUE"),
        (cell(7, 1, struct.pack("<I", 1)), "Eva"),
        (cell(62, 1, b"\1" + wide("Ana") + bytes(4)), "Ana"),
        (cell(8, 1, wide("Ana") + bytes(6)), "Ana"),
        (cell(9, 1, real(7) + bytes(6)), "7"),
        (cell(10, 1, b"\0" + bytes(6)), "FALSE"),
        (text(1, "99123", 4), "+99123"),
        (cell(1, 1), ""),
        (short_cell(1), ""),
        (short_cell(2, rk(7), 1), "0000000007"),
        (short_cell(4, b"\1"), "TRUE"),
        (short_cell(5, real(991234567), 1), "0991234567"),
        (short_cell(6, wide("Eva")), "Eva"),
        (short_cell(7, struct.pack("<I", 0)), "Ana"),
    ],
)
def test_each_kind_of_cell_shows_what_a_person_sees(
    tmp_path: Path, made: bytes, shown: str
) -> None:
    """Formats are followed, and a cell without its column stands behind the one before it."""
    path = write_xlsb(
        tmp_path / "leads.xlsb",
        HEADER + row(2, text(0, "0991234567"), made),
        formats=["0000000000", '"+"0', "dd/mm/yyyy", '0;-0;0;"+"@'],
        strings=["Ana", "Eva"],
    )
    table = open_leads(path, SEND)
    (batch,) = table.batches()
    assert batch.frame.to_numpy().tolist() == [["0991234567", shown]]
    assert (batch.damages, table.source.notes) == ((), ())


@pytest.mark.parametrize(
    ("made", "code", "book"),
    [
        (cell(3, 1, b"\x2a"), "error_cell", b""),
        (short_cell(3, b"\x17"), "error_cell", b""),
        (cell(11, 1, b"\x07"), "error_cell", b""),
        (cell(7, 1, struct.pack("<I", 9)), "unreadable_cell", b""),
        (cell(5, 1, real(991234567), 77), "unseen_format", b""),
        (cell(9, 1, real(0)), "formula_without_value", record(157, bytes(24) + b"\1\0")),
    ],
)
def test_a_cell_that_is_not_known_for_sure_is_named(
    tmp_path: Path, made: bytes, code: str, book: bytes
) -> None:
    """It never reads as empty, or as bare digits."""
    rows = HEADER + row(2, text(0, "0991234567"), made)
    (batch,) = open_leads(write_xlsb(tmp_path / "leads.xlsb", rows, book=book), SEND).batches()
    assert [(damage.row, damage.column, damage.code) for damage in batch.damages] == [
        (2, "name", code)
    ]


def test_hidden_rows_columns_and_merges_are_seen(tmp_path: Path) -> None:
    """As in every other kind of workbook."""
    rows = LIST + row(3, text(0, "0987654321"), text(1, "Eva"), is_hidden=True)
    columns = record(60, struct.pack("<IIIIH", 1, 1, 9, 0, 1))
    merged = record(176, struct.pack("<IIII", 1, 2, 1, 1))
    path = write_xlsb(tmp_path / "leads.xlsb", rows, around=columns + merged)
    with pytest.raises(SourceError, match="--hidden skip"):
        open_leads(path, ReadingOptions())
    table = open_leads(path, SEND)
    (batch,) = table.batches()
    assert [(damage.row, damage.code) for damage in batch.damages] == [(3, "merged_cell")]
    assert "hidden" in "\n".join(table.source.notes)


def test_days_count_from_the_year_that_the_workbook_says(tmp_path: Path) -> None:
    """1904 on old machines of Apple's."""
    rows = HEADER + row(2, text(0, "0991234567"), cell(5, 1, real(44623), 1))
    path = tmp_path / "leads.xlsb"
    write_xlsb(path, rows, formats=["yyyy-mm-dd"], book=record(153, b"\1\0\0\0"))
    assert leads(open_leads(path, SEND).table)[2] == ["0991234567", "2026-03-04"]


@pytest.mark.parametrize("kind", ["chartsheet", "xlMacrosheet", "unknown"])
def test_a_sheet_without_cells_is_no_reason_to_refuse(tmp_path: Path, kind: str) -> None:
    """It was in front when the file was saved, and the list is read all the same."""
    view = record(158, bytes(24) + struct.pack("<I", 1) + b"\0")
    sheets = [("Leads", "worksheet"), ("Chart", kind), ("Empty", "worksheet")]
    path = write_xlsb(tmp_path / "leads.xlsb", LIST, book=view, sheets=sheets)
    table = open_leads(path, ReadingOptions())
    assert (table.source.sheet, table.source.notes) == ("Leads", ())
    with pytest.raises(SourceError, match='The workbook has: "Leads", "Empty"'):
        open_leads(path, ReadingOptions(sheet="Chart"))
    with pytest.raises(SourceError, match="no sheet with cells"):
        open_leads(write_xlsb(path, LIST, sheets=sheets[1:2]), ReadingOptions())


def test_other_sheets_with_contents_are_named(tmp_path: Path) -> None:
    """The first is read, and nobody overlooks the rest."""
    sheets = [(name, "worksheet") for name in ("Leads", "More", "Gone")]
    parts = {"xl/sheets/sheet1.bin": LIST, "xl/sheets/sheet2.bin": None}
    path = write_xlsb(tmp_path / "leads.xlsb", LIST, sheets=sheets, replaced=parts)
    assert '"More"' in "\n".join(open_leads(path, ReadingOptions()).source.notes)


@pytest.mark.parametrize("name", ["leads.xlsx", "leads.xls", "leads.ods", "leads.csv"])
def test_whatever_its_name_says_it_is_read_as_what_it_is(tmp_path: Path, name: str) -> None:
    """And that is said."""
    table = open_leads(write_xlsb(tmp_path / name, LIST), ReadingOptions())
    assert leads(table.table) == {2: ["0991234567", "Ana"]}
    assert "a workbook of the kind .xlsb by its content" in table.source.notes[0]


def test_a_lead_in_the_last_row_is_read(tmp_path: Path) -> None:
    """What lies between costs nothing."""
    rows = LIST + row(1_048_576, text(0, "0987654321"), text(1, "Eva"))
    table = open_leads(write_xlsb(tmp_path / "leads.xlsb", rows), ReadingOptions())
    assert list(leads(table.table)) == [2, 1_048_576]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (LIST + b"\x06\xff\x01", "record is cut short"),
        (LIST + record(0, b"\0"), "shorter than it must be"),
        (HEADER + row(2, cell(6, 0, struct.pack("<I", 99))), "text is longer than its record"),
        (HEADER + row(2, text(16_384, "x")), "16,384 columns"),
        (HEADER + row(2, text(0, "x" * 200_000)), "longer than any cell"),
        (HEADER + b"\x06\xff\xff\xff\x7f" + bytes(99), "single record"),
        (LIST + record(176, struct.pack("<IIII", 1, 2, 1, 20_000)), "beyond the last column"),
    ],
)
def test_broken_records_are_refused_in_words(tmp_path: Path, rows: bytes, why: str) -> None:
    """Never is a column or a row lost without a word."""
    path = write_xlsb(tmp_path / "leads.xlsb", b"", replaced={"xl/sheets/sheet0.bin": rows})
    with pytest.raises(SourceError, match=why):
        open_leads(path, ReadingOptions())


@pytest.mark.parametrize("part", ["xl/styles.bin", "xl/sharedStrings.bin", "[Content_Types].xml"])
def test_parts_that_a_list_can_do_without_may_be_missing(tmp_path: Path, part: str) -> None:
    """Other programs open such files too."""
    path = write_xlsb(tmp_path / "leads.xlsb", LIST, replaced={part: None})
    assert leads(open_leads(path, ReadingOptions()).table) == {2: ["0991234567", "Ana"]}


def test_what_it_unpacks_to_is_bounded(tmp_path: Path) -> None:
    """As that of every other archive."""
    path = write_xlsb(tmp_path / "leads.xlsb", LIST)
    with pytest.raises(SourceError, match="unpacks"):
        open_leads(path, ReadingOptions(limits=Limits(max_unpacked_bytes=99)))
