"""One run in the ledger: intents before, outcomes after, both in group commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import LedgerError
from bulk_loader.ledger.others import NOTHING, Withheld
from bulk_loader.ledger.pace import Pace
from bulk_loader.ledger.run_records import SENDING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.ledger.keys import LeadKey
    from bulk_loader.ledger.others import Others
    from bulk_loader.ledger.run_records import RunRecord
    from bulk_loader.ledger.sharing import Sharing
    from bulk_loader.ledger.store import Store
    from bulk_loader.model import Outcome

_SETTLE = """
    UPDATE lead SET status = ?, code = ?, detail = ?, settled_at = ? WHERE run = ? AND row = ?
"""
# What a lead became by being sent is never overwritten: neither by a later judgement of its row,
# nor by sending it once more.
SENT = f"('{SENDING}', 'accepted', 'rejected', 'unknown')"
_INTEND = f"""
    INSERT INTO lead (run, row, task, occurrence, contact, number, status, code, detail, settled_at)
    VALUES (?, ?, ?, ?, ?, ?, '{SENDING}', '', '', ?)
    ON CONFLICT (run, row) DO UPDATE SET
        task = excluded.task, occurrence = excluded.occurrence, contact = excluded.contact,
        number = excluded.number, status = excluded.status, code = '', detail = '', settled_at = excluded.settled_at
    WHERE lead.status NOT IN {SENT}
"""  # noqa: S608 - constants of ours
_DECIDE = f"""
    INSERT INTO lead (run, row, task, occurrence, contact, status, code, detail, settled_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (run, row) DO UPDATE SET
        task = excluded.task, occurrence = excluded.occurrence, contact = excluded.contact,
        number = NULL, status = excluded.status, code = excluded.code, detail = excluded.detail,
        settled_at = excluded.settled_at
    WHERE lead.status NOT IN {SENT}
"""  # noqa: S608 - constants of ours
_COMPLETE = """
    INSERT INTO lead (run, row, task, occurrence, contact, status, code, detail, settled_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_NO_KEY = (None, 0, None)


class OpenRun:
    """A run that is under way; written by one thread at a time.

    Args:
        others: the other runs to this dialer; None where they do not matter.

    Attributes:
        pace: how fast it sends, which all machines keep to together.
        sharing: what it tells the other machines that send the same list, and is told of them; None
            where there are none.
    """

    def __init__(self, store: Store, record: RunRecord, others: Others | None = None) -> None:
        self._store = store
        self._others = others
        self._now = 0
        self.pace = Pace()
        self.sharing: Sharing | None = None
        self.record = record

    def commit(
        self,
        outcomes: Sequence[Outcome],
        intents: Sequence[tuple[int, LeadKey]] = (),
        decisions: Sequence[tuple[Outcome, LeadKey | None]] = (),
    ) -> Withheld:
        """Make one group durable, all of it or nothing.

        Args:
            outcomes: what came of leads whose intent was committed before.
            intents: row number and key of leads that may be sent as soon as this returns.
            decisions: leads that are settled without being sent.

        Returns:
            Those of the intents that another run keeps from being sent.

        Raises:
            LedgerError: nothing of the group is durable; none of the intents may be sent.
        """
        return self._store.durably(
            self.record.plan.target,
            lambda: self._commit(outcomes, intents, decisions),
            self._others.begin_anew if self._others else lambda: None,
        )

    def _commit(
        self,
        outcomes: Sequence[Outcome],
        intents: Sequence[tuple[int, LeadKey]],
        decisions: Sequence[tuple[Outcome, LeadKey | None]],
    ) -> Withheld:
        target = self.record.plan.target
        stop = self.sharing.count(self._store, outcomes) if self.sharing else ""
        places = 0 if stop else self._store.places(target, len(intents), self.pace)
        late, intents = intents[places:], intents[:places]
        withheld = self._others.judge(intents, outcomes) if self._others else NOTHING
        now = self._moment()
        self._settle(outcomes, now)
        if withheld.settled or withheld.waiting:
            kept = dict(intents)
            decided = [(outcome, kept.pop(outcome.row)) for outcome in withheld.settled]
            decisions = [*decisions, *decided]
            intents = [pair for pair in kept.items() if pair[0] not in withheld.waiting]
        self._intend(intents, now)
        self._execute(_DECIDE, self._decided(decisions, now))
        pause_s = self._store.take_places(target, len(intents), self.pace)
        waiting = withheld.waiting.union(row for row, _ in late)
        return Withheld(withheld.settled, waiting, pause_s, stop)

    def _moment(self) -> int:
        """Seconds since 1970; never less than before, since others ask for what is new by it."""
        self._now = max(self._now, int(self._store.now()))
        return self._now

    def _settle(self, outcomes: Sequence[Outcome], now: int) -> None:
        run = self.record.id
        rows = [(o.status.value, str(o.code), o.detail, now, run, o.row) for o in outcomes]
        if self._execute(_SETTLE, rows) != len(outcomes):
            raise _forgotten(self.record)

    def _intend(self, intents: Sequence[tuple[int, LeadKey]], now: int) -> None:
        run = self.record.id
        rows = [(run, row, *key, now) for row, key in intents]
        if self._execute(_INTEND, rows) != len(intents):
            raise _sent_already(self.record)

    def complete(self, decisions: Sequence[tuple[Outcome, LeadKey | None]]) -> None:
        """Account for leads that the run never came to; what it did come to stays as it is.

        Raises:
            LedgerError: nothing of the group is durable.
        """
        with self._store.transaction(self.record.plan.target):
            self._execute(_COMPLETE, self._decided(decisions, int(self._store.now())))

    def _execute(self, statement: str, rows: Sequence[tuple[object, ...]]) -> int:
        """How many rows it changed."""
        return self._store.change_all(statement, rows) if rows else 0

    def _decided(
        self, decisions: Sequence[tuple[Outcome, LeadKey | None]], now: int
    ) -> list[tuple[object, ...]]:
        run = self.record.id
        return [
            (run, o.row, *(key[:3] if key else _NO_KEY), o.status.value, str(o.code), o.detail, now)
            for o, key in decisions
        ]


def _forgotten(record: RunRecord) -> LedgerError:
    return LedgerError(
        f"The ledger no longer holds all of run {record.name}.",
        "Another command has forgotten the run while it was under way.",
        "Compare the results file with the dialer before you send the file again.",
    )


def _sent_already(record: RunRecord) -> LedgerError:
    return LedgerError(
        f"Run {record.name} was about to send a row that it has already sent.",
        "The row's task is not the one that was sent: it is made otherwise now.",
        "Give the command again with the settings of the first time: it goes on where it stopped.",
    )
