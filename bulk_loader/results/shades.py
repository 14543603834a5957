"""How the statuses look in a workbook.

Who does not see red and green apart sees dark and light, and bold letters. The ground of a sentence
is always light, so that a long one can be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bulk_loader.model import Status
from bulk_loader.spreadsheets.xlsx.edit.looks import Look

if TYPE_CHECKING:
    from collections.abc import Mapping

# Excel's own shades for "Good", "Bad" and "Neutral", with its own ink; grey for what was left out
# on purpose. What the dialer refused is dark, unlike what the row itself is to blame for.
_GREEN, _RED, _DARK_RED, _AMBER, _GREY = "FFC6EFCE", "FFFFC7CE", "FFC00000", "FFFFEB9C", "FFD9D9D9"
_RED_INK, _WHITE = "FF9C0006", "FFFFFFFF"
_PALE_RED = "FFF8E0DC"

FAULT = Look(_RED, _RED_INK)
"""Of a cell that is to be corrected."""

_SHORT: Mapping[Status, Look] = {
    Status.ACCEPTED: Look(_GREEN),
    Status.REJECTED: Look(_DARK_RED, _WHITE),
    Status.INVALID: FAULT,
    Status.UNKNOWN: Look(_AMBER, "FF7F6000"),
    Status.UNSENT: Look(_AMBER),
    Status.DUPLICATE: Look(_GREY),
    Status.SUPPRESSED: Look(_GREY),
}
_GROUND = {Status.REJECTED: _PALE_RED}


class RowStyles(NamedTuple):
    """Numbers of cell formats: of result and status, and of the sentence."""

    short: int
    long: int


def _pair(status: Status) -> tuple[Look, Look]:
    short = _SHORT[status]
    return short, Look(_GROUND.get(status, short.shade), is_wrapped=True)


_PAIRS = {status: _pair(status) for status in Status}

LOOKS = tuple(dict.fromkeys(look for pair in _PAIRS.values() for look in pair))
"""All that are needed, once each."""


def status_styles(first: int) -> dict[Status, RowStyles]:
    """The cell formats for each status, where those of `LOOKS` begin here."""
    return {
        status: RowStyles(first + LOOKS.index(short), first + LOOKS.index(long))
        for status, (short, long) in _PAIRS.items()
    }
