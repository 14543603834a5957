"""The one habit of a writer by which short rows of a text file are known to be whole."""

from __future__ import annotations

# Excel writes 16 rows at a time and leaves out the delimiters behind the last column that is
# filled in any of them. Source: Microsoft's article 77295, "Column delimiters are missing in an
# Excel spreadsheet that is saved as text".
BLOCK_ROWS = 16


class ShortBlocks:
    """Watches whether all short rows of a file stand in blocks, as Excel writes them.

    A row is short elsewhere because a delimiter or its end is lost, and then nobody knows which
    cell is which. So the whole file has to show the habit: the rows beside the header are full,
    and of every other block either no row is short or all are, to the same width.
    """

    def __init__(self, header_row: int) -> None:
        self._header_block = _block(max(header_row, 1))
        self._block = -1
        self._rows = 0
        self._widths: set[int] = set()
        self._is_broken = False
        self._has_whole_block = False

    def add(self, row: int, width: int) -> None:
        """Take note of a row with other cells than the header; a blank one has none.

        A row with more cells breaks the habit too: it never fills a block.
        """
        if _block(row) != self._block:
            self._close(BLOCK_ROWS)
            self._block, self._rows, self._widths = _block(row), 0, set()
        self._rows += 1
        self._widths.add(width)

    def is_habit(self, last_row: int) -> bool:
        """Whether short rows lack only empty cells at their end, now that all rows are seen."""
        is_last_block = _block(last_row) == self._block
        self._close((last_row - 1) % BLOCK_ROWS + 1 if is_last_block else BLOCK_ROWS)
        return self._has_whole_block and not self._is_broken

    def _close(self, size: int) -> None:
        """Judge the block at hand, which has this many rows in the file."""
        widths = self._widths - {0}
        if not widths:
            return
        if self._block == self._header_block or self._rows < size or len(widths) > 1:
            self._is_broken = True
        self._has_whole_block |= size == BLOCK_ROWS


def _block(row: int) -> int:
    return (row - 1) // BLOCK_ROWS
