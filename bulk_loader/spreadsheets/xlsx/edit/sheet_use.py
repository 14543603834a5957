"""What stands in a sheet where columns are to be put in, found out by a first pass over its XML.

What no known spreadsheet program writes is not guessed at: it raises `UneditableError`.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.references import (
    column_letters,
    column_position,
    columns_from_pattern,
)
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import (
    UneditableError,
    is_plain_markup,
    row_pattern,
)
from bulk_loader.spreadsheets.xlsx.edit.views import is_frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.spreadsheets.xlsx.edit.sheet_part import SheetPart

_FOREIGN_ENCODING = re.compile(
    rb"""(?:\xef\xbb\xbf)?+\s*+<\?xml[^>]*encoding\s*+=\s*+["'](?!utf-?8["'])""", re.IGNORECASE
)
_MERGED = re.compile(rb'mergeCell ref="[A-Z]{1,3}\d{1,7}:([A-Z]{1,3})(\d{1,7})"')
_MERGED_BYTES = 64  # that one match takes at most
_ARRANGED = re.compile(rb"<(?:[\w.-]{1,30}:)?(?:autoFilter|tableParts|sheetProtection)[\s/>]")
_STYLE = re.compile(rb'[^<>]*?\ss="(\d{1,9})"')


@dataclass(frozen=True, slots=True)
class SheetUse:
    """What a whole sheet tells.

    Attributes:
        width: columns that are used from the header on downwards.
        header_style: number of the cell format of the last header cell.
        is_clear: no row has a cell, not even an empty one, in the columns or at their right.
        last_row: number of the last row, filled or not.
        is_arranged: its author has frozen, split, filtered or protected it, or made a table in it.
    """

    width: int
    header_style: int
    is_clear: bool
    last_row: int
    is_arranged: bool


def use_of(part: SheetPart, header_row: int, width: int, positions: Sequence[int]) -> SheetUse:
    """Look through the whole sheet, so that the second pass meets nothing unforeseen.

    Args:
        part: from its first row to its end.
        header_row: which row holds the names of the columns.
        width: columns that have a name.
        positions: of the columns that are to be put in; new ones from `width` on.

    Raises:
        UneditableError: the sheet can't be edited with certainty.
    """
    look = _Look(part, header_row, width, positions)
    if look.header_style is None:
        raise UneditableError("no row where the header stands")
    return SheetUse(look.width, look.header_style, look.is_clear, look.last_row, look.is_arranged)


class _Look:
    """One look through a sheet.

    Attributes:
        width: as for `SheetUse`.
        header_style: as for `SheetUse`; None where there is no header.
        is_clear: as for `SheetUse`, as are the others.
    """

    def __init__(
        self, part: SheetPart, header_row: int, width: int, positions: Sequence[int]
    ) -> None:
        self.width = width
        self.header_style: int | None = None
        self.is_clear = True
        self._part = part
        self._header_row = header_row
        self._first = min(positions)
        self.last_row = 0
        self.is_arranged = is_frozen(part.head)
        if not is_plain_markup(part.head) or _FOREIGN_ENCODING.match(part.head):
            raise UneditableError("comments, entities or an unusual encoding in its XML")
        self._patterns([position for position in positions if position < width])
        for block in part.blocks():
            self._take(block)
        self._take_tail()

    def _patterns(self, kept: list[int]) -> None:
        prefix, cell = re.escape(self._part.prefix), re.escape(self._part.cell_start)
        self._bare_cell = re.compile(rb'<%bc(?! r="[A-Z]{1,3}\d)[\s/>]' % prefix)
        self._row = re.compile(row_pattern(self._part.prefix))
        self._right_cell = re.compile(cell + columns_from_pattern(self._first) + rb"\d")
        self._filled_cell = re.compile(
            rb'%b(%b)(\d{1,7})"[^<>]*+(?<!/)>(?!</%bc>)'
            % (cell, columns_from_pattern(self.width), prefix)
        )
        letters = b"|".join(column_letters(position).encode() for position in kept)
        self._formula = letters and re.compile(
            rb'%b(?:%b)\d+"[^<>]*+>\s*+<%bf[\s/>]' % (cell, letters, prefix)
        )

    def _take(self, block: bytes) -> None:
        if b"<!" in block or b"<?" in block or b"extLst" in block:
            raise UneditableError("comments or extensions among its rows")
        if self._bare_cell.search(block):
            raise UneditableError("cells without an address")
        rows = [self.last_row, *map(int, self._row.findall(block))]
        if len(rows) - 1 != block.count(b"<%brow" % self._part.prefix):
            raise UneditableError("rows without a number")
        if not all(map(operator.lt, rows, rows[1:])):
            raise UneditableError("rows that are not in order")
        if self.last_row < self._header_row <= rows[-1]:
            self._take_header(block)
        self.last_row = rows[-1]
        if self._right_cell.search(block):
            self._take_right_cells(block)

    def _take_header(self, block: bytes) -> None:
        for row in self._row.finditer(block):
            if int(row[1]) == self._header_row:
                end = max(block.find(self._part.row_end, row.end()), row.end())
                left, _ = self._part.cut(block[row.end() : end], self._first)
                style = _STYLE.match(left, max(left.rfind(self._part.cell_start) + 1, 0))
                self.header_style = int(style[1]) if style else 0

    def _take_right_cells(self, block: bytes) -> None:
        self.is_clear = False
        if self._formula and self._formula.search(block):
            raise UneditableError("formulas in the columns of the results")
        for letters, row in self._filled_cell.findall(block):
            if int(row) >= self._header_row:
                self.width = max(self.width, column_position(letters.decode()) + 1)

    def _take_tail(self) -> None:
        rest = b""
        for block in self._part.tail():
            text = rest + block
            self.is_arranged = self.is_arranged or bool(_ARRANGED.search(text))
            for letters, row in _MERGED.findall(text):
                if int(row) >= self._header_row:
                    self.width = max(self.width, column_position(letters.decode()) + 1)
            rest = text[-_MERGED_BYTES:]
