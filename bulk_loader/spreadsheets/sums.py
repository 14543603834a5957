"""Formulas that sum up the rows above them, as a row of totals has them."""

from __future__ import annotations

import re

SUMMING = "SUM|SUBTOTAL|AGGREGATE|COUNT|COUNTA|AVERAGE"
"""Functions that sum up, as the alternatives of a pattern; files hold their English names."""

# What stands before a reference: `of:=` in OpenDocument, and which sum is meant, such as `109,`.
_BEFORE = rf"(?:of:)?=?(?:_xlfn\.)?(?:{SUMMING})\((?:\d++[,;])*+"
_CELL = r"\.?\$?(?P<{0}_column>[A-Z]{{1,3}})\$?(?P<{0}_row>\d{{1,7}})"
_RANGE = re.compile(rf"{_BEFORE}\[?{_CELL.format('first')}:{_CELL.format('last')}\]?\)")
# A whole column of a table; one with @ or # inside means the row of the formula.
_TABLE_COLUMN = re.compile(rf"{_BEFORE}\w*+\[[^\[\]@#]++\]\)")


def sums_rows(formula: str) -> bool:
    """Whether a formula does nothing but sum up several cells of one column.

    A sum of cells of one row, or one that is only a part of a formula, may belong to a lead.
    """
    written = formula.replace(" ", "")
    if found := _RANGE.fullmatch(written):
        is_column = found["first_column"] == found["last_column"]
        return is_column and found["first_row"] != found["last_row"]
    return bool(_TABLE_COLUMN.fullmatch(written))
