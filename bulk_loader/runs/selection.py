"""Which leads of a results file are sent again, by the status that stands beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.codes import OutcomeCode
from bulk_loader.model import Outcome, Status
from bulk_loader.preparation.preparing import without_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bulk_loader.ledger import Int64Array
    from bulk_loader.model import LeadBatch
    from bulk_loader.preparation.preparing import Explained, Preparation

ALWAYS = frozenset({Status.REJECTED, Status.INVALID, Status.UNSENT})
"""Sent again whenever `retry` is run."""

ON_REQUEST = frozenset({Status.UNKNOWN, Status.DUPLICATE, Status.SUPPRESSED})
"""Sent again where the user includes them by name; an accepted lead never is."""

_MAYBE_CALLED = (Status.ACCEPTED, Status.UNKNOWN)

NUMBER_CHANGED = (
    "The dialer accepted another number from this row, which was changed since; the number that "
    "stands here now was not called. To call it, empty dialer_status and run retry again."
)


@dataclass(slots=True)
class Selection:
    """Which leads of a results file are to be sent again, and what is known of the others.

    Attributes:
        resends: the statuses that are.
        looked_up: contacts in doubt that are sent all the same.
        by_hand: rows whose doubt the user has ended, with the status that they said.
        changed: rows of accepted leads whose number is not the one that was called.
    """

    resends: frozenset[Status]
    looked_up: set[int] = field(default_factory=set)
    by_hand: dict[int, Status] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)

    @property
    def repeats(self) -> bool:
        """Leads that were left out as duplicates are sent."""
        return Status.DUPLICATE in self.resends

    def keep(self, batch: LeadBatch) -> Explained:
        """The leads that are not sent again, with what stands beside them."""
        frame = batch.frame
        errors = dict(zip(frame.index.tolist(), frame["dialer_error"].tolist(), strict=True))
        return {
            row: (Outcome(row, status, OutcomeCode.KEPT), self._sentence(row, errors[row]))
            for row, status in self._statuses(batch).items()
            if status is not None and status not in self.resends
        }

    def _sentence(self, row: int, error: str) -> str:
        if row in self.by_hand:
            return ""
        return NUMBER_CHANGED if row in self.changed else error

    def look_through(
        self,
        batches: Iterable[LeadBatch],
        preparation: Preparation,
        said: Mapping[int, Status],
        called: Int64Array | None,
    ) -> None:
        """Learn what must be known of all rows before the first is sent.

        Args:
            preparation: takes those that were called, or may be, as seen.
            said: what the user said of contacts that were in doubt.
            called: sorted contacts that the runs of this list had accepted; None where the ledger
                knows of none.
        """
        audit = _Audit(called)
        for batch in batches:
            statuses = self._statuses(batch)
            known = preparation.known_by(_only(batch, statuses, _MAYBE_CALLED))
            for row, lead in known.items():
                if statuses[row] is Status.ACCEPTED:
                    audit.see(row, lead.contact)
                elif Status.UNKNOWN in self.resends:
                    self.looked_up.add(lead.contact)
                elif lead.contact in said:
                    self.by_hand[row] = said[lead.contact]
            if preparation.skips_duplicates:
                after = self._statuses(batch)
                preparation.remember(
                    {row: lead for row, lead in known.items() if after[row] not in self.resends}
                )
        self.changed = audit.changed

    def notes(self) -> list[str]:
        """What the user should know before anything is sent, one sentence each."""
        if not self.changed:
            return []
        shown = ", ".join(str(row) for row in sorted(self.changed)[:MAX_SHOWN])
        more = f" and {len(self.changed) - MAX_SHOWN:,} more" * (len(self.changed) > MAX_SHOWN)
        rows = "row" if len(self.changed) == 1 else "rows"
        note = (
            f"The number in {rows} {shown}{more} was changed after the dialer had accepted another "
            "one from there. The new number is not called; to call it, empty its dialer_status."
        )
        return [note]

    def _statuses(self, batch: LeadBatch) -> dict[int, Status | None]:
        """By row number; None where the cell holds no status."""
        cells = batch.frame["dialer_status"]
        known = {status.value: status for status in Status}
        return {
            row: self.by_hand.get(row) or known.get(cell.strip().lower())
            for row, cell in zip(cells.index.tolist(), cells.tolist(), strict=True)
        }


MAX_SHOWN = 5
"""Rows that a sentence names; the results file marks them all."""

# More rows with another number are no corrections: the campaign or the whole column is another.
MAX_CHANGED = 10_000


class _Audit:
    """Holds the numbers beside accepted leads against those that were called.

    Args:
        called: sorted contacts; None where the ledger knows of none.
    """

    def __init__(self, called: Int64Array | None) -> None:
        self._called = frozenset(() if called is None else called.tolist())
        self._accepted = 0
        self._others: list[int] = []

    def see(self, row: int, contact: int) -> None:
        self._accepted += 1
        if contact not in self._called and len(self._others) < MAX_CHANGED:
            self._others.append(row)

    @property
    def changed(self) -> set[int]:
        """Rows whose number was never called.

        Nothing where the ledger has forgotten a run, so that it knows fewer calls than the file,
        or where most rows differ: then not the numbers were changed, but the campaign.
        """
        if len(self._called) < self._accepted or 2 * len(self._others) > self._accepted:
            return set()
        return set(self._others)


def _only(
    batch: LeadBatch, statuses: Mapping[int, Status | None], wanted: Collection[Status]
) -> LeadBatch:
    return without_rows(batch, [row for row, status in statuses.items() if status not in wanted])
