"""A list cut into spans, and the leads of a span made again from the list itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from struct import Struct
from typing import TYPE_CHECKING

from bulk_loader.errors import SourceError
from bulk_loader.ledger import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.delivery import ReadyLead
    from bulk_loader.model import LeadBatch
    from bulk_loader.preparation.preparing import Preparation

SHORTEST, LONGEST = 20, 1000
"""Leads of a span: so few that all machines end at the same time, and not a claim for each group."""

SPANS_OF_A_LIST = 200

_KEY = Struct("<qqqqq")


def span_length(leads: int) -> int:
    """How many leads of a list of so many one machine takes at once."""
    return min(LONGEST, max(SHORTEST, leads // SPANS_OF_A_LIST))


def cut(ready: Sequence[ReadyLead], length: int) -> Iterator[Span]:
    """Consecutive leads of one batch as spans."""
    for start in range(0, len(ready), length):
        part = ready[start : start + length]
        pairs = [(lead.row, lead.key.occurrence) for lead in part]
        yield Span(part[0].row, part[-1].row, pairs, key_digest(part))


def key_digest(leads: Sequence[ReadyLead]) -> bytes:
    """Of row numbers and keys, which hold all that the dialer is sent."""
    return sha256(b"".join(_KEY.pack(lead.row, *lead.key) for lead in leads)).digest()


@dataclass(slots=True)
class SpanReader:
    """Reads a list on and on, for the leads of one span after another.

    A span before the one that was read last has the list read from its beginning again.
    """

    preparation: Preparation
    _batches: Iterator[LeadBatch] = field(default_factory=lambda: iter(()))
    _batch: LeadBatch | None = None
    _made: dict[int, ReadyLead] = field(default_factory=dict)

    def leads(self, span: Span) -> list[ReadyLead]:
        """Those of a span that nobody sent yet.

        Raises:
            SourceError: the list can't be read any more, or other leads come of it here.
        """
        made = self._made_of(span)
        leads = [
            made[row]._replace(key=made[row].key._replace(occurrence=occurrence))
            for row, occurrence in span.leads
            if row in made
        ]
        if key_digest(leads) != span.digest:
            raise _different(span)
        return [lead for lead in leads if lead.row not in span.sent]

    def _made_of(self, span: Span) -> dict[int, ReadyLead]:
        """All leads of the batch in which a span is."""
        before = self._batch
        if self._batch is None or span.first < self._batch.frame.index[0]:
            size = self.preparation.batch_size
            self._batches = iter(self.preparation.pipeline.table.batches(size))
            self._batch = next(self._batches, None)
        while self._batch is not None and span.last > self._batch.frame.index[-1]:
            self._batch = next(self._batches, None)
        if self._batch is None:
            raise _different(span)
        if self._batch is not before:
            self._made = self.preparation.again(self._batch)
        return self._made


def _different(span: Span) -> SourceError:
    return SourceError(
        f"Rows {span.first:,} to {span.last:,} come to other leads here than on the machine that "
        "began the list.",
        "Its settings, its release of the program or its time zone may be others.",
        "Nothing of them was sent from here. Give this machine the same settings and release.",
    )
