"""Heights of rows with a long text in them: not every program works them out by itself."""

from __future__ import annotations

import re

_LINE = 15.0  # points; as high as a row of Calibri 11
_HIGHEST = 409.0  # Excel's own
_HEIGHT = re.compile(rb'\sht="([\d.]{1,9})"')
_BY_HAND = re.compile(rb'\scustomHeight="(?:1|true)"')

# Words are not broken, so a line is not filled to its end.
_FILLED = 0.9


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width, in characters."""
    filled = int(width * _FILLED)
    return sum(max(-(-len(line) // filled), 1) for line in text.split("\n"))


def height_of(lines: int) -> float:
    """Of a row, in points."""
    return min(lines * _LINE, _HIGHEST)


def with_height(start: bytes, lines: int) -> bytes:
    """The start tag of a row that shows so many lines; a height that somebody has set stays."""
    needed, old = height_of(lines), _HEIGHT.search(start)
    if _BY_HAND.search(start) or (old and float(old[1]) >= needed):
        return start
    end = b"/>" if start.endswith(b"/>") else b">"
    return b'%b ht="%g"%b' % (_HEIGHT.sub(b"", start)[: -len(end)], needed, end)
