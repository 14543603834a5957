"""Leads of which nobody knows whether the dialer took them, and how such a doubt ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bulk_loader.codes import OutcomeCode
from bulk_loader.ledger.run_records import SENDING
from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bulk_loader.ledger.run_records import RunRecord
    from bulk_loader.ledger.store import Store


class Doubt(NamedTuple):
    """One lead in doubt.

    Attributes:
        run: id of the run that sent it.
        name: of that run.
        is_sending: its answer is not noted yet.
    """

    contact: int
    run: int
    name: str
    row: int
    is_sending: bool


class Doubts:
    """The doubts at all dialers, to be looked at and ended. Every method may raise LedgerError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open_at(self, target: str, since: datetime) -> list[Doubt]:
        """Leads in doubt at one dialer since then, the newest last."""
        return open_doubts(self._store, target, since.timestamp())

    def break_off(self, record: RunRecord) -> int:
        """Make every lead that was being sent when a run broke off `unknown`; how many."""
        with self._store.transaction(record.plan.target):
            return self._store.change(
                "UPDATE lead SET status = ?, code = ? WHERE run = ? AND status = ?",
                (Status.UNKNOWN.value, OutcomeCode.BROKEN_OFF.value, record.id, SENDING),
            )

    def contacts(self, record: RunRecord, rows: Sequence[int] | None) -> Mapping[int, int]:
        """Contacts of a run's leads of the status `unknown`, by row; of all of them for None."""
        found = self._store.rows(
            "SELECT row, contact FROM lead WHERE run = ? AND status = 'unknown'"
            " AND contact IS NOT NULL",
            (record.id,),
        )
        return {row: contact for row, contact in found if rows is None or row in rows}

    def settle(self, target: str, contacts: Iterable[int], status: Status) -> None:
        """End the doubts of some contacts by what the user found in the dialer."""
        wanted = frozenset(contacts)
        with self._store.transaction(target):
            doubts = [
                doubt
                for doubt in open_doubts(self._store, target, 0)
                if doubt.contact in wanted and not doubt.is_sending
            ]
            _end(self._store, doubts, status, OutcomeCode.SETTLED_BY_HAND, "")

    def settled_by_hand(self, target: str) -> Mapping[int, Status]:
        """What the user said last of contacts that were in doubt at one dialer."""
        rows = self._store.rows(_BY_HAND, (target,))
        return {contact: Status(status) for contact, status in rows}


def open_doubts(
    store: Store, target: str, since: float, ageless: Iterable[int] = ()
) -> list[Doubt]:
    """All doubts at one dialer, the newest last.

    Args:
        since: seconds since 1970; older doubts are over.
        ageless: ids of runs whose doubts are never over.
    """
    ageless = frozenset(ageless)
    return [
        Doubt(contact, run, name, row, bool(is_sending))
        for contact, run, name, row, is_sending, at in store.stream(_OPEN, (target,))
        if at is None or at >= since or run in ageless
    ]


def supersede(store: Store, doubts: Iterable[Doubt], by: str) -> None:
    """End doubts whose contact is sent once more, on purpose, by the run of that name."""
    _end(store, doubts, Status.UNKNOWN, OutcomeCode.SENT_AGAIN, by)


def _end(
    store: Store,
    doubts: Iterable[Doubt],
    status: Status,
    code: OutcomeCode,
    detail: str,
) -> None:
    now = int(store.now())
    rows = [(status.value, code.value, detail, now, doubt.run, doubt.row) for doubt in doubts]
    store.change_all(_END, rows)


# A lead that was left out because of a doubt, or that was sent again since, is none itself.
# The index holds only leads in doubt; without its name SQLite would read through all leads.
_OPEN = f"""
    SELECT lead.contact, run.id, run.name, lead.row, lead.status = '{SENDING}', lead.settled_at
    FROM run CROSS JOIN lead INDEXED BY lead_in_doubt ON lead.run = run.id
    WHERE run.target = ? AND lead.status IN ('sending', 'unknown')
    AND lead.code NOT IN ('{OutcomeCode.IN_DOUBT}', '{OutcomeCode.SENT_AGAIN}')
    AND lead.contact IS NOT NULL
    ORDER BY run.id
"""  # noqa: S608 - constants of ours
_BY_HAND = f"""
    SELECT lead.contact, lead.status FROM lead INDEXED BY lead_by_hand JOIN run ON run.id = lead.run
    WHERE lead.code = '{OutcomeCode.SETTLED_BY_HAND}' AND run.target = ?
    AND lead.contact IS NOT NULL
    ORDER BY lead.settled_at
"""  # noqa: S608 - constants of ours
_END = "UPDATE lead SET status = ?, code = ?, detail = ?, settled_at = ? WHERE run = ? AND row = ?"
