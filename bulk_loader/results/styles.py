"""The colours of the statuses, added to the styles of a workbook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulk_loader.model import Status
from bulk_loader.results.sheet_part import UneditableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Excel's own shades for "Good", "Bad" and "Neutral"; grey for what was left out on purpose.
GREEN, RED, AMBER, GREY = "FFC6EFCE", "FFFFC7CE", "FFFFEB9C", "FFD9D9D9"

COLOURS: Mapping[Status, str] = {
    Status.ACCEPTED: GREEN,
    Status.REJECTED: RED,
    Status.INVALID: RED,
    Status.UNKNOWN: AMBER,
    Status.UNSENT: AMBER,
    Status.DUPLICATE: GREY,
    Status.SUPPRESSED: GREY,
}

SHADES = (GREEN, RED, AMBER, GREY)

TEXT_FORMAT = 49  # the built-in number format `@` (ECMA-376 part 1, 18.8.30)


def fills(prefix: str = "") -> str:
    """One solid fill for each of `SHADES`."""
    return "".join(
        f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="{shade}"/>'
        f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
        for shade in SHADES
    )


def formats(first_fill: int, prefix: str = "") -> str:
    """One cell format for each of `SHADES`: text on that fill."""
    return "".join(
        f'<{prefix}xf numFmtId="{TEXT_FORMAT}" fontId="0" fillId="{first_fill + which}" '
        'borderId="0" applyNumberFormat="1" applyFill="1"/>'
        for which in range(len(SHADES))
    )


def status_styles(first_format: int) -> dict[Status, int]:
    """The number of the cell format for each status, where those of `formats` begin here."""
    return {status: first_format + SHADES.index(colour) for status, colour in COLOURS.items()}


def with_status_styles(styles: bytes) -> tuple[bytes, dict[Status, int]]:
    """The styles part of a workbook with the formats of the statuses added, where it lacks them.

    Returns:
        The part, and the number of the cell format for each status.

    Raises:
        UneditableError: the part is not as spreadsheet programs write it.
    """
    styles, first_fill = _with(styles, "fills", "fill", fills)
    styles, first_format = _with(
        styles, "cellXfs", "xf", lambda prefix: formats(first_fill, prefix)
    )
    return styles, status_styles(first_format)


def _with(styles: bytes, group: str, item: str, added: Callable[[str], str]) -> tuple[bytes, int]:
    """The part with these items at the end of their group, and the number of the first of them."""
    found = re.search(
        rb"<(?P<prefix>(?:[\w.-]+:)?)%b(?P<attributes>[^<>]*[^<>/]|)>(?P<items>.*?)</(?P=prefix)%b>"
        % (group.encode(), group.encode()),
        styles,
        re.DOTALL,
    )
    if found is None or b"<!" in styles:
        raise UneditableError("styles of an unknown kind")
    prefix, items = found["prefix"], found["items"]
    new = added(prefix.decode()).encode()
    item_tag = re.compile(rb"<%b%b[\s/>]" % (re.escape(prefix), item.encode()))
    if (at := items.find(new)) >= 0:
        return styles, len(item_tag.findall(items[:at]))
    first = len(item_tag.findall(items))
    count = b'count="%d"' % (first + len(SHADES))
    attributes = re.sub(rb'count="\d+"', count, found["attributes"])
    whole = b"<%b%b%b>%b%b</%b%b>" % (
        prefix, group.encode(), attributes, items, new, prefix, group.encode(),
    )  # fmt: skip
    return styles[: found.start()] + whole + styles[found.end() :], first
