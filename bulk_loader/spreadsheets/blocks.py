"""Consecutive rows of a sheet, held by column, for every format of workbooks alike.

A list of a million leads has some ten million cells. What is done to each of them is done to a
whole column at once, in the loops of the interpreter, and only where somebody asks for that column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

SheetRow: TypeAlias = tuple[int, bool, list[str]]
"""A row number, whether nobody sees the row, and the texts of its cells from the first column on."""

# A block holds the cells of its widest row for each of its rows, so wide rows come fewer at a time.
MOST_CELLS = 50_000
_MOST_ROWS = 1000


class Block(Protocol):
    """Some consecutive rows of a sheet; rows without contents may be missing.

    Attributes:
        numbers: of the rows; one at least.
        hidden: places in the block, from 0, of rows that nobody sees.
        positions: of the columns that hold anything, ascending.
    """

    @property
    def numbers(self) -> Sequence[int]: ...  # noqa: D102

    @property
    def hidden(self) -> AbstractSet[int]: ...  # noqa: D102

    @property
    def positions(self) -> Sequence[int]: ...  # noqa: D102

    def column(self, position: int) -> Sequence[str]:
        """What a person sees in one of `positions`, row by row: text, `Damaged`, or "" for nothing."""


@dataclass(frozen=True, slots=True)
class FilledBlock:
    """Rows whose cells were read one by one.

    Attributes:
        rows: texts from the first column on, of any length.
    """

    numbers: Sequence[int]
    hidden: AbstractSet[int]
    rows: Sequence[Sequence[str]]

    @classmethod
    def of(cls, rows: Sequence[SheetRow]) -> FilledBlock:
        """The block of these rows."""
        hidden = frozenset(place for place, (_, is_hidden, _) in enumerate(rows) if is_hidden)
        return cls([number for number, _, _ in rows], hidden, [texts for _, _, texts in rows])

    @property
    def positions(self) -> Sequence[int]:
        """As many as the longest row has."""
        return range(max(map(len, self.rows)))

    def column(self, position: int) -> Sequence[str]:
        """The texts of a column; "" where a row ends before it."""
        return [row[position] if position < len(row) else "" for row in self.rows]


def blocks_of(rows: Iterable[SheetRow]) -> Iterator[FilledBlock]:
    """Rows as blocks of bounded size, whatever the widths of the rows are."""
    waiting: list[SheetRow] = []
    widest = 0
    for row in rows:
        widest = max(widest, len(row[2]))
        if len(waiting) == _MOST_ROWS or (waiting and widest * len(waiting) >= MOST_CELLS):
            yield FilledBlock.of(waiting)
            waiting, widest = [], len(row[2])
        waiting.append(row)
    if waiting:
        yield FilledBlock.of(waiting)


def stored_width(block: Block) -> int:
    """Columns that a block reaches, one at least; the last may be blank in all of its rows."""
    return block.positions[-1] + 1 if block.positions else 1


def columns_of(block: Block, width: int, places: Sequence[int]) -> list[Sequence[str]]:
    """The first `width` columns of some rows of a block, given by their places in it."""
    held = set(block.positions)
    blank = [""] * len(places)  # one list for all columns that hold nothing
    return [
        _picked(block.column(position), places) if position in held else blank
        for position in range(width)
    ]


def rows_of(block: Block, width: int, places: Sequence[int] | None = None) -> Iterator[list[str]]:
    """Rows of a block, each with exactly `width` cells.

    Args:
        places: in the block, of those that are wanted; None for all.
    """
    chosen = range(len(block.numbers)) if places is None else places
    return map(list, zip(*columns_of(block, width, chosen), strict=True))


def filled_rows(block: Block, start: int = 0) -> tuple[int, list[int]]:
    """The rows with any text; most are told by their last column alone.

    Args:
        start: place in the block of the first row that matters.

    Returns:
        The number of columns up to the last one with any text in these rows, and their places.
    """
    width = 0
    places = range(start, len(block.numbers))
    undecided: Sequence[int] = places
    for position in reversed(block.positions):
        if not undecided:
            break
        texts = block.column(position)
        blank = [place for place in undecided if not texts[place].strip()]
        if not width and len(blank) < len(undecided):
            width = position + 1
        undecided = blank
    left_out = set(undecided)
    return width, [place for place in places if place not in left_out]


def _picked(texts: Sequence[str], places: Sequence[int]) -> Sequence[str]:
    if len(places) == len(texts):
        return texts
    return [texts[place] for place in places]
