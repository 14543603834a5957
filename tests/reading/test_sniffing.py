from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from bulk_loader.errors import SourceError
from bulk_loader.reading.sniffing import Packing, find_format
from bulk_loader.spreadsheets.formats import TEXT, WORKBOOKS
from bulk_loader.spreadsheets.workbooks import Container

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.spreadsheets.workbooks import WorkbookFormat

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("workbook", "mark"), [(workbook, mark) for workbook in WORKBOOKS for mark in workbook.marks]
)
def test_every_mark_tells_its_format(tmp_path: Path, workbook: WorkbookFormat, mark: bytes) -> None:
    """Whatever the file is called, its content says what it is."""
    path = tmp_path / "list.csv"
    if workbook.container is Container.ZIP:
        with ZipFile(path, "w") as archive:
            archive.writestr("[Content_Types].xml", b"<Types>application/vnd.%b" % mark)
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


def test_an_old_document_of_another_kind_is_refused(tmp_path: Path) -> None:
    """Letters come in the same container as old workbooks."""
    path = tmp_path / "list.xls"
    path.write_bytes(COMPOUND + "WordDocument".encode("utf-16-le"))
    with pytest.raises(SourceError, match="another kind of Office document"):
        find_format(path)
