"""Rows by column: nothing is lost, shifted or judged otherwise than row by row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.choices import HiddenRows
from bulk_loader.model import FileFormat, Source
from bulk_loader.reading.batching import is_lead, lead_rows
from bulk_loader.reading.headers import filled_width
from bulk_loader.reading.table import SheetTable
from bulk_loader.spreadsheets.blocks import (
    FilledBlock,
    SheetRow,
    blocks_of,
    filled_rows,
    rows_of,
)
from bulk_loader.spreadsheets.cells import ERROR_CELL, Damaged
from bulk_loader.spreadsheets.merges import Merge, MergeMarker

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from bulk_loader.codes import ProblemCode

LABELS = ("a", "b", "c")
MERGES = (Merge("A3:B4", 0, 3, 1, 4), Merge("C5:C9", 2, 5, 2, 9), Merge("A6:C6", 0, 6, 2, 6))

texts = st.sampled_from(
    ["", "", " ", "a", "0991", "#example 1", "# 5", Damaged("#N/A", ERROR_CELL)]
)
sheets = st.lists(
    st.tuples(st.booleans(), st.lists(texts, max_size=4)), min_size=1, max_size=12
).map(lambda rows: [(number, hidden, cells) for number, (hidden, cells) in enumerate(rows, 2)])


@given(sheets, st.integers(0, 3))
def test_a_glance_tells_what_each_row_tells(rows: list[SheetRow], start: int) -> None:
    """The width is that of the widest row, and leads are the rows that are leads alone."""
    block = FilledBlock.of(rows)
    counted = [cells for _, _, cells in rows[start:]]
    width = max(map(filled_width, counted), default=0)
    places = range(start, len(rows))
    assert filled_rows(block, start) == (
        width,
        [place for place in places if filled_width(rows[place][2])],
    )
    assert lead_rows(block, start) == (
        width,
        [place for place in places if is_lead(rows[place][2])],
    )


@dataclass(frozen=True)
class KnownSheet:
    """Rows in blocks of a given length."""

    rows: Sequence[SheetRow]
    length: int
    name: str = ""
    merges: Sequence[str] = ()
    hidden_columns: Sequence[int] = ()

    def blocks(self) -> Generator[FilledBlock, None, None]:
        """All rows."""
        for at in range(0, len(self.rows), self.length):
            yield FilledBlock.of(self.rows[at : at + self.length])


def row_by_row(
    rows: Sequence[SheetRow], hidden: HiddenRows, merges: Sequence[Merge]
) -> list[tuple[int, list[str], list[ProblemCode]]]:
    """Number, texts and codes of damages of each lead below row 3, in the plainest way."""
    marker = MergeMarker(merges)
    leads: list[tuple[int, list[str], list[ProblemCode]]] = []
    for number, is_hidden, stored in rows:
        cells = (stored + [""] * len(LABELS))[: len(LABELS)]
        if number > 3 and is_lead(stored):
            marker.mark(number, cells)
            if not (is_hidden and hidden is HiddenRows.SKIP):
                codes = [cell.damage.code for cell in cells if isinstance(cell, Damaged)]
                leads.append((number, list(map(str, cells)), codes))
    return leads


@given(
    sheets,
    st.integers(1, 5),
    st.integers(1, 5),
    st.sampled_from([HiddenRows.SKIP, HiddenRows.SEND]),
    st.sampled_from([MERGES, ()]),
)
def test_batches_hold_every_lead_once(
    rows: list[SheetRow], length: int, size: int, hidden: HiddenRows, merges: tuple[Merge, ...]
) -> None:
    """In order, at most `size` in a batch, each with its own damages, wherever blocks end."""
    source = Source(Path("/leads.xlsx"), FileFormat.XLSX, "", LABELS, 0, 3)
    table = SheetTable(source, KnownSheet(rows, length), merges, hidden)
    found = []
    for batch in table.batches(size):
        assert 1 <= len(batch.frame) <= size
        for number, cells in zip(batch.frame.index, batch.frame.to_numpy().tolist(), strict=True):
            codes = [damage.code for damage in batch.damages if damage.row == number]
            found.append((number, cells, codes))
        assert {damage.row for damage in batch.damages} <= set(batch.frame.index)
    assert found == row_by_row(rows, hidden, merges)


@given(sheets, st.integers(1, 5))
def test_records_hold_every_row_as_far_as_it_goes(rows: list[SheetRow], length: int) -> None:
    """Each has the columns of the header at least, and no row gets its length from another."""
    source = Source(Path("/leads.xlsx"), FileFormat.XLSX, "", LABELS[:1], 0, 3)
    records = list(SheetTable(source, KnownSheet(rows, length), (), HiddenRows.SEND).records())
    assert [number for number, _ in records] == [number for number, _, _ in rows]
    for (_, cells), (_, _, stored) in zip(records, rows, strict=True):
        assert cells[: len(stored)] == stored[: len(cells)]
        assert not "".join([*cells[len(stored) :], *stored[len(cells) :]])
        assert len(cells) == 1 or cells[-1]


@given(sheets)
def test_blocks_keep_all_rows(rows: list[SheetRow]) -> None:
    """Whatever their widths, rows come out as they went in, filled up with empty cells."""
    kept = [
        (number, place in block.hidden, cells)
        for block in blocks_of(rows)
        for place, (number, cells) in enumerate(zip(block.numbers, rows_of(block, 4), strict=True))
    ]
    assert kept == [(number, hidden, (cells + [""] * 4)[:4]) for number, hidden, cells in rows]


def test_blocks_are_bounded() -> None:
    """One row as wide as Excel's widest does not make a thousand narrow ones as wide."""
    wide, narrow = ["x"] * 16_384, ["x"]
    rows = [(number, False, wide if number % 7 == 0 else narrow) for number in range(1, 3000)]
    blocks = list(blocks_of(rows))
    assert list(chain.from_iterable(block.numbers for block in blocks)) == list(range(1, 3000))
    assert max(len(block.numbers) * len(block.positions) for block in blocks) <= 5 * 16_384
