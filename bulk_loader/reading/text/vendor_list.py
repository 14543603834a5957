"""The dialer's own list format: a text file without a header, always in the same order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bulk_loader.reading.batching import Row

LABELS = ("campaign", "destination", "data", "alternatives", "priority", "agent")
"""The columns of a list file. Source: the vendor's manual of list files."""

NOTES = (
    f"The file is a list in the dialer's own format; its columns are read as {', '.join(LABELS)}.",
    "Priorities, and types and retries of alternatives such as M=0=, are not sent: a task has none.",
)
"""What has to be said before such a list is sent."""

_PHONE = re.compile(r"\+?\d[\d ().-]{3,}")
_DATA = re.compile(r"(?:[^=:]+=[^:]*(?::[^=:]+=[^:]*)*)?:?")
_PRIORITY = re.compile(r"\d{0,4}")
_AGENT = re.compile(r"\w{0,20}")

# A number with its type (mobile, work, home) and its count of retries: `M=0=098447120`.
_TYPED = re.compile(r"[A-Za-z]=\d*=([^=:]+)")


def is_vendor_list(rows: Sequence[Row]) -> bool:
    """Whether the first rows are such a list: every one has the six columns as they must be."""
    filled = [cells for _, cells in rows if any(cells)]
    return bool(filled) and all(map(_is_list_row, filled))


def has_labels(columns: Sequence[str]) -> bool:
    """Whether a table begins with the columns of a list, as its results file does too."""
    return tuple(columns[: len(LABELS)]) == LABELS


def with_plain_alternatives(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with `M=0=098447120:H=1=26001234` as `098447120:26001234`.

    Alternatives that are not all typed stay as they are, for screening to judge.
    """
    place = LABELS.index("alternatives")
    for number, cells in rows:
        if len(cells) > place and "=" in cells[place]:
            cells[place] = ":".join(map(_untyped, cells[place].strip(": ").split(":")))
        yield number, cells


def _untyped(number: str) -> str:
    typed = _TYPED.fullmatch(number.strip())
    return typed[1] if typed else number


def _is_list_row(cells: list[str]) -> bool:
    if len(cells) < len(LABELS) or any(cells[len(LABELS) :]):
        return False
    campaign, phone, data, alternatives, priority, agent = (
        cell.strip() for cell in cells[: len(LABELS)]
    )
    return bool(
        campaign
        and _PHONE.fullmatch(phone)
        and _DATA.fullmatch(data)
        and all(_PHONE.fullmatch(_untyped(number)) for number in alternatives.split(":") if number)
        and _PRIORITY.fullmatch(priority)
        and _AGENT.fullmatch(agent)
    )
