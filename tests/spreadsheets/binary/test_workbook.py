"""Workbooks of the kinds .xls and .xlsb, and the container of the older one."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bulk_loader.choices import HiddenRows
from bulk_loader.errors import SourceError
from bulk_loader.reading.options import ReadingOptions
from bulk_loader.reading.sheets import open_sheet
from bulk_loader.spreadsheets.binary.compound_file import CompoundFile, CompoundFileError
from bulk_loader.spreadsheets.binary.format import XLS, XLSB
from bulk_loader.spreadsheets.binary.xls_looks import read_looks
from bulk_loader.spreadsheets.limits import Limits
from tests.reading.leads import leads
from tests.support.costly_files import FAR_APART, compound_file, record, xlsb

CORPUS = Path(__file__).parents[2] / "tools" / "dirty"
SEND = ReadingOptions(hidden=HiddenRows.SEND)


def test_kinds_without_looks_say_so(tmp_path: Path) -> None:
    """Where formats can't be seen, that is said before anything is sent."""
    path = tmp_path / "leads.xlsx"  # the library tells the kind by its name
    path.write_bytes((CORPUS / "openpyxl_mixed.xlsx").read_bytes())
    table = open_sheet(path, XLSB, "digest", ReadingOptions())
    assert "can't be told from others" in "\n".join(table.source.notes)
    assert leads(table)[2][:4] == ["991234567", "Muñoz & Cía", "2026-03-04", "TRUE"]
    assert leads(table)[3] == ["+598 99 123 456", "Ana", "2026-03-04 15:30:00", "FALSE", "1.5"]
    with pytest.raises(SourceError, match="unpacks"):
        open_sheet(path, XLSB, "", ReadingOptions(limits=Limits(max_unpacked_bytes=99)))


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
    table = open_sheet(path, XLSB, "digest", ReadingOptions())
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
    assert open_sheet(path, XLS, "", options).source.sheet == "Leads"
    with pytest.raises(SourceError, match='The workbook has: "Leads"'):
        open_sheet(path, XLS, "", replace(SEND, sheet="Nope"))


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


def test_only_the_chosen_sheet_must_be_cheap(tmp_path: Path) -> None:
    """Another one whose cells are far apart has contents, and that is all one needs to know."""
    path = xlsb(tmp_path, [[(0, 0, "phone"), (2, 1, "0991234567")], FAR_APART])
    table = open_sheet(path, XLSB, "digest", SEND)
    assert leads(table) == {3: ["", "0991234567"]}
    assert '"Sheet2"' in "\n".join(table.source.notes)
    with pytest.raises(SourceError, match="so far apart"):
        open_sheet(path, XLSB, "digest", ReadingOptions(sheet="Sheet2"))


def test_a_container_that_lists_its_sectors_again_and_again_is_refused() -> None:
    """Its table would be far longer than the file."""
    content = bytearray(compound_file(bytes(4096)))
    content[76 : 76 + 4 * 109] = bytes(4 * 109)  # all of them the first sector
    CompoundFile(bytes(content))
    content[68:72] = struct.pack("<I", 2)  # further ones in a sector that is full of the same
    with pytest.raises(CompoundFileError):
        CompoundFile(bytes(content))
