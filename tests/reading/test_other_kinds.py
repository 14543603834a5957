"""Files of other kinds, which people take for a list, are told from one by their content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SourceError
from bulk_loader.reading.sniffing import find_format
from bulk_loader.spreadsheets.formats import TEXT
from bulk_loader.spreadsheets.ods.format import ODS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "begin",
    [
        "<div>",
        "<table>",
        "<HTML>",
        "<meta charset=x>",
        "\ufeff\n<tr>",
        "<x:y z='1'>\n<table ",
        "<label>Report</label><table><tr>",
        "<![if !mso]>\r\n<table><tr>",
        "<?xml version='1.0'?>\n<html xmlns='x'><body>",
        "<!-- made by a report -->",
        "&nbsp;<table><tr>",
        "\n\nWarning: no such index in line 3\n<table><tr>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_web_page_is_told_by_whatever_tag_it_begins_with(
    tmp_path: Path, begin: str, encoding: str
) -> None:
    """It never passes for a list with commas in it."""
    path = tmp_path / "list.xls"
    path.write_bytes(f"{begin}<td>Name</td><td>Phone</td>".encode(encoding))
    with pytest.raises(SourceError, match="a web page"):
        find_format(path)


@pytest.mark.parametrize(
    "begin",
    [
        "<phone>,name",
        "<none>\n1",
        "a<div>",
        "phone,page\n0991234567,<table><tr><td>",
        "ID;Phone\n1;0991234567\n",
        "TABLE\n0991234567\n",
        "Content-Type,phone\n",
    ],
)
def test_a_text_may_begin_with_a_sign_of_tags(tmp_path: Path, begin: str) -> None:
    """What is no tag of a page is a header like any other."""
    path = tmp_path / "list.csv"
    path.write_text(begin)
    assert find_format(path) is TEXT


@pytest.mark.parametrize("begin", [b"\x09\0\x04\0", b"\x09\2\x06\0", b"\x09\4\x06\0"])
def test_workbooks_before_excel_5_are_named_with_what_opens_them(
    tmp_path: Path, begin: bytes
) -> None:
    """The program that made them is too old for newer ones."""
    path = tmp_path / "list.xls"
    path.write_bytes(begin + bytes(99))
    with pytest.raises(SourceError, match="before 1994") as caught:
        find_format(path)
    assert "LibreOffice" in caught.value.remedy


@pytest.mark.parametrize(
    ("begin", "named"),
    [
        (
            '<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "2003",
        ),
        ('<x:Workbook xmlns:x="urn:schemas-microsoft-com:office:spreadsheet"/>', "Excel 2003"),
        ("<rows>\n <row><phone>0991234567</phone></row>", "an XML document"),
        ('<o:document xmlns:o="urn:x:opendocument:xmlns:office:1.0">', "flat OpenDocument"),
        (
            "MIME-Version: 1.0\nContent-Type: multipart/related;\n boundary=x\n\n<table>",
            "web archive",
        ),
        ("From: <Saved by a browser>\nSubject: List,\n\tall\nMIME-Version: 1.0\n", "web archive"),
        ("ID;PWXL;N;E\r\nP;PGeneral\r\n", "SYLK"),
        ('TABLE\n0,1\n"EXCEL"\n', "DIF"),
        ("PK\x05\x06" + "\0" * 18, "an archive that holds nothing"),
        ("BEGIN:VCARD\nVERSION:3.0\nTEL:0991234567\n", "contacts"),
        ("\x09\x08\x10\0\0\x06\x10\0", "a part of a workbook"),
    ],
)
def test_other_kinds_are_named_with_what_to_do(tmp_path: Path, begin: str, named: str) -> None:
    """Nobody has to find out why a list that opens in a spreadsheet program has no columns."""
    path = tmp_path / "list.xls"
    path.write_bytes(begin.encode())
    with pytest.raises(SourceError, match="is not a spreadsheet") as caught:
        find_format(path)
    assert named in caught.value.why
    assert caught.value.remedy


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_flat_spreadsheet_is_one(tmp_path: Path, encoding: str) -> None:
    """OpenDocument in one file of XML is read like the one that is an archive."""
    path = tmp_path / "list.csv"
    begin = '<o:document xmlns:o="urn:x:opendocument:xmlns:office:1.0" o:mimetype="'
    path.write_bytes(f'{begin}application/vnd.oasis.opendocument.spreadsheet">'.encode(encoding))
    assert find_format(path) is ODS
