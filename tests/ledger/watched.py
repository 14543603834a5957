"""What programs that share a ledger have done, as one who watches them knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.model import Status
from tests.ledger.conftest import key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import ExitStack

    from bulk_loader.ledger import LeadKey, Ledger, OpenRun, RunPlan, RunRecord
    from tests.ledger.conftest import Home

LISTS = ((0, 1, 2, 3), (3, 2, 1, 0), (4, 0, 3))
"""The contact of each row of three lists with mostly the same people."""


@dataclass(eq=False, repr=False)
class Lead:
    """What has become of one that was allowed to be sent.

    Attributes:
        posts: how often it was posted.
        status: as the ledger must hold it; being sent counts as `unknown`.
        is_decided: a person has said what became of it.
    """

    posts: int = 0
    status: Status = Status.UNKNOWN
    is_decided: bool = False

    @property
    def is_doubt(self) -> bool:
        return self.status is Status.UNKNOWN and not self.is_decided


@dataclass(eq=False, repr=False)
class Listed:
    """One list, its run, and the leads that it was allowed to send.

    Attributes:
        excused: contacts that had been accepted for lists that nobody was sending when this one was
            begun; they may be called again.
    """

    number: int
    plan: RunPlan
    record: RunRecord | None = None
    excused: frozenset[int] = frozenset()
    leads: dict[int, Lead] = field(default_factory=dict)
    is_over: bool = False

    @property
    def has_doubts(self) -> bool:
        return any(lead.is_doubt for lead in self.leads.values())

    def key(self, row: int) -> LeadKey:
        contact = LISTS[self.number][row]
        return key(contact)._replace(task=1000 * self.number + row)

    def accepted(self) -> set[int]:
        statuses = self.leads.items()
        return {LISTS[self.number][row] for row, lead in statuses if lead.status is Status.ACCEPTED}


@dataclass(eq=False, repr=False)
class Program:
    """One that sends a list.

    Attributes:
        rest: rows that it has not come to.
        ready: rows that it may post at any moment.
        answers: what it heard and has not noted yet.
        is_followed: another has gone on with its run.
    """

    of: Listed
    home: Home
    ledger: Ledger
    run: OpenRun
    ends: ExitStack
    rest: list[int]
    ready: list[int] = field(default_factory=list)
    answers: dict[int, Status] = field(default_factory=dict)
    is_followed: bool = False


def require_free(of: Listed, row: int, lists: Iterable[Listed]) -> None:
    """Make sure that a lead may be sent: none of the others has taken its contact, or may have."""
    contact = LISTS[of.number][row]
    assert row not in of.leads, "a row has one intent"
    for other in lists:
        found = [lead for at, lead in other.leads.items() if LISTS[other.number][at] == contact]
        if other is of or not found or found[0].is_decided:
            continue
        assert not found[0].is_doubt, f"contact {contact} is in doubt by another list"
        is_taken = found[0].status is Status.ACCEPTED and contact not in of.excused
        assert not is_taken, f"contact {contact} was taken by another list meanwhile"
