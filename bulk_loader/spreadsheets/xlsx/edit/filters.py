"""A sheet's filter: a new one, or widened over new columns that border on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from bulk_loader.spreadsheets.references import column_letters, column_position

if TYPE_CHECKING:
    from bulk_loader.spreadsheets.xlsx.edit.columns import NewColumns

_FILTER = re.compile(rb'(autoFilter ref="[A-Z]{1,3}(\d{1,7}):)([A-Z]{1,3})(\d{1,7}")')
_DEFINED_NAME = re.compile(rb"(<(?:[\w.-]++:)?definedName\s[^<>]*+>)([^<>]*+)")


_NAMES = re.compile(rb"<((?:[\w.-]++:)?)definedNames(?:/|\s[^<>]*+)?>")
_WHOLE_NAME = re.compile(rb"<((?:[\w.-]++:)?definedName)(\s[^<>]*+)>[^<>]*+</\1>")
_FILTER_NAME = b'"_xlnm._FilterDatabase"'
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_BEFORE_NAMES = re.compile(rb"</((?:[\w.-]++:)?)(?:sheets|functionGroups|externalReferences)>")


def with_filter_name(workbook: bytes, sheet_place: int, sheet: str, cells: str) -> bytes:
    """The workbook part with the hidden name that a filter has, without which LibreOffice sees none.

    Args:
        sheet_place: number of the sheet among all.
        sheet: its name.
        cells: reference of the filter, such as `A1:F9`.
    """
    first, last = (_CELL.sub(r"$\1$\2", cell) for cell in cells.split(":"))
    reference = escape("'" + sheet.replace("'", "''") + "'") + f"!{first}:{last}"
    of_sheet = b'localSheetId="%d"' % sheet_place
    workbook = _WHOLE_NAME.sub(
        lambda name: b"" if _FILTER_NAME in name[2] and of_sheet in name[2] else name[0], workbook
    )
    group = _NAMES.search(workbook)
    if group is None:
        ends = list(_BEFORE_NAMES.finditer(workbook))
        if not ends:
            return workbook
        start = end = ends[-1].end()
        prefix, rest = ends[-1][1], b"</%bdefinedNames>" % ends[-1][1]
    else:
        start, end, prefix = group.start(), group.end(), group[1]
        rest = b"</%bdefinedNames>" % prefix if group[0].endswith(b"/>") else b""
    added = (
        f'<{prefix.decode()}definedName name="_xlnm._FilterDatabase" localSheetId="{sheet_place}" '
        f'hidden="1">{reference}</{prefix.decode()}definedName>'
    ).encode()
    begin = b"<%bdefinedNames>" % prefix
    return workbook[:start] + begin + added + rest + workbook[end:]


def with_wider_filter(tail: bytes, columns: NewColumns) -> bytes:
    """What stands behind the rows, with the filter over the new columns."""

    def widened(found: re.Match[bytes]) -> bytes:
        borders = column_position(found[3].decode()) + 1 == columns.width
        if int(found[2]) != columns.header_row or not borders:
            return found[0]
        return found[1] + column_letters(columns.last).encode() + found[4]

    return _FILTER.sub(widened, tail, count=1)


def with_wider_filter_name(workbook: bytes, sheet_place: int, columns: NewColumns) -> bytes:
    """The workbook part with the hidden name of the sheet's filter over the new columns.

    LibreOffice goes by this name, Excel by the sheet's own element.
    """
    old = column_letters(columns.width - 1).encode()
    new = column_letters(columns.last).encode()
    reference = re.compile(rb"(\$%d:\$)%b(\$\d+)$" % (columns.header_row, old))
    of_this_sheet = b'localSheetId="%d"' % sheet_place

    def widened(found: re.Match[bytes]) -> bytes:
        if b'"_xlnm._FilterDatabase"' not in found[1] or of_this_sheet not in found[1]:
            return found[0]
        return found[1] + reference.sub(rb"\g<1>%b\g<2>" % new, found[2])

    return _DEFINED_NAME.sub(widened, workbook)
