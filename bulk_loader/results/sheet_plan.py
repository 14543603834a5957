"""What is to be done to a sheet, found out by a first pass over its XML.

What no known spreadsheet program writes is not guessed at: it raises `UneditableError`, and
the results file becomes a plain copy.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.results.cells import columns_from_pattern
from bulk_loader.results.places import Places
from bulk_loader.results.sheet_part import UneditableError
from bulk_loader.spreadsheets.references import MAX_COLUMNS, column_letters, column_position

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.model import Source, Status
    from bulk_loader.results.sheet_part import SheetPart

_FOREIGN_ENCODING = re.compile(
    rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE
)
_MERGED = re.compile(rb'mergeCell ref="[A-Z]{1,3}\d+:([A-Z]{1,3})(\d+)"')
_MERGED_BYTES = 64  # that one match takes at most
_STYLE = re.compile(rb'[^<>]*?\ss="(\d+)"')


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """Where the three columns go, and how they look.

    Attributes:
        header_style: number of the cell format that new header cells take over.
        styles: number of the cell format for each status.
        is_clear: no row has a cell, not even an empty one, where the three columns go.
    """

    header_row: int
    places: Places
    header_style: int
    styles: Mapping[Status, int]
    is_clear: bool


def plan_sheet(part: SheetPart, source: Source, styles: Mapping[Status, int]) -> SheetPlan:
    """Look through the whole sheet, so that the second pass meets nothing unforeseen.

    The new columns stand at the right of everything that is used from the header on downwards.

    Raises:
        UneditableError: the sheet can't be edited with certainty.
    """
    survey = _Survey(part, source)
    places = Places.beside(source.columns, survey.used_width)
    if survey.header_style is None:
        raise UneditableError("no row where the header stands")
    if max(places.positions) >= MAX_COLUMNS:
        raise UneditableError("no room for three more columns")
    return SheetPlan(
        source.header_row, places, survey.header_style, styles, is_clear=survey.is_clear
    )


class _Survey:
    """One look through a sheet.

    Attributes:
        used_width: columns that are used from the header on downwards.
        header_style: number of the format of the last header cell; None where there is no header.
        is_clear: as for `SheetPlan`.
    """

    def __init__(self, part: SheetPart, source: Source) -> None:
        places = Places.beside(source.columns)
        kept = [position for position in places.positions if position < places.width]
        self.used_width = places.width
        self.header_style: int | None = None
        self.is_clear = True
        self._part = part
        self._header_row = source.header_row
        self._first = min(places.positions)
        self._last_row = 0
        if b"<!" in part.head or _FOREIGN_ENCODING.search(part.head):
            raise UneditableError("comments, entities or an unusual encoding in its XML")
        self._patterns(kept)
        for block in part.blocks():
            self._take(block)
        self._take_merges()

    def _patterns(self, kept: list[int]) -> None:
        prefix, cell = re.escape(self._part.prefix), re.escape(self._part.cell_start)
        self._bare_cell = re.compile(rb'<%bc(?! r="[A-Z]{1,3}\d)[\s/>]' % prefix)
        self._row = re.compile(rb'<%brow\s(?:[^<>]*?\s)?r="(\d{1,7})"[^<>]*>' % prefix)
        self._right_cell = re.compile(cell + columns_from_pattern(self._first) + rb"\d")
        self._filled_cell = re.compile(
            rb'%b(%b)(\d+)"[^<>]*(?<!/)>(?!</%bc>)'
            % (cell, columns_from_pattern(self.used_width), prefix)
        )
        letters = b"|".join(column_letters(position).encode() for position in kept)
        self._formula = letters and re.compile(
            rb'%b(?:%b)\d+"[^<>]*>\s*<%bf[\s/>]' % (cell, letters, prefix)
        )

    def _take(self, block: bytes) -> None:
        if b"<!" in block or b"<?" in block or b"extLst" in block:
            raise UneditableError("comments or extensions among its rows")
        if self._bare_cell.search(block):
            raise UneditableError("cells without an address")
        rows = [self._last_row, *map(int, self._row.findall(block))]
        if len(rows) - 1 != block.count(b"<%brow" % self._part.prefix):
            raise UneditableError("rows without a number")
        if not all(map(operator.lt, rows, rows[1:])):
            raise UneditableError("rows that are not in order")
        if self._last_row < self._header_row <= rows[-1]:
            self._take_header(block)
        self._last_row = rows[-1]
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
                self.used_width = max(self.used_width, column_position(letters.decode()) + 1)

    def _take_merges(self) -> None:
        rest = b""
        for block in self._part.tail():
            text = rest + block
            for letters, row in _MERGED.findall(text):
                if int(row) >= self._header_row:
                    self.used_width = max(self.used_width, column_position(letters.decode()) + 1)
            rest = text[-_MERGED_BYTES:]
