"""What is known of leads before they are sent: repeated in the file, or sent before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.codes import OutcomeCode
from bulk_loader.model import Outcome, Status
from bulk_loader.screening.duplicates import is_among

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulk_loader.ledger import Int64Array, LeadKey, Prior

Reason: TypeAlias = tuple[OutcomeCode, str]
"""Code and detail of an outcome."""


@dataclass(frozen=True, slots=True)
class MappedLeads:
    """Leads that passed the screening, as parallel lists in the order of the file.

    Attributes:
        first_rows: row of the first lead with the same contact; None where this one is it.
    """

    rows: Sequence[int]
    bodies: Sequence[bytes]
    keys: Sequence[LeadKey]
    first_rows: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger knows before a run begins.

    Doubts of other runs are not here: they are judged when a lead is about to be sent.

    Attributes:
        prior: outcomes of the unfinished run that is gone on with; they stand.
        earlier: outcomes of runs of the same list that ended lately; what was sent then is left
            out, by its task.
        called: contacts, sorted, that `earlier` says were accepted; left out where duplicates are.
        taken: contacts, sorted, that this run sent before, perhaps from rows since changed.
        loaded: contacts, sorted, that the dialer accepted lately from any file.
        resends: statuses that are sent again, whatever earlier runs say.
        by_hand: what the user said of contacts that were in doubt and are no more.
    """

    prior: Prior | None = None
    earlier: Prior | None = None
    called: Int64Array | None = None
    taken: Int64Array | None = None
    loaded: Int64Array | None = None
    resends: frozenset[Status] = frozenset()
    by_hand: Mapping[int, Status] = field(default_factory=dict)

    def standing(self, leads: MappedLeads) -> list[Outcome | None]:
        """For each lead the outcome that stands; None where it is still to be sent."""
        if self.prior is None:
            return [None] * len(leads.rows)
        found = self.prior.find(leads.rows, leads.keys)
        return [None if o is None or o.status is Status.UNSENT else o for o in found]

    def left_out(self, leads: MappedLeads, *, within_file: bool) -> list[Outcome | None]:
        """For each lead why it would call somebody again; None where it would not.

        Args:
            within_file: contacts that stand twice in the file count.
        """
        reasons: list[Reason | None] = [None] * len(leads.rows)
        if within_file:
            reasons = [
                None if r is None else (OutcomeCode.DUPLICATE_ROW, str(r)) for r in leads.first_rows
            ]
            _fill(reasons, _among(leads, self.taken), OutcomeCode.TAKEN_BEFORE)
            _fill(reasons, _among(leads, self.called), OutcomeCode.SENT_BEFORE)
        _fill(reasons, _among(leads, self.loaded), OutcomeCode.LOADED_LATELY)
        found = [
            None if reason is None else Outcome(row, Status.DUPLICATE, *reason)
            for row, reason in zip(leads.rows, reasons, strict=True)
        ]
        if self.earlier is None:
            return found
        earlier = self.earlier.find(leads.rows, leads.keys)
        return [
            now or self._sent(then, by_task=not within_file)
            for now, then in zip(found, earlier, strict=True)
        ]

    def _sent(self, then: Outcome | None, *, by_task: bool) -> Outcome | None:
        """What an earlier run of the list makes of the very same lead.

        Args:
            by_task: doubts are not looked for by contact when the lead is about to be sent.
        """
        if then is None or then.status in self.resends:
            return None
        if then.status is Status.ACCEPTED:
            return Outcome(then.row, Status.DUPLICATE, OutcomeCode.SENT_BEFORE)
        return then if then.status is Status.UNKNOWN and by_task else None


def _among(leads: MappedLeads, contacts: Int64Array | None) -> Sequence[bool]:
    if contacts is None:
        return ()
    return is_among([key.contact for key in leads.keys], contacts)


def _fill(reasons: list[Reason | None], hits: Sequence[bool], code: OutcomeCode) -> None:
    for index, is_hit in enumerate(hits):
        if is_hit and reasons[index] is None:
            reasons[index] = (code, "")
