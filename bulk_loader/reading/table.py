"""The leads of one sheet of a workbook, for every format of workbooks alike."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from bulk_loader.choices import HiddenRows
from bulk_loader.reading.batching import bounded_size, lead_rows, to_batch
from bulk_loader.spreadsheets.blocks import columns_of, rows_of, stored_width
from bulk_loader.spreadsheets.cells import Damaged
from bulk_loader.spreadsheets.merges import MergeMarker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.model import LeadBatch, Problem, Source
    from bulk_loader.reading.batching import Row
    from bulk_loader.spreadsheets.blocks import Block
    from bulk_loader.spreadsheets.merges import Merge
    from bulk_loader.spreadsheets.workbooks import Sheet


@dataclass(frozen=True, slots=True)
class SheetTable:
    """The leads of a sheet, looked through once and then read as often as needed.

    Attributes:
        merges: those that reach below the header, from the top down.
        hidden: `skip` leaves hidden rows out; otherwise they are leads like the others.
    """

    source: Source
    sheet: Sheet
    merges: tuple[Merge, ...]
    hidden: HiddenRows

    def batches(self, size: int = 1000) -> Iterator[LeadBatch]:
        """All leads in order; a very wide sheet gives smaller batches."""
        labels = self.source.columns
        size = bounded_size(size, len(labels))
        gathered = _Gathered(labels)
        for numbers, columns in self._leads(size):
            gathered.add(numbers, columns)
            while len(gathered.numbers) >= size:
                yield gathered.take(size)
        if gathered.numbers:
            yield gathered.take(size)

    def records(self) -> Iterator[Row]:
        """Every row with contents, hidden ones and those above the header included."""
        width = len(self.source.columns)
        for block in self.sheet.blocks():
            reach = stored_width(block)
            for number, texts in zip(block.numbers, rows_of(block, max(width, reach)), strict=True):
                while len(texts) > width and not texts[-1]:
                    texts.pop()
                yield number, texts

    def _leads(self, size: int) -> Iterator[tuple[list[int], Sequence[Sequence[str]]]]:
        """Row numbers and columns of consecutive leads, at most `size` of them."""
        marker = MergeMarker(self.merges)
        for block in self.sheet.blocks():
            _, places = lead_rows(block, bisect_right(block.numbers, self.source.header_row))
            for begin in range(0, len(places), size):
                some = places[begin : begin + size]
                columns = self._columns(block, some, marker)
                if block.hidden and self.hidden is HiddenRows.SKIP:
                    kept = [at for at, place in enumerate(some) if place not in block.hidden]
                    columns = [[texts[at] for at in kept] for texts in columns]
                    some = [some[at] for at in kept]
                yield [block.numbers[place] for place in some], columns

    def _columns(
        self, block: Block, places: Sequence[int], marker: MergeMarker
    ) -> Sequence[Sequence[str]]:
        """The columns of these rows, with the cells under merges damaged."""
        width = len(self.source.columns)
        if not self.merges:
            return columns_of(block, width, places)
        rows = list(rows_of(block, width, places))
        for place, texts in zip(places, rows, strict=True):
            marker.mark(block.numbers[place], texts)
        return list(zip(*rows, strict=True))


class _Gathered:
    """Leads that wait for their batch to be full.

    Attributes:
        numbers: of their rows.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self.numbers: list[int] = []
        self._columns: dict[str, list[str]] = {label: [] for label in labels}
        self._damages: list[Problem] = []

    def add(self, numbers: Sequence[int], columns: Sequence[Sequence[str]]) -> None:
        """Take in more leads, given by column."""
        damages: list[Problem] = []
        for (label, gathered), texts in zip(self._columns.items(), columns, strict=True):
            gathered.extend(texts)
            if Damaged in set(map(type, texts)):
                damages += _damages(numbers, label, texts)
        self.numbers.extend(numbers)
        self._damages += sorted(damages, key=attrgetter("row"))

    def take(self, size: int) -> LeadBatch:
        """The first leads, at most `size`; one at least must be there."""
        numbers, self.numbers = self.numbers[:size], self.numbers[size:]
        columns = {label: texts[:size] for label, texts in self._columns.items()}
        self._columns = {label: texts[size:] for label, texts in self._columns.items()}
        cut = bisect_right(self._damages, numbers[-1], key=attrgetter("row"))
        damages, self._damages = self._damages[:cut], self._damages[cut:]
        return to_batch(numbers, columns, damages)


def _damages(numbers: Sequence[int], label: str, texts: Sequence[str]) -> list[Problem]:
    return [
        text.problem(number, label)
        for number, text in zip(numbers, texts, strict=True)
        if isinstance(text, Damaged)
    ]
