"""Bounds that keep a hostile or broken file from eating the machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from bulk_loader.errors import SourceError
from bulk_loader.spreadsheets.references import MAX_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

# What a limit grows with where a user says that the file may cost more; formats have the others.
_GROWING = (
    "max_rows",
    "max_unpacked_bytes",
    "max_compression_ratio",
    "ratio_applies_above_bytes",
    "max_parts",
    "free_cells",
    "free_kept_bytes",
    "free_copies",
)

ALLOW_MORE = "if it is the right file, allow it more: --file-limit 10"
"""What to do about a limit that a real list has passed, as the end of a sentence."""


class OverBudgetError(Exception):
    """A file costs more than one of its weight may; the message is a clause on the file."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may ask of this machine; a list of millions of leads stays far below.

    Passing a limit is a `SourceError` that names the limit, never a cut or skipped value. What is
    "free" any file may have; beyond that it must weigh something itself.

    Attributes:
        max_columns: cells of one row.
        max_rows: rows of the sheet that hold anything, the header included.
        max_cell_length: characters of one cell.
        max_row_length: characters of one row of a text file, its quoted line ends included.
        max_unpacked_bytes: bytes that an archive or workbook really unpacks to, all parts together.
        max_compression_ratio: unpacked bytes for one packed byte.
        ratio_applies_above_bytes: unpacked bytes below which the ratio is not looked at.
        max_parts: files inside a workbook or archive.
        free_cells: cells of all rows, empty ones before the last of a row included.
        cells_per_byte: further ones for each byte of the file.
        free_kept_bytes: memory for what is held all at once, such as shared texts.
        kept_per_byte: further bytes of it for each byte of the file.
        free_copies: cells that stand in the file once for several.
        copies_per_byte: further ones for each byte of the file.
        weight: bytes of the user's file where a copy of what was packed in it is read; 0 where
            it is read itself.
        factor: how many times the usual all of this is.
    """

    max_columns: int = MAX_COLUMNS
    max_rows: int = 10_000_000  # ten times the longest sheet of Excel (1,048,576)
    max_cell_length: int = 131_072  # csv's own default; four times Excel's longest cell (32,767)
    max_row_length: int = 4_194_304  # a row as wide as Excel's widest, 256 characters a cell
    max_unpacked_bytes: int = 4_294_967_296  # 1,000,000 rows of 40 columns in xlsx take about 2 GB
    max_compression_ratio: int = 100  # real sheets of leads reach about 11
    ratio_applies_above_bytes: int = 67_108_864  # 64 MiB fit in memory, however well they pack
    max_parts: int = 10_000  # a workbook has some ten parts, and one or two for each sheet
    free_cells: int = 2_000_000  # read in some seconds
    cells_per_byte: int = 40  # a packed row of 10 cells takes some 20 bytes: two bytes a cell
    free_kept_bytes: int = 134_217_728  # two million phone numbers
    kept_per_byte: int = 30  # a phone number takes 58 bytes in memory, and 4 or more packed
    free_copies: int = 100_000  # somebody has pulled a cell down by mistake
    copies_per_byte: int = 10  # a row of equal small numbers stores one cell for several
    weight: int = 0
    factor: float = 1.0

    def times(self, factor: float) -> Self:
        """Limits for a file that may cost more."""
        grown = {name: int(getattr(self, name) * factor) for name in _GROWING}
        return replace(self, **grown, factor=self.factor * factor)

    def spender(self, path: Path) -> Spender:
        """Counts what one pass over a file costs."""
        return Spender(self, self.weight or path.stat().st_size)


class Spender:
    """What one pass over a file has cost so far.

    Args:
        weight: bytes of the file.

    Raises:
        OverBudgetError: from every method, where the file costs more than it may.
    """

    def __init__(self, limits: Limits, weight: int) -> None:
        self.limits = limits
        self._weight = weight
        self._unpacked = self._cells = self._kept = self._copies = 0

    def unpack(self, count: int) -> None:
        """So many bytes came out of an archive."""
        self._unpacked += count
        limits = self.limits
        if self._unpacked > limits.max_unpacked_bytes:
            raise OverBudgetError(f"it unpacks to more than {limits.max_unpacked_bytes:,} bytes")
        is_large = self._unpacked > limits.ratio_applies_above_bytes
        if is_large and self._unpacked > limits.max_compression_ratio * self._weight:
            raise OverBudgetError(
                f"it unpacks to more than {limits.max_compression_ratio} times its size, "
                "as no list of leads does"
            )

    def cells(self, count: int) -> None:
        """So many cells were read, empty ones before the last of a row included."""
        self._cells += count
        most = self.limits.free_cells + self.limits.cells_per_byte * self._weight
        if self._cells > most:
            raise OverBudgetError(
                f"its rows have more than {most:,} cells, far more than a file of its size can fill"
            )

    def keep(self, count: int) -> None:
        """So many bytes of memory are needed until the end."""
        self._kept += count
        most = self.limits.free_kept_bytes + self.limits.kept_per_byte * self._weight
        if self._kept > most:
            raise OverBudgetError(
                f"its texts and formats take more than {most:,} bytes of memory, far more than "
                "those of a list of its size"
            )

    def copy(self, count: int) -> None:
        """So many cells are there only because one stands for several."""
        self._copies += count
        most = self.limits.free_copies + self.limits.copies_per_byte * self._weight
        if self._copies > most:
            raise OverBudgetError(
                f"more than {most:,} of its cells are mere repetitions, as in no list of leads"
            )


def over_budget_error(path: Path, error: OverBudgetError) -> SourceError:
    """The error for a file whose rows ask for too much."""
    clause = str(error)
    return SourceError(
        f"{path.name} asks for more of this machine than a list of its size.",
        f"{clause[0].upper()}{clause[1:]}.",
        f"Delete rows and columns that are not needed; {ALLOW_MORE}",
    )
