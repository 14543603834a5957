"""Cell formats with a fill, added to the styles of a workbook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.xlsx.edit.sheet_part import UneditableError, is_plain_markup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TEXT_FORMAT = 49  # the built-in number format `@` (ECMA-376 part 1, 18.8.30)


def with_fills(styles: bytes, shades: Sequence[str]) -> tuple[bytes, int]:
    """The styles part of a workbook with a cell format for text on each of these shades.

    Args:
        styles: as it is; where it has these formats already, it stays so.
        shades: ARGB, in hexadecimal.

    Returns:
        The part, and the number of the first of the cell formats; the others follow it.

    Raises:
        UneditableError: the part is not as spreadsheet programs write it.
    """
    styles, first_fill = _with(styles, "fills", "fill", lambda prefix: _fills(shades, prefix))
    return _with(styles, "cellXfs", "xf", lambda prefix: _formats(len(shades), first_fill, prefix))


def _fills(shades: Sequence[str], prefix: str) -> list[str]:
    return [
        f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="{shade}"/>'
        f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
        for shade in shades
    ]


def _formats(count: int, first_fill: int, prefix: str) -> list[str]:
    return [
        f'<{prefix}xf numFmtId="{_TEXT_FORMAT}" fontId="0" fillId="{first_fill + which}" '
        'borderId="0" applyNumberFormat="1" applyFill="1"/>'
        for which in range(count)
    ]


def _with(
    styles: bytes, group: str, item: str, added: Callable[[str], list[str]]
) -> tuple[bytes, int]:
    """The part with these items at the end of their group, and the number of the first of them."""
    start = re.search(rb"<((?:[\w.-]++:)?)%b((?:\s[^<>]*+)?+)(?<!/)>" % group.encode(), styles)
    end_tag = b"</%b%b>" % (start[1], group.encode()) if start else b""
    end = styles.find(end_tag, start.end()) if start else -1
    if start is None or end < 0 or not is_plain_markup(styles):
        raise UneditableError("styles of an unknown kind")
    prefix, items = start[1], styles[start.end() : end]
    new_items = added(prefix.decode())
    new = "".join(new_items).encode()
    item_tag = re.compile(rb"<%b%b[\s/>]" % (re.escape(prefix), item.encode()))
    if (at := items.find(new)) >= 0:
        return styles, len(item_tag.findall(items[:at]))
    first = len(item_tag.findall(items))
    count = b'count="%d"' % (first + len(new_items))
    attributes = re.sub(rb'count="\d+"', count, start[2])
    whole = b"<%b%b%b>%b%b</%b%b>" % (
        prefix, group.encode(), attributes, items, new, prefix, group.encode(),
    )  # fmt: skip
    return styles[: start.start()] + whole + styles[end + len(end_tag) :], first
