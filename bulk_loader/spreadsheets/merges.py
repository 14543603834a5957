"""Cells that are merged: one value is shown over several, and belongs to the first alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
        self._open: list[Merge] = []

    def mark(self, number: int, texts: list[str]) -> None:
        """Mark the covered cells of the next row, in place."""
        if not self._open and (not self._coming or self._coming[-1].top > number):
            return
        self._open = [merge for merge in self._open if merge.bottom >= number]
        covered = [range(merge.left, merge.right + 1) for merge in self._open]
        while self._coming and self._coming[-1].top <= number:
            merge = self._coming.pop()
            # Rows without text are left out, so a merge that began in one has no value.
            if merge.top == number and "".join(texts[merge.left : merge.left + 1]).strip():
                covered.append(range(merge.left + 1, merge.right + 1))
                self._open.append(merge)
        for positions in covered:
            for position in positions[: max(0, len(texts) - positions.start)]:
                texts[position] = Damaged(texts[position], MERGED_CELL)
