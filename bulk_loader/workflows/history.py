"""What is known of leads before they are sent: repeated in the file, or sent before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.model import Outcome, Status
from bulk_loader.screening.duplicates import is_among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.ledger import LeadKey, Prior
    from bulk_loader.ledger.queries import Int64Array

Reason: TypeAlias = tuple[str, str]
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

    Attributes:
        prior: outcomes of the unfinished run that is gone on with; they stand.
        earlier: outcomes of runs of the same file that ended lately; what was sent then is left
            out, by its task, and by its contact too where duplicates are.
        called: contacts, sorted, of what `earlier` says was sent.
        taken: contacts, sorted, that this run already sent, perhaps from rows since changed.
        loaded: contacts, sorted, that the dialer accepted lately from any file.
        resends: statuses that are sent again, whatever earlier runs say.
    """

    prior: Prior | None = None
    earlier: Prior | None = None
    called: Int64Array | None = None
    taken: Int64Array | None = None
    loaded: Int64Array | None = None
    resends: frozenset[Status] = frozenset()

    def standing(self, leads: MappedLeads) -> list[Outcome | None]:
        """For each lead the outcome that stands; None where it is still to be sent."""
        if self.prior is None:
            return [None] * len(leads.rows)
        found = self.prior.find(leads.rows, leads.keys)
        return [None if o is None or o.status is Status.UNSENT else o for o in found]

    def duplicates(self, leads: MappedLeads, *, within_file: bool) -> list[Outcome | None]:
        """For each lead why it would call somebody again; None where it would not.

        Args:
            within_file: contacts that stand twice in the file count.
        """
        reasons: list[Reason | None] = [None] * len(leads.rows)
        if within_file:
            reasons = [None if r is None else ("duplicate_row", str(r)) for r in leads.first_rows]
            _fill(reasons, _among(leads, self.taken), "taken_before")
            _fill(reasons, _among(leads, self.called), "sent_before")
        if self.earlier is not None:
            _fill(reasons, _sent(leads, self.earlier, self.resends), "sent_before")
        _fill(reasons, _among(leads, self.loaded), "loaded_lately")
        return [
            None if reason is None else Outcome(row, Status.DUPLICATE, *reason)
            for row, reason in zip(leads.rows, reasons, strict=True)
        ]


def _among(leads: MappedLeads, contacts: Int64Array | None) -> Sequence[bool]:
    if contacts is None:
        return ()
    return is_among([key.contact for key in leads.keys], contacts)


def _sent(leads: MappedLeads, earlier: Prior, resends: frozenset[Status]) -> Sequence[bool]:
    sent = {Status.ACCEPTED, Status.UNKNOWN} - resends
    found = earlier.find(leads.rows, leads.keys)
    return [outcome is not None and outcome.status in sent for outcome in found]


def _fill(reasons: list[Reason | None], hits: Sequence[bool], code: str) -> None:
    for place, is_hit in enumerate(hits):
        if is_hit and reasons[place] is None:
            reasons[place] = (code, "")
