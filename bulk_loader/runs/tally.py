"""Every lead gets exactly one outcome: from the ledger, from memory, or as not looked at."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bulk_loader.codes import OutcomeCode
from bulk_loader.errors import LedgerError
from bulk_loader.model import Outcome, Status
from bulk_loader.preparation.sentences import explain
from bulk_loader.reports.groups import OutcomeGroups
from bulk_loader.results import ResultRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bulk_loader.model import LeadTable
    from bulk_loader.reports.groups import Group


def complete_outcomes(
    table: LeadTable, durable: Iterator[Outcome], unsaved: Sequence[Outcome]
) -> Iterator[Outcome]:
    """One outcome for each lead of the file, by row number.

    Args:
        durable: what the ledger holds, by row number.
        unsaved: what the ledger could not take; it is newer, but what only sending can give, and
            the ledger holds, is never outranked by a lead that was left out in memory.
    """
    newer = {outcome.row: outcome for outcome in unsaved}
    known = next(durable, None)
    for batch in table.batches():
        for row in batch.frame.index.tolist():
            while known is not None and known.row < row:
                known = next(durable, None)
            held = known if known is not None and known.row == row else None
            yield _stronger(newer.get(row), held) or Outcome(
                row, Status.UNSENT, OutcomeCode.NOT_LOOKED_AT
            )


def _stronger(newer: Outcome | None, held: Outcome | None) -> Outcome | None:
    if newer is None or (held and held.status in _SENT and newer.status not in _SENT):
        return held
    return newer


_SENT = frozenset({Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN})

_REFUSED = frozenset({Status.INVALID, Status.SUPPRESSED})


class ResultRows:
    """Outcomes with their sentences, counted while they pass.

    Args:
        outcomes: by row number, one for each lead.
        sentences: by row number, for those leads whose sentence holds a value of the row.
    """

    def __init__(self, outcomes: Iterator[Outcome], sentences: Iterable[tuple[int, str]]) -> None:
        self._outcomes = outcomes
        self._sentences = iter(sentences)
        self._counts: Counter[Status] = Counter()
        self._groups = OutcomeGroups()

    def __iter__(self) -> Iterator[ResultRow]:
        row, sentence = next(self._sentences, (0, ""))
        for outcome in self._outcomes:
            while row and row < outcome.row:
                row, sentence = next(self._sentences, (0, ""))
            self._counts[outcome.status] += 1
            if outcome.status is not Status.ACCEPTED:
                self._groups.add(outcome)
            # A lead that was sent before its row was refused keeps the sentence of its sending.
            has_own = row == outcome.row and (
                outcome.status in _REFUSED or outcome.code == OutcomeCode.KEPT
            )
            text = sentence if has_own else explain(outcome)
            yield ResultRow(outcome.row, outcome.status, text)

    @property
    def counts(self) -> Mapping[Status, int]:
        """Leads by status, of the rows that have passed."""
        return {status: self._counts[status] for status in Status}

    @property
    def groups(self) -> Sequence[Group]:
        """The same rows by kind."""
        return self._groups.listed()


def assert_adds_up(counts: Mapping[Status, int], leads: int) -> None:
    """Hold the counts against the leads of the file.

    Raises:
        LedgerError: a lead is unaccounted for, which is a fault of this program.
    """
    total = sum(counts.values())
    if total != leads:
        raise LedgerError(
            f"The run accounts for {total:,} leads, but the file has {leads:,}.",
            "This is a fault of the program, not of the file.",
            "Do not send the file again before you have compared the results with the dialer.",
        )
