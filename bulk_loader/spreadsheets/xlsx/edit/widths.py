"""Widths of new columns, among those that a sheet's XML already tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LOW = re.compile(rb'\smin="(\d{1,9})"')
_HIGH = re.compile(rb'\smax="(\d{1,9})"')


def with_widths(head: bytes, widths: Mapping[int, float], prefix: bytes) -> bytes:
    """The head of a sheet's XML with these widths.

    An entry that covers columns from here to there, as LibreOffice writes it for the whole
    rest of the sheet, is cut apart: entries must not overlap.

    Args:
        head: up to and including the start tag of the rows.
        widths: in characters, by position of the column.
        prefix: of the element names.
    """
    escaped = re.escape(prefix)
    numbers = [position + 1 for position in widths]
    entries = [
        (number, b' min="%d" max="%d" width="%g" customWidth="1"' % (number, number, width))
        for number, width in zip(numbers, widths.values(), strict=True)
    ]
    first, last = b"<%bcols>" % prefix, b"</%bcols>" % prefix
    start = head.find(first)
    behind = head.find(last, start) if start >= 0 else -1
    if behind < 0:
        start = end = head.rindex(b"<%bsheetData" % prefix)
        old = b""
    else:
        old, end = head[start + len(first) : behind], behind + len(last)
    for entry in re.findall(rb"<%bcol(\s[^<>]*?)/?>" % escaped, old):
        pieces = [entry]
        for number in numbers:
            pieces = [piece for whole in pieces for piece in _without(whole, number)]
        entries += [(_bound(_LOW, piece), piece) for piece in pieces]
    columns = b"".join(b"<%bcol%b/>" % (prefix, entry) for _, entry in sorted(entries))
    return b"%b<%bcols>%b</%bcols>%b" % (head[:start], prefix, columns, prefix, head[end:])


def _without(entry: bytes, number: int) -> Iterator[bytes]:
    """What is left of an entry without this column, counted from 1: up to two entries."""
    low, high = _bound(_LOW, entry), _bound(_HIGH, entry)
    for first, last in ((low, min(high, number - 1)), (max(low, number + 1), high)):
        if first <= last:
            entry = _LOW.sub(b' min="%d"' % first, entry)
            yield _HIGH.sub(b' max="%d"' % last, entry)


def _bound(attribute: re.Pattern[bytes], entry: bytes) -> int:
    found = attribute.search(entry)
    return int(found[1]) if found else 0
