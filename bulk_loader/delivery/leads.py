"""What comes into a delivery and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.ledger import LeadKey
    from bulk_loader.model import Ending, Outcome, Status


class ReadyLead(NamedTuple):
    """A lead that may be sent; a tuple, since there is one for every row.

    Attributes:
        row: row number.
        body: the request's body.
    """

    row: int
    key: LeadKey
    body: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """Consecutive leads.

    Attributes:
        ready: to be sent, in order.
        decided: settled without being sent, to be noted in the ledger.
        standing: settled earlier in this run, and in the ledger already; only counted.
    """

    ready: Sequence[ReadyLead]
    decided: Sequence[tuple[Outcome, LeadKey | None]]
    standing: Sequence[Status] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """How a delivery ended.

    Attributes:
        stopped_why: one or two sentences; "" where nothing stopped it.
        sent: leads that the dialer answered or may have taken.
        unsaved: outcomes that the ledger could not take; only the results file can tell them.
        failure: what went wrong on this machine; None where nothing did.
        concurrency: requests at once that were good by all that was known in the end.
        mixed_up: leads that are unknown because their answer may have been another's.
        rested_s: seconds of pauses that somebody wanted.
    """

    ending: Ending
    stopped_why: str
    sent: int
    unsaved: Sequence[Outcome]
    failure: Exception | None = None
    concurrency: int = 0
    mixed_up: int = 0
    rested_s: float = 0.0
