from __future__ import annotations

import re
import xml.dom.minidom

from bulk_loader.spreadsheets.xlsx.edit.first_sheet import (
    BookParts,
    first_sheet,
    relations_of_book,
    with_first_sheet,
)

PARTS = BookParts(
    b'<workbook><sheets><sheet name="Leads" sheetId="7" r:id="rId1"/></sheets><definedNames>'
    b'<definedName name="a" localSheetId="0">Leads!$A$1</definedName><definedName name="b">Leads!$A$2'
    b"</definedName></definedNames></workbook>",
    b"<Relationships></Relationships>",
    b"<Types></Types>",
)


def test_a_sheet_is_put_before_all_others() -> None:
    """Names that are of one sheet only follow it; those of all stay."""
    parts = with_first_sheet(PARTS)
    assert parts is not None
    names = re.findall(rb'<sheet [^>]*?name="([^"]*)" sheetId="(\d+)"', parts.workbook)
    assert names == [(b"bulk-loader summary", b"8"), (b"Leads", b"7")]
    assert b'name="a" localSheetId="1"' in parts.workbook
    assert b'<definedName name="b">' in parts.workbook
    assert b'Target="/xl/worksheets/bulk-loader.xml"' in parts.relations
    assert b'PartName="/xl/worksheets/bulk-loader.xml"' in parts.types


def test_what_is_not_understood_gets_none() -> None:
    """The results are written without it."""
    assert with_first_sheet(PARTS._replace(workbook=b"<workbook/>")) is None
    assert with_first_sheet(PARTS._replace(types=b"<Types/>")) is None


def test_nothing_in_it_is_more_than_text() -> None:
    """Neither markup nor a formula."""
    sheet = first_sheet([("List", "=1+1"), ("Sent to", "<a> & b")])
    xml.dom.minidom.parseString(sheet)  # noqa: S318 - we have written it ourselves
    assert b"<f>" not in sheet
    assert b"&lt;a&gt; &amp; b" in sheet


def test_relations_stand_beside_the_workbook() -> None:
    """Whatever its part is called."""
    assert relations_of_book("xl/workbook.xml") == "xl/_rels/workbook.xml.rels"
