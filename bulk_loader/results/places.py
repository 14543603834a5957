"""Where the three columns stand beside the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from bulk_loader.model import RESULT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTHS = (12, 13, 60)
"""Of the three columns in a workbook, in characters."""

ADDED_HEADER_NOTE = (
    "The list has no header, and its results file has one, so that it can be read again: "
    "a row has a number one higher there."
)


@dataclass(frozen=True, slots=True)
class Places:
    """Positions of the three columns; 0 is column A.

    Columns that the source already has stay where they are; new ones follow its last column.
    A cell beyond the last column is one too many: it stays too many, at the right of the new
    columns, so that nothing is lost and the row reads as damaged as before.

    Attributes:
        width: number of columns that the source has.
        positions: of the three, in their order; from `width` on where a column is new.
    """

    width: int
    positions: tuple[int, ...]

    @classmethod
    def beside(cls, columns: Sequence[str], width: int | None = None) -> Places:
        """The places in a sheet with these columns.

        Args:
            columns: labels of the source.
            width: columns that anything stands in, where that is more than there are labels.
        """
        width = max(len(columns), width or 0)
        following = count(width)
        positions = (
            columns.index(name) if name in columns else next(following) for name in RESULT_COLUMNS
        )
        return cls(width, tuple(positions))

    @property
    def added(self) -> tuple[int, ...]:
        """Which of the three are new, in their order."""
        return tuple(which for which, at in enumerate(self.positions) if at >= self.width)

    def fill(self, cells: Sequence[str], values: Sequence[str] | None) -> list[str]:
        """A row of the results file.

        Args:
            cells: the row as it was.
            values: for the three columns; None leaves them as they are, new ones empty.
        """
        width = self.width
        row = [*cells[:width], *("",) * (width - len(cells))]
        if self.positions[0] == width and self.positions[2] == width + 2:
            row += values or _NOTHING  # nearly always, and so without a look at each
        else:
            for value, position in zip(values or _NOTHING, self.positions, strict=True):
                if position >= width:
                    row.append(value)
                elif values is not None:
                    row[position] = value
        row += cells[width:]
        return row


_NOTHING = ("", "", "")
