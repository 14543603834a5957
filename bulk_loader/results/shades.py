"""The colours of the statuses in a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

# Excel's own shades for "Good", "Bad" and "Neutral"; grey for what was left out on purpose.
SHADES = GREEN, RED, AMBER, GREY = "FFC6EFCE", "FFFFC7CE", "FFFFEB9C", "FFD9D9D9"

_SHADE_OF: Mapping[Status, str] = {
    Status.ACCEPTED: GREEN,
    Status.REJECTED: RED,
    Status.INVALID: RED,
    Status.UNKNOWN: AMBER,
    Status.UNSENT: AMBER,
    Status.DUPLICATE: GREY,
    Status.SUPPRESSED: GREY,
}


def status_styles(first: int) -> dict[Status, int]:
    """The number of the cell format for each status, where those of `SHADES` begin here."""
    return {status: first + SHADES.index(shade) for status, shade in _SHADE_OF.items()}
