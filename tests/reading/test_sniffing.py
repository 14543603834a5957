from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from bulk_loader.errors import SourceError
from bulk_loader.model import FileFormat
from bulk_loader.reading.sniffing import Packing, find_format
from bulk_loader.spreadsheets.formats import TEXT, WORKBOOKS
from bulk_loader.spreadsheets.workbooks import Container

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.spreadsheets.workbooks import WorkbookFormat

REFERENCE = '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="/main.part"/></Relationships>'
BINARY = "ms-excel.sheet.binary.macroEnabled.main"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def written_as(path: Path, mark: str) -> None:
    """An archive whose main part is of this content type."""
    kind = f"application/vnd.{mark}"
    with ZipFile(path, "w") as archive:
        if "opendocument" in mark:
            archive.writestr("content.xml", "<x/>")
            archive.writestr("mimetype", kind)  # as it should not stand: behind another
            return
        override = f'<Override PartName="/Main.part" ContentType="{kind}+xml"/>'
        types = f'<?xml version="1.0" encoding="UTF-16"?><Types>{override}</Types>'
        archive.writestr("[Content_Types].xml", types.encode("utf-16"))
        archive.writestr("_rels\\.rels", REFERENCE)
        archive.writestr("MAIN.part", b"\x83\x01\0" if mark == BINARY else b"<workbook/>")


@pytest.mark.parametrize(
    ("workbook", "mark"), [(workbook, mark) for workbook in WORKBOOKS for mark in workbook.marks]
)
def test_every_mark_tells_its_format(tmp_path: Path, workbook: WorkbookFormat, mark: bytes) -> None:
    """Whatever the file is called, its content says what it is."""
    path = tmp_path / "list.csv"
    if workbook.container is Container.ZIP:
        written_as(path, mark.decode())
    else:
        path.write_bytes(COMPOUND + bytes(99) + mark)

    assert find_format(path) is workbook


def test_what_is_no_workbook_may_be_text_or_packed(tmp_path: Path) -> None:
    """A packed list is no list yet."""
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"phone\n099\n")
    assert find_format(path) is TEXT
    with ZipFile(path, "w") as archive:
        archive.writestr("list.csv", b"phone\n")
    assert find_format(path) is Packing.ZIP


@pytest.mark.parametrize(
    ("main", "expected"),
    [(b"<x:workbook xmlns:x='y'/>", FileFormat.XLSX), (b"\x83\x01\0", FileFormat.XLSB)],
)
@pytest.mark.parametrize("name", ["xl/workbook.xml", "XL\\Workbook.bin"])
def test_the_main_part_alone_tells_what_a_workbook_is(
    tmp_path: Path, main: bytes, expected: FileFormat, name: str
) -> None:
    """A type that a program names for parts which it does not write says nothing."""
    path = tmp_path / "list.xlsx"
    with ZipFile(path, "w") as archive:
        default = f'<Default Extension="bin" ContentType="application/vnd.{BINARY}"/>'
        archive.writestr("[Content_Types].xml", f"<Types>{default}</Types>")
        archive.writestr(name, main)
    found = find_format(path)
    assert not isinstance(found, Packing)
    assert found.name is expected


@pytest.mark.parametrize(
    ("part", "content", "found"),
    [
        ("content.xml", "<d><styles/><body><spreadsheet/></body></d>", FileFormat.ODS),
        ("content.xml", "<d><body><text/></body></d>", "another kind of document"),
        ("META-INF/manifest.xml", '<m><file-entry full-path="/" media-type="a/b"/></m>', "another"),
        ("xl/workbook.xml", "<document/>", "another kind of document"),
        ("[Content_Types].xml", "<Types/>", "another kind of document"),
        ("Index/Document.iwa", "", "Numbers"),
    ],
)
def test_a_document_without_its_type_is_told_by_its_parts(
    tmp_path: Path, part: str, content: str, found: str
) -> None:
    """It is never taken for a mere archive."""
    path = tmp_path / "list.ods"
    with ZipFile(path, "w") as archive:
        archive.writestr(part, content)
        archive.writestr("another", "")
    if isinstance(found, FileFormat):
        assert getattr(find_format(path), "name", None) is found
        return
    with pytest.raises(SourceError, match=found):
        find_format(path)


def test_an_old_document_of_another_kind_is_refused(tmp_path: Path) -> None:
    """Letters come in the same container as old workbooks."""
    path = tmp_path / "list.xls"
    path.write_bytes(COMPOUND + "WordDocument".encode("utf-16-le"))
    with pytest.raises(SourceError, match="another kind of Office document"):
        find_format(path)
