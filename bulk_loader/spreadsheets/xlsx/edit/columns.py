"""Which columns are put into a sheet, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class NewCell(NamedTuple):
    """A cell that takes the place of what stands there.

    Attributes:
        style: number of its cell format.
        is_number: the text is digits, and to be summed.
        lines: that it takes where it is wrapped; the row is made as high.
    """

    text: str
    style: int
    is_number: bool = False
    lines: int = 1


@dataclass(frozen=True, slots=True)
class NewColumns:
    """Columns with new cells, in any order.

    Attributes:
        header_row: which row holds the names of the columns.
        width: columns that are used without them; those from here on are new.
        positions: 0 is column A.
        widths: of the new ones in characters, by position.
        is_clear: no row has a cell in them or at their right.
    """

    header_row: int
    width: int
    positions: tuple[int, ...]
    widths: Mapping[int, float]
    is_clear: bool

    @property
    def has_new(self) -> bool:
        """Whether the sheet becomes wider."""
        return bool(self.widths)

    @property
    def last(self) -> int:
        """Position of the rightmost."""
        return max(self.positions)
