"""Consecutive rows of a sheet, held by column, for every format of workbooks alike.

A list of a million leads has some ten million cells. What is done to each of them is done to a
whole column at once, in the loops of the interpreter, and only where somebody asks for that column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from bulk_loader.reading.batching import is_example

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

SheetRow: TypeAlias = tuple[int, bool, list[str]]
"""A row number, whether nobody sees the row, and the texts of its cells from the first column on."""

# A block holds the cells of its widest row for each of its rows, so wide rows come fewer at a time.
_MOST_CELLS = 50_000
_MOST_ROWS = 1000


class Block(Protocol):
    """Some consecutive rows of a sheet; rows without contents may be missing.

    Attributes:
        numbers: of the rows; one at least.
        hidden: places in the block, from 0, of rows that nobody sees.
        positions: of the columns that may hold something, ascending.
    """

    @property
    def numbers(self) -> Sequence[int]: ...  # noqa: D102

    @property
    def hidden(self) -> Collection[int]: ...  # noqa: D102

    @property
    def positions(self) -> Sequence[int]: ...  # noqa: D102

    def column(self, position: int) -> Sequence[str]:
        """What a person sees in a column, row by row: text, `Damaged` text, or "" for nothing."""


@dataclass(frozen=True, slots=True)
class FilledBlock:
    """Rows whose cells were read one by one.

    Attributes:
        rows: texts from the first column on, of any length.
    """

    numbers: Sequence[int]
    hidden: Collection[int]
    rows: Sequence[Sequence[str]]

    @classmethod
    def of(cls, rows: Sequence[SheetRow]) -> FilledBlock:
        """The block of these rows."""
        hidden = [place for place, (_, is_hidden, _) in enumerate(rows) if is_hidden]
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
        if len(waiting) == _MOST_ROWS or (waiting and widest * len(waiting) >= _MOST_CELLS):
            yield FilledBlock.of(waiting)
            waiting, widest = [], len(row[2])
        waiting.append(row)
    if waiting:
        yield FilledBlock.of(waiting)


def stored_width(block: Block) -> int:
    """Columns that a block reaches, one at least; the last may be blank in all of its rows."""
    return block.positions[-1] + 1 if block.positions else 1


def rows_of(block: Block, width: int, places: Sequence[int] | None = None) -> Iterator[list[str]]:
    """Rows of a block, each with exactly `width` cells.

    Args:
        places: in the block, of those that are wanted; None for all.
    """
    columns = [_picked(block.column(position), places) for position in range(width)]
    return map(list, zip(*columns, strict=True))


def columns_of(block: Block, width: int, places: Sequence[int]) -> list[Sequence[str]]:
    """The first `width` columns of some rows of a block."""
    return [_picked(block.column(position), places) for position in range(width)]


def outline(block: Block, start: int = 0) -> tuple[int, list[int]]:
    """What can be known of rows at a glance: most are told by their last column alone.

    Args:
        start: place in the block of the first row that matters.

    Returns:
        The number of columns up to the last one with any text in these rows, and the places of
        those that are leads: they have some text, and are no example of the template.
    """
    width = 0
    undecided = list(range(start, len(block.numbers)))
    for position in reversed(block.positions):
        if not undecided:
            break
        texts = block.column(position)
        blank = [place for place in undecided if not texts[place].strip()]
        if not width and len(blank) < len(undecided):
            width = position + 1
        undecided = blank
    left_out = set(undecided)
    if width:
        left_out.update(place for place, text in enumerate(block.column(0)) if is_example(text))
    places = range(start, len(block.numbers))
    return width, [place for place in places if place not in left_out] if left_out else list(places)


def _picked(texts: Sequence[str], places: Sequence[int] | None) -> Sequence[str]:
    if places is None or len(places) == len(texts):
        return texts
    return [texts[place] for place in places]
