"""Cells that are merged: one value is shown over several, and belongs to the first alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.cells import MERGED_CELL, Damaged
from bulk_loader.spreadsheets.references import column_letters, column_position

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,8}):\$?([A-Z]{1,3})\$?([0-9]{1,8})")

# Each merge is remembered; sheets of leads have none, or a few in titles.
MAX_MERGES = 100_000


@dataclass(frozen=True, slots=True)
class Merge:
    """A rectangle of merged cells: positions of columns, numbers of rows, ends included."""

    reference: str
    left: int
    top: int
    right: int
    bottom: int

    @staticmethod
    def reference_of(first: tuple[int, int], last: tuple[int, int]) -> str:
        """The reference, such as `A2:A5`, of two corners given by row and column from 0."""
        return ":".join(f"{column_letters(column)}{row + 1}" for row, column in (first, last))


def merges_below(references: Iterable[str], header_row: int) -> tuple[Merge, ...]:
    """The merges that reach below the header, from the top down."""
    merges = []
    for reference in references:
        match = _REFERENCE.fullmatch(reference)
        if match and int(match[4]) > header_row:
            left, right = column_position(match[1]), column_position(match[3])
            merges.append(Merge(reference, left, int(match[2]), right, int(match[4])))
    return tuple(sorted(merges, key=lambda merge: merge.top))


class MergeMarker:
    """Marks the cells under a merge as damaged, row by row from the top.

    A merged value may be meant for every row that it covers or only for the first, and nobody
    can tell which; so the covered cells are never taken for empty, nor filled with it. A merge
    without a value covers nothing.
    """

    def __init__(self, merges: Sequence[Merge]) -> None:
        self._coming = list(reversed(merges))
        self._until: list[int] = []  # by position, the last row in which a merge covers it
        self._last = 0  # of all of these

    def mark(self, number: int, texts: list[str]) -> None:
        """Mark the covered cells of the next row, in place; all rows have as many cells."""
        if number > self._last and (not self._coming or self._coming[-1].top > number):
            return
        begun = self._begun(number, texts)
        until = self._until + [0] * (len(texts) - len(self._until))
        # The first cell of a merge is not covered by it in the row where it begins.
        covered = _lowest(until, [(merge.left + 1, merge) for merge in begun])
        self._until = _lowest(until, [(merge.left, merge) for merge in begun])
        self._last = max(self._until, default=0)
        for position, text in enumerate(texts):
            if covered[position] >= number:
                texts[position] = Damaged(text, MERGED_CELL)

    def _begun(self, number: int, texts: list[str]) -> list[Merge]:
        """The merges that begin in this row with a value."""
        begun = []
        while self._coming and self._coming[-1].top <= number:
            merge = self._coming.pop()
            # Rows without text are left out, so a merge that began in one has no value.
            if merge.top == number and "".join(texts[merge.left : merge.left + 1]).strip():
                begun.append(merge)
        return begun


def _lowest(until: list[int], begun: Sequence[tuple[int, Merge]]) -> list[int]:
    """By position, the last row that is covered by what was known or by these, from there on.

    In one go from left to right, since a broken workbook may have a hundred thousand merges over
    one another.
    """
    if not begun:
        return until
    coming = sorted(begun, key=lambda merge: merge[0], reverse=True)
    reaching: list[tuple[int, int]] = []  # a heap of last rows, negative, and last positions
    lowest = []
    for position, known in enumerate(until):
        while coming and coming[-1][0] <= position:
            _, merge = coming.pop()
            heappush(reaching, (-merge.bottom, merge.right))
        while reaching and reaching[0][1] < position:
            heappop(reaching)
        lowest.append(max(known, -reaching[0][0]) if reaching else known)
    return lowest
