"""Counts leads by the text of one column, while a file is looked through anyway."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulk_loader.spreadsheets.blocks import Block

# Who has more campaigns than this has mapped another column; memory stays bounded.
MAX_TEXTS = 1000

MAX_LENGTH = 200  # a longer text is no name, and a thousand of them would be megabytes

_NOWHERE = 2**31  # right of every column


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted, by the labels of columns.

    Attributes:
        by: leads are told apart by its texts; None where all count together.
        filled: in how many of them each of these has a text; None for a column that is not there.
    """

    by: str | None
    filled: tuple[str | None, ...] = ()


@dataclass(slots=True)
class Count:
    """Leads with one text.

    Attributes:
        first_row: row number of the first of them.
        filled: for each column of `Counted.filled`, in how many of them it has a text.
    """

    leads: int = 0
    first_row: int = 0
    filled: list[int] = field(default_factory=list)


class Tally:
    """What a survey tells of each lead that it comes across.

    Args:
        choose: from the labels of the columns to what is to be counted; None for nothing.
        skips_hidden: leads in hidden rows are none.

    Attributes:
        counted: what was chosen for the file; None where nothing was.
        more: leads with further texts than are kept.
    """

    def __init__(
        self,
        choose: Callable[[Sequence[str]], Counted | None] = lambda _labels: None,
        *,
        skips_hidden: bool = False,
    ) -> None:
        self._choose = choose
        self._skips_hidden = skips_hidden
        self.begin(())

    def begin(self, labels: Sequence[str]) -> None:
        """Forget all and count anew, in a file with these columns."""
        self.counted = self._choose(labels) if labels else None
        self.more = 0
        self._counts: dict[str, Count] = {}
        place = {label: at for at, label in enumerate(labels)}
        counted = self.counted or Counted(None)
        self._by = _NOWHERE if counted.by is None else place[counted.by]
        self._filled = [_NOWHERE if label is None else place[label] for label in counted.filled]

    @property
    def counts(self) -> Mapping[str, Count]:
        """By text, as it stands in the file, in the order of their first rows."""
        return self._counts

    def add(self, row: int, cells: Sequence[str]) -> None:
        """One lead, given by its cells."""
        if self.counted is None:
            return
        width, by = len(cells), self._by
        count = self._count_of(row, cells[by] if by < width else "")
        for place, at in enumerate(self._filled):
            if at < width and cells[at] and not cells[at].isspace():
                count.filled[place] += 1

    def add_block(self, block: Block, places: Sequence[int]) -> None:
        """The leads of a block, given by their places in it."""
        if self.counted is None:
            return
        if self._skips_hidden and block.hidden:
            places = [place for place in places if place not in block.hidden]
        held = set(block.positions)
        texts = block.column(self._by) if self._by in held else None
        filled = [block.column(at) if at in held else None for at in self._filled]
        for place in places:
            count = self._count_of(block.numbers[place], texts[place] if texts else "")
            for at, cells in enumerate(filled):
                if cells and cells[place] and not cells[place].isspace():
                    count.filled[at] += 1

    def _count_of(self, row: int, text: str) -> Count:
        """The count to which a lead with this text belongs, with the lead in it."""
        count = self._counts.get(text)
        if count is None:
            count = Count(0, row, [0] * len(self._filled))
            if len(self._counts) < MAX_TEXTS and len(text) <= MAX_LENGTH:
                self._counts[text] = count
            else:
                self.more += 1
        count.leads += 1
        return count
