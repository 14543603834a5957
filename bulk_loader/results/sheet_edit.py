"""The three columns are put into a sheet's XML while it streams by."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bulk_loader.model import RESULT_COLUMNS
from bulk_loader.results.cells import MAX_CELL_LENGTH, number_cell, text_cell
from bulk_loader.results.widths import with_widths
from bulk_loader.spreadsheets.references import column_letters, column_position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.model import Status
    from bulk_loader.results.rows import Accounting, ResultRow
    from bulk_loader.results.sheet_part import SheetPart
    from bulk_loader.results.sheet_plan import SheetPlan

WIDTHS = (12, 13, 60)
"""Of the three columns, in characters."""

_BLOCK_PIECES = 4096  # some hundreds of rows

# Nearly all results of a file are among a few: accepted, or one of the usual faults.
_REMEMBERED = 1024

_ROW = "\0"  # in the place of a row number; it can't stand in XML

_DIMENSION = re.compile(rb'(dimension ref="[A-Z]{1,3}\d+:)([A-Z]{1,3})(\d+")')
_FILTER = re.compile(rb'(autoFilter ref="[A-Z]{1,3}(\d+):)([A-Z]{1,3})(\d+")')
_SPANS = re.compile(rb'\sspans="[^"]*"')


def edited(part: SheetPart, plan: SheetPlan, accounting: Accounting) -> Iterator[bytes]:
    """The sheet's XML with the results in it, in blocks.

    Raises:
        ResultsError: the results do not fit the rows.
    """
    editor = _Editor(part, plan)
    yield editor.head()
    pending: list[bytes] = []
    for number, start, cells, end in part.rows():
        if number == plan.header_row:
            pending += editor.row(start, cells, editor.header_cells())
        elif result := accounting.result_of(number):
            pending += editor.row(start, cells, editor.result_cells(result))
        else:
            pending += (start, cells, end)
        if len(pending) > _BLOCK_PIECES:
            yield b"".join(pending)
            pending.clear()
    accounting.close()
    yield b"".join(pending)
    tail = part.tail()
    yield editor.first_of_tail(next(tail))
    yield from tail


class _Editor:
    """Puts cells into rows, and widens what tells of columns."""

    def __init__(self, part: SheetPart, plan: SheetPlan) -> None:
        self._part = part
        self._plan = plan
        self._prefix = part.prefix.decode()
        self._places = plan.places
        self._letters = tuple(map(column_letters, plan.places.positions))
        self._first = min(plan.places.positions)
        self._halves = lru_cache(_REMEMBERED)(self._halves_of)

    def header_cells(self) -> list[str]:
        """Names for the new columns; "" for those that have theirs."""
        row, style = self._plan.header_row, self._plan.header_style
        cells = [""] * len(RESULT_COLUMNS)
        for which in self._places.added:
            reference = f"{self._letters[which]}{row}"
            cells[which] = text_cell(reference, style, RESULT_COLUMNS[which], self._prefix)
        return cells

    def result_cells(self, result: ResultRow) -> list[str]:
        """The three cells of a lead, coloured by its status."""
        row = result.row
        return [f"{left}{row}{right}" for left, right in self._halves(result.status, result.error)]

    def _halves_of(self, status: Status, error: str) -> list[list[str]]:
        """The cells of a result, each in the two halves that stand around its row number."""
        style, prefix = self._plan.styles[status], self._prefix
        first, second, third = (f"{letters}{_ROW}" for letters in self._letters)
        cells = (
            number_cell(first, style, status.result, prefix),
            text_cell(second, style, status, prefix),
            text_cell(third, style, error[:MAX_CELL_LENGTH], prefix),
        )
        return [cell.split(_ROW, maxsplit=1) for cell in cells]

    def row(self, start: bytes, cells: bytes, new: list[str]) -> Sequence[bytes]:
        """A row with the three cells in it, in place of those that stood there.

        Args:
            start: the row's start tag.
            cells: of the row.
            new: for the three columns, in their order; "" leaves what stands there.
        """
        if b" spans=" in start:  # a hint only, and wrong from now on
            start = _SPANS.sub(b"", start)
        if start.endswith(b"/>"):
            start = start[:-2] + b">"
        if self._plan.is_clear:
            return start, cells, "".join(new).encode(), self._part.row_end
        left, right = self._part.cut(cells, self._first)
        by_position = dict(right)
        for position, cell in zip(self._places.positions, new, strict=True):
            if cell:
                by_position[position] = cell.encode()
        return start, left, *(cell for _, cell in sorted(by_position.items())), self._part.row_end

    def head(self) -> bytes:
        """What stands before the rows, with the new columns in the dimension and the widths."""
        head = self._part.head
        if not self._places.added:
            return head
        head = _DIMENSION.sub(self._widened_dimension, head)
        widths = {self._places.positions[which]: WIDTHS[which] for which in self._places.added}
        return with_widths(head, widths, self._part.prefix)

    def first_of_tail(self, tail: bytes) -> bytes:
        """What stands behind the rows, with the filter over the new columns if it borders on them."""
        return _FILTER.sub(self._widened_filter, tail, count=1) if self._places.added else tail

    def _widened_dimension(self, found: re.Match[bytes]) -> bytes:
        last = max(*self._places.positions, column_position(found[2].decode()))
        return found[1] + column_letters(last).encode() + found[3]

    def _widened_filter(self, found: re.Match[bytes]) -> bytes:
        borders = column_position(found[3].decode()) + 1 == self._places.width
        if int(found[2]) != self._plan.header_row or not borders:
            return found[0]
        last = column_letters(max(self._places.positions)).encode()
        return found[1] + last + found[4]
