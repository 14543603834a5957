"""Cells of a workbook as XML; every text is typed as text, so that nothing runs as a formula."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

# Neither XML nor the workbook takes these as they are; `_x000D_` and the like is the workbook's
# own escape (ECMA-376 part 1, 22.4.2.4, bstr), so a text that looks like one is escaped as well.
_SPECIAL = re.compile(
    "[&<>\\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)"
)

MAX_CELL_LENGTH = 32_767  # Excel's own; it calls a workbook with longer cells damaged


def text_cell(reference: str, style: int, text: str, prefix: str = "") -> str:
    """A cell that holds the text and nothing but the text; empty but formatted for ""."""
    if not text:
        return f'<{prefix}c r="{reference}" s="{style}"/>'
    if _SPECIAL.search(text):
        text = escaped_text(text)
    return (
        f'<{prefix}c r="{reference}" s="{style}" t="inlineStr"><{prefix}is>'
        f'<{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is></{prefix}c>'
    )


def escaped_text(text: str) -> str:
    """The text as it may stand in an element of a workbook."""
    return _SPECIAL.sub(_escaped, text)


def number_cell(reference: str, style: int, digits: str, prefix: str = "") -> str:
    """A cell that holds a number, so that a column of them can be summed."""
    return f'<{prefix}c r="{reference}" s="{style}"><{prefix}v>{digits}</{prefix}v></{prefix}c>'


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    return escape(character) if character in "&<>" else f"_x{ord(character):04X}_"
