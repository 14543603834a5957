"""The dialer's own list format: a text file without a header, always in the same order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bulk_loader.reading.batching import Row

LABELS = ("campaign", "destination", "data", "alternatives", "priority", "agent")
"""The columns of a list file. Source: the vendor's manual of list files.

The agent is optional together with its semicolon, so rows may be a cell shorter.
"""

NOTES = (
    f"The file is a list in the dialer's own format; its columns are read as {', '.join(LABELS)}.",
    "Priorities, and types and retries of alternatives such as M=0=, are not sent: a task has none.",
)
"""What has to be said before such a list is sent."""

_PHONE = re.compile(r"\+?\d[\d ().-]{3,}")
_DATA = re.compile(r"(?:[^=:]+=[^:]*(?::[^=:]+=[^:]*)*)?:?")
_PRIORITY = re.compile(r"\d{0,4}")
_AGENT = re.compile(r"[\w.@+-]{0,40}")
_WITHOUT_AGENT = len(LABELS) - 1
_ARROWS = ("<-", "->")

# A number with its type (mobile, work, home, first, last) and its retries: `M=0=098447120`.
_TYPED = re.compile(r"[A-Za-z]=\d*=([^=:]+)")


def is_vendor_list(rows: Sequence[Row]) -> bool:
    """Whether the first rows are such a list: every one has the columns as they must be.

    Five cells can be many things, so where a row has no more, some row must have what no other
    list has.
    """
    filled = [[cell.strip() for cell in cells] for _, cells in rows if any(cells)]
    if not filled or not all(map(_is_list_row, filled)):
        return False
    return all(len(cells) > _WITHOUT_AGENT for cells in filled) or any(map(_is_theirs, filled))


def has_labels(columns: Sequence[str]) -> bool:
    """Whether a table begins with the columns of a list, as its results file does too."""
    return tuple(columns[: len(LABELS)]) == LABELS


def with_agents(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with an empty cell where the agent was left out with its semicolon."""
    for number, cells in rows:
        yield number, [*cells, ""] if len(cells) == _WITHOUT_AGENT else cells


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
    if len(cells) < _WITHOUT_AGENT or any(cells[len(LABELS) :]):
        return False
    campaign, phone, data, alternatives, priority, *agent = cells[: len(LABELS)]
    return bool(
        campaign
        and _PHONE.fullmatch(phone)
        and _DATA.fullmatch(data)
        and all(_PHONE.fullmatch(_untyped(number)) for number in alternatives.split(":") if number)
        and _PRIORITY.fullmatch(priority)
        and (_AGENT.fullmatch(agent[0]) if agent else priority)
    )


def _is_theirs(cells: list[str]) -> bool:
    campaign, _, data = cells[:3]
    return campaign.endswith(_ARROWS) or "=" in data
