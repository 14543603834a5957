"""A sheet of our own before all others of a workbook, which is written anew with each copy."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from bulk_loader.spreadsheets.workbooks import SUMMARY_SHEET
from bulk_loader.spreadsheets.xlsx.edit.cell_markup import text_cell

if TYPE_CHECKING:
    from collections.abc import Iterable

PART = "xl/worksheets/bulk-loader.xml"
_RELATION = "rIdBulkLoaderSummary"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_SHEETS = re.compile(rb"<((?:[\w.-]++:)?)sheets(?:\s[^<>]*+)?>")
_SHEET_ID = re.compile(rb'\ssheetId="(\d{1,9})"')
_NAME_PLACE = re.compile(rb'(<(?:[\w.-]++:)?definedName\s[^<>]*?\slocalSheetId=")(\d{1,9})"')


class BookParts(NamedTuple):
    """The parts that tell of the sheets: the workbook, what it refers to, and kinds of parts."""

    workbook: bytes
    relations: bytes
    types: bytes


def relations_of_book(workbook: str) -> str:
    """The part that says what the workbook refers to."""
    folder, name = posixpath.split(workbook)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def with_first_sheet(parts: BookParts) -> BookParts | None:
    """The parts with one more sheet; those behind it are numbered anew.

    Returns:
        None where they are not written as spreadsheet programs do it.
    """
    begin = _SHEETS.search(parts.workbook)
    relations = _before_end(
        parts.relations,
        b"</Relationships>",
        f'<Relationship Id="{_RELATION}" Type="{_KINDS}/worksheet" Target="/{PART}"/>',
    )
    types = _before_end(
        parts.types, b"</Types>", f'<Override PartName="/{PART}" ContentType="{_TYPE}"/>'
    )
    if begin is None or relations is None or types is None:
        return None
    prefix = begin[1].decode()
    number = max(map(int, _SHEET_ID.findall(parts.workbook)), default=0) + 1
    sheet = (
        f'<{prefix}sheet xmlns:r="{_KINDS}" name="{SUMMARY_SHEET}" sheetId="{number}" '
        f'r:id="{_RELATION}"/>'
    ).encode()
    at = begin.end()
    rest = _NAME_PLACE.sub(lambda name: b'%b%d"' % (name[1], int(name[2]) + 1), parts.workbook[at:])
    return BookParts(parts.workbook[:at] + sheet + rest, relations, types)


def first_sheet(rows: Iterable[tuple[str, str]]) -> bytes:
    """The sheet itself: names and what belongs to them, all as texts."""
    lines = "".join(
        f'<row r="{number}">{text_cell(f"A{number}", 0, name)}{text_cell(f"B{number}", 0, text)}</row>'
        for number, (name, text) in enumerate(rows, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
        '<cols><col min="1" max="1" width="16" customWidth="1"/>'
        '<col min="2" max="2" width="100" customWidth="1"/></cols>'
        f"<sheetData>{lines}</sheetData></worksheet>"
    ).encode()


def _before_end(part: bytes, end: bytes, addition: str) -> bytes | None:
    head, tag, tail = part.rpartition(end)
    return head + addition.encode() + tag + tail if tag else None
