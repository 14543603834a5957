"""Cells are put into a sheet's XML while it streams by."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.spreadsheets.references import column_letters, column_position
from bulk_loader.spreadsheets.xlsx.edit.cell_markup import number_cell, text_cell
from bulk_loader.spreadsheets.xlsx.edit.filters import with_wider_filter
from bulk_loader.spreadsheets.xlsx.edit.finish import Finish
from bulk_loader.spreadsheets.xlsx.edit.heights import with_height
from bulk_loader.spreadsheets.xlsx.edit.widths import with_widths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bulk_loader.spreadsheets.xlsx.edit.columns import NewCell, NewColumns
    from bulk_loader.spreadsheets.xlsx.edit.sheet_part import SheetPart

RowCells: TypeAlias = "tuple[NewCell | None, ...]"
"""New cells of a row, one for each of the columns; None leaves what stands there."""

_AS_IT_IS = Finish()

_BLOCK_PIECES = 4096  # some hundreds of rows

# Most rows get the same cells as many others.
_REMEMBERED = 1024

_ROW = "\0"  # in the place of a row number; it can't stand in XML

_DIMENSION = re.compile(rb'(dimension ref="[A-Z]{1,3}\d{1,7}:)([A-Z]{1,3})(\d{1,7}")')
_SPANS = re.compile(rb'\sspans="[^"]*"')


def edited(
    part: SheetPart,
    columns: NewColumns,
    cells_of: Callable[[int], RowCells | None],
    finish: Finish = _AS_IT_IS,
) -> Iterator[bytes]:
    """The sheet's XML with the new cells in it, in blocks.

    Args:
        part: of which `use_of` has looked through another pass.
        columns: where the cells go.
        cells_of: is asked once for every row of the sheet, by its number, in the order of the
            sheet; None for a row that stays as it is.
        finish: what the sheet gets besides.
    """
    editor = _Editor(part, columns)
    yield finish.head(editor.head(), part.prefix, columns)
    pending: list[bytes] = []
    for number, start, cells, end in part.rows():
        if number and (new := cells_of(number)):
            pending += editor.row(number, start, cells, new)
        else:
            pending += (start, cells, end)
        if len(pending) > _BLOCK_PIECES:
            yield b"".join(pending)
            pending.clear()
    yield b"".join(pending)
    tail = part.tail()
    first = next(tail)
    if columns.has_new:
        first = with_wider_filter(first, columns)
    yield finish.tail(first, part.prefix, columns)
    yield from tail


class _Editor:
    """Puts cells into rows, and widens what tells of columns."""

    def __init__(self, part: SheetPart, columns: NewColumns) -> None:
        self._part = part
        self._columns = columns
        self._prefix = part.prefix.decode()
        self._letters = tuple(map(column_letters, columns.positions))
        self._first = min(columns.positions)
        self._halves = lru_cache(_REMEMBERED)(self._halves_of)

    def row(self, number: int, start: bytes, cells: bytes, new: RowCells) -> Sequence[bytes]:
        """A row with the new cells in it, in place of those that stood there.

        Args:
            number: of the row.
            start: its start tag.
            cells: as they were.
            new: for each of the columns.
        """
        if b" spans=" in start:  # a hint only, and wrong from now on
            start = _SPANS.sub(b"", start)
        if start.endswith(b"/>"):
            start = start[:-2] + b">"
        halves, lines = self._halves(new)
        if lines > 1:
            start = with_height(start, lines)
        written = [f"{left}{number}{right}" for left, right in halves]
        if self._columns.is_clear:
            return start, cells, "".join(written).encode(), self._part.row_end
        left, right = self._part.cut(cells, self._first)
        by_position = dict(right)
        positions = (at for at, cell in zip(self._columns.positions, new, strict=True) if cell)
        by_position |= {at: cell.encode() for at, cell in zip(positions, written, strict=True)}
        return start, left, *(cell for _, cell in sorted(by_position.items())), self._part.row_end

    def _halves_of(self, new: RowCells) -> tuple[list[list[str]], int]:
        """The markup of each new cell, in the two halves around its row number; and the lines."""
        lines = max((cell.lines for cell in new if cell is not None), default=1)
        halves = [
            (number_cell if cell.is_number else text_cell)(
                f"{letters}{_ROW}", cell.style, cell.text, self._prefix
            ).split(_ROW, maxsplit=1)
            for letters, cell in zip(self._letters, new, strict=True)
            if cell is not None
        ]
        return halves, lines

    def head(self) -> bytes:
        """What stands before the rows, with the new columns in the dimension and the widths."""
        head = self._part.head
        if not self._columns.has_new:
            return head
        head = _DIMENSION.sub(self._wider_dimension, head)
        return with_widths(head, self._columns.widths, self._part.prefix)

    def _wider_dimension(self, found: re.Match[bytes]) -> bytes:
        last = max(self._columns.last, column_position(found[2].decode()))
        return found[1] + column_letters(last).encode() + found[3]
