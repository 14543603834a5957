"""A conditional format of our own in a sheet, known again by a mark in its formula."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from bulk_loader.spreadsheets.xlsx.edit.tail import with_each, with_element

_MARK = 'N("bulk-loader")=0'
"""Always true, and kept by spreadsheet programs."""

_NAME = "conditionalFormatting"
_RULE = re.compile(
    rb"<((?:[\w.-]++:)?cfRule)\s[^<>]*+(?<!/)>(?:(?!</?+\1[\s>]).)*+</\1>", re.DOTALL
)
_ANY_RULE = re.compile(rb"<(?:[\w.-]++:)?cfRule\s")
_OURS = re.compile(rb"N\((?:&quot;|\")bulk-loader(?:&quot;|\")\)")
_PRIORITY = re.compile(rb'cfRule\s[^<>]*?priority="(\d{1,9})"')


@dataclass(frozen=True, slots=True)
class Condition:
    """When cells get a look that they do not have themselves.

    Attributes:
        cells: reference of the cells, such as `A2:F9`.
        formula: for the first of them, without an equals sign; true where they get it.
        look: number of the look among those for conditions.
    """

    cells: str
    formula: str
    look: int

    @property
    def marked_formula(self) -> str:
        """The formula, by which it is known again."""
        return f"AND({_MARK},{self.formula})"


def with_condition(tail: bytes, prefix: bytes, condition: Condition) -> bytes | None:
    """What stands behind the rows with this condition, in place of an earlier one of ours.

    The sheet's own go first, as their author wanted it.

    Returns:
        None where there is no place for it.
    """
    tail = with_each(tail, prefix, _NAME, _without_ours)
    used = [int(found) for found in _PRIORITY.findall(tail)]
    p = prefix.decode()
    markup = (
        f'<{p}{_NAME} sqref="{condition.cells}"><{p}cfRule type="expression" '
        f'dxfId="{condition.look}" priority="{max(used, default=0) + 1}"><{p}formula>'
        f"{escape(condition.marked_formula)}</{p}formula></{p}cfRule></{p}{_NAME}>"
    )
    return with_element(tail, prefix, _NAME, markup.encode())


def _without_ours(element: bytes) -> bytes:
    rest = _RULE.sub(lambda rule: b"" if _OURS.search(rule[0]) else rule[0], element)
    return rest if rest == element or _ANY_RULE.search(rest) else b""
