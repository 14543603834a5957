"""A sheet's filter, widened over new columns that border on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.references import column_letters, column_position

if TYPE_CHECKING:
    from bulk_loader.spreadsheets.xlsx.edit.columns import NewColumns

_FILTER = re.compile(rb'(autoFilter ref="[A-Z]{1,3}(\d{1,7}):)([A-Z]{1,3})(\d{1,7}")')
_DEFINED_NAME = re.compile(rb"(<(?:[\w.-]++:)?definedName\s[^<>]*+>)([^<>]*+)")


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
