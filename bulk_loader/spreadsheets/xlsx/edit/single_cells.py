"""Single cells of a sheet get another text; whatever else stands in its XML stays as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.spreadsheets.references import column_letters
from bulk_loader.spreadsheets.xlsx.edit.cell_markup import text_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bulk_loader.spreadsheets.xlsx.edit.sheet_part import SheetPart

NewTexts: TypeAlias = "Mapping[int, Mapping[int, str]]"
"""Texts of cells by row number and position of the column; 0 is column A."""

CellMarkup: TypeAlias = "dict[tuple[int, int], bytes]"
"""The XML of cells by row number and position."""

_BLOCK_PIECES = 4096  # some hundreds of rows
_STYLE = re.compile(rb'[^<>]*?\ss="(\d{1,9})"')
_FORMULA = re.compile(rb"<(?:[\w.-]++:)?f(?=[\s/>])([^<>]*+)>")
_SPANS = re.compile(rb'\sspans="[^"]*"')


class SharedFormulaError(Exception):
    """Other cells have their formula from this one; args are its row number and position."""


def standing_cells(part: SheetPart, texts: NewTexts) -> CellMarkup:
    """What stands where the texts go; a cell that the sheet does not list is left out.

    Raises:
        SharedFormulaError: without one of them other cells would lose their formula.
    """
    found: CellMarkup = {}
    for number, _, cells, _ in part.rows():
        wanted = texts.get(number)
        if not wanted:
            continue
        for position, markup in part.cut(cells, min(wanted))[1]:
            if position in wanted:
                found[number, position] = markup
    for place, markup in found.items():
        formula = _FORMULA.search(markup)
        if formula and b' ref="' in formula[1]:
            raise SharedFormulaError(*place)
    return found


def has_formula(markup: bytes) -> bool:
    """Whether a cell is computed."""
    return _FORMULA.search(markup) is not None


def style_of(markup: bytes) -> int:
    """Number of the cell format of a cell."""
    style = _STYLE.match(markup, 1)
    return int(style[1]) if style else 0


def with_texts(
    part: SheetPart, texts: NewTexts, styles: Mapping[tuple[int, int], int]
) -> Iterator[bytes]:
    """The sheet's XML with the texts in it, in blocks.

    Args:
        styles: numbers of the cell formats of all cells that get a text.
    """
    yield part.head
    pending: list[bytes] = []
    for number, start, cells, end in part.rows():
        if number and (new := texts.get(number)):
            pending += _row(part, number, start, cells, new, styles)
        else:
            pending += (start, cells, end)
        if len(pending) > _BLOCK_PIECES:
            yield b"".join(pending)
            pending.clear()
    yield b"".join(pending)
    yield from part.tail()


def _row(  # noqa: PLR0913, PLR0917 - a row has so many parts
    part: SheetPart,
    number: int,
    start: bytes,
    cells: bytes,
    new: Mapping[int, str],
    styles: Mapping[tuple[int, int], int],
) -> list[bytes]:
    start = _SPANS.sub(b"", start)  # a hint only, and may be wrong from now on
    if start.endswith(b"/>"):
        start = start[:-2] + b">"
    left, right = part.cut(cells, min(new))
    by_position = dict(right)
    for position, text in new.items():
        reference = f"{column_letters(position)}{number}"
        markup = text_cell(reference, styles[number, position], text, part.prefix.decode())
        by_position[position] = markup.encode()
    return [start, left, *(cell for _, cell in sorted(by_position.items())), part.row_end]
