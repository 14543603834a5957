"""What stands behind the rows of a sheet: elements are put among the others where they belong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.xlsx.edit.sheet_part import is_plain_markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# In this order they stand; Excel calls a sheet with another order damaged (CT_Worksheet in
# ECMA-376 part 1, A.2).
_ORDER = (
    "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_PLACES = {name: place for place, name in enumerate(_ORDER)}

_TAG = re.compile(rb"""<(/?+)([\w.:-]++)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")


@dataclass(frozen=True, slots=True)
class Child:
    """An element right below the sheet.

    Attributes:
        name: without a prefix.
        start: where it begins, as `end` is where it ends.
    """

    name: str
    start: int
    end: int


def with_element(tail: bytes, prefix: bytes, name: str, markup: bytes) -> bytes | None:
    """The tail with one more element, behind those that go before it.

    Args:
        tail: from the end tag of the rows on; its first part is enough.
        prefix: of the element names.
        name: of the new element.

    Returns:
        None where its place is not known for certain.
    """
    if not is_plain_markup(tail):
        return None
    for child in _children(tail, prefix):
        # What is none of Excel's own elements, such as an alternative to one, comes late.
        if _PLACES.get(child.name, len(_ORDER)) > _PLACES[name]:
            return tail[: child.start] + markup + tail[child.start :]
    return None


def with_each(tail: bytes, prefix: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The tail with each element of a name changed by a function."""
    if not is_plain_markup(tail):
        return tail
    kept, at = [], 0
    for child in _children(tail, prefix):
        if child.name == name:
            kept += [tail[at : child.start], change(tail[child.start : child.end])]
            at = child.end
    return b"".join([*kept, tail[at:]])


def _children(tail: bytes, prefix: bytes) -> Iterator[Child]:
    """The elements below the sheet, and the sheet's own end as the last of them."""
    depth, start, name = 1, 0, ""  # inside the rows, whose end tag comes first
    for tag in _TAG.finditer(tail):
        is_end, is_empty = bool(tag[1]), tag[3].endswith(b"/")
        if not is_end and depth == 0:
            start, name = tag.start(), tag[2].decode().removeprefix(prefix.decode())
        if is_end and depth == 0:
            yield Child("", tag.start(), tag.end())
            return
        depth += -1 if is_end else 0 if is_empty else 1
        if depth == 0 and name:
            yield Child(name, start, tag.end())
            name = ""
