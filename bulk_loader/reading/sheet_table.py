"""The leads of one sheet of a workbook, for every format of workbooks alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from bulk_loader.reading.batching import is_lead, lead_batches
from bulk_loader.reading.cells import Damaged
from bulk_loader.reading.merges import MergeMarker
from bulk_loader.reading.options import HiddenRows
from bulk_loader.reading.sheet_outline import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.model import LeadBatch, Problem, Source
    from bulk_loader.reading.batching import Row
    from bulk_loader.reading.merges import Merge
    from bulk_loader.reading.sheet_outline import Sheet

# A batch of a very wide sheet has fewer leads, so that it takes no more memory than others.
_MAX_CELLS_OF_BATCH = 2_000_000


@dataclass(frozen=True, slots=True)
class SheetTable(Generic[Stored]):
    """The leads of a sheet, looked through once and then read as often as needed.

    Attributes:
        merges: those that reach below the header, from the top down.
        hidden: `skip` leaves hidden rows out; otherwise they are leads like the others.
    """

    source: Source
    sheet: Sheet[Stored]
    merges: tuple[Merge, ...]
    hidden: HiddenRows

    def batches(self, size: int = 1000) -> Iterator[LeadBatch]:
        """All leads in order; a very wide sheet gives smaller batches."""
        damages: list[Problem] = []
        columns = self.source.columns
        size = max(1, min(size, _MAX_CELLS_OF_BATCH // len(columns)))
        return lead_batches(self._leads(damages), columns, size, damages)

    def records(self) -> Iterator[Row]:
        """Every row with contents, hidden ones and those above the header included."""
        texts, width = self.sheet.texts, len(self.source.columns)
        for number, _, stored in self.sheet.rows():
            yield number, texts(stored, width)

    def _leads(self, damages: list[Problem]) -> Iterator[Row]:
        """The leads; what is wrong with one is added to `damages` before it is yielded."""
        header_row, width = self.source.header_row, len(self.source.columns)
        texts_of = self.sheet.texts
        skips_hidden = self.hidden is HiddenRows.SKIP
        mark_merged = MergeMarker(self.merges).mark
        for number, is_hidden, stored in self.sheet.rows():
            if number <= header_row:
                continue
            texts = texts_of(stored, width)
            if not is_lead(texts):
                continue
            mark_merged(number, texts)
            if is_hidden and skips_hidden:
                continue
            if Damaged in map(type, texts):
                damages += self._problems(number, texts)
            yield number, texts

    def _problems(self, number: int, texts: list[str]) -> list[Problem]:
        return [
            text.problem(number, label)
            for text, label in zip(texts, self.source.columns, strict=False)
            if isinstance(text, Damaged)
        ]
