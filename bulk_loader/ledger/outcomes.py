"""What became of the leads of each run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from bulk_loader.codes import OutcomeCode, read_code
from bulk_loader.ledger.prior import Prior
from bulk_loader.ledger.run_records import SENDING
from bulk_loader.model import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bulk_loader.ledger.run_records import Int64Array, RunRecord
    from bulk_loader.ledger.store import Store


class Outcomes:
    """Reads what became of leads; being sent counts as `unknown`. Every method may raise LedgerError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def counts(self, record: RunRecord) -> Mapping[Status, int]:
        """Leads of a run by status, as far as they are accounted for, zeros included."""
        result = dict.fromkeys(Status, 0)
        query = "SELECT status, count(*) FROM lead WHERE run = ? GROUP BY 1"
        for status, count in self._store.rows(query, (record.id,)):
            result[Status.UNKNOWN if status == SENDING else Status(status)] += count
        return result

    def of(self, record: RunRecord) -> Iterator[Outcome]:
        """What became of each lead of a run, by row number, streamed."""
        query = "SELECT row, status, code, detail FROM lead WHERE run = ? ORDER BY row"
        for row, status, code, detail in self._store.stream(query, (record.id,)):
            if status == SENDING:
                yield Outcome(row, Status.UNKNOWN, OutcomeCode.BROKEN_OFF)
            else:
                yield Outcome(row, Status(status), read_code(code), detail)

    def prior(self, records: Sequence[RunRecord]) -> Prior:
        """What earlier runs say of leads, by the hash of their tasks."""
        marks = ", ".join("?" * len(records)) or "NULL"
        rows = self._store.stream(
            "SELECT task, occurrence, status, code, detail, contact FROM lead"  # noqa: S608
            f" WHERE run IN ({marks}) AND task IS NOT NULL",
            [record.id for record in records],
        )
        return Prior.of(rows)

    def accepted_contacts(self, target: str, since: datetime) -> Int64Array:
        """Contacts that this dialer accepted since then, sorted, from any file.

        A lead that only keeps the status of its results file has none: the run that sent it has.
        """
        rows = self._store.stream(
            "SELECT contact FROM lead WHERE run IN (SELECT id FROM run WHERE target = ?)"
            " AND status = ? AND settled_at >= ? AND contact IS NOT NULL",
            (target, Status.ACCEPTED.value, int(since.timestamp())),
        )
        return np.unique(np.fromiter((contact for (contact,) in rows), dtype=np.int64))

    def unnumbered_until(self, target: str, since: datetime) -> datetime | None:
        """Until when leads that this dialer may have taken since then have no number here.

        An older release noted none; None where there are no such leads.
        """
        ((until,),) = self._store.rows("SELECT numbered_since FROM ledger")
        told = {"target": target, "since": int(since.timestamp()), "until": until}
        is_found = any(self._store.rows(query, told) for query in (_OLD, _OLD_IN_DOUBT))
        return datetime.fromtimestamp(until, UTC) if is_found else None

    def count_sent(self, record: RunRecord) -> int:
        """Leads with an intent that was not taken back for certain before anything left."""
        query = (
            "SELECT count(*) FROM lead WHERE run = ? AND (code = ? OR status IN"
            " ('sending', 'accepted', 'rejected', 'unknown'))"
        )
        ((count,),) = self._store.rows(query, (record.id, OutcomeCode.SETTLED_BY_HAND.value))
        return int(count)

    def sent_by(self, record: RunRecord) -> Mapping[Status, int]:
        """Leads that this very run sent, by what they are now; zeros included.

        Not those that it took over: what a results file said, what stands of the run that it goes
        on with or of the retries of that, and what another run left in doubt.
        """
        result = dict.fromkeys(Status, 0)
        for status, count in self._store.rows(_SENT_BY, {"run": record.id}):
            result[Status.UNKNOWN if status == SENDING else Status(status)] += count
        return result

    def last_seen(self, record: RunRecord) -> datetime:
        """When a run ended, or settled a lead last."""
        if record.ended_at is not None:
            return record.ended_at
        query = "SELECT max(settled_at) FROM lead WHERE run = ?"
        ((at,),) = self._store.rows(query, (record.id,))
        return record.started_at if at is None else datetime.fromtimestamp(at, UTC)


_OLD = """
    SELECT 1 FROM run CROSS JOIN lead INDEXED BY lead_accepted ON lead.run = run.id
    WHERE run.target = :target AND lead.status = 'accepted' AND lead.number IS NULL
    AND lead.settled_at BETWEEN :since AND :until LIMIT 1
"""
_OLD_IN_DOUBT = """
    SELECT 1 FROM run CROSS JOIN lead INDEXED BY lead_in_doubt ON lead.run = run.id
    WHERE run.target = :target AND lead.status IN ('sending', 'unknown') AND lead.number IS NULL
    AND lead.settled_at BETWEEN :since AND :until LIMIT 1
"""
_WAS_SENT = f"""
    (lead.code = '{OutcomeCode.SETTLED_BY_HAND}'
     OR lead.status IN ('{SENDING}', 'accepted', 'rejected', 'unknown'))
    AND lead.code NOT IN ('{OutcomeCode.KEPT}', '{OutcomeCode.IN_DOUBT}')
"""
# A run that goes on with others takes over what they sent, known by task and occurrence. Joined, not
# looked up by NOT IN: PostgreSQL would read through all that was taken for each lead of a large list.
_SENT_BY = f"""
    WITH RECURSIVE before (id) AS (
        SELECT continues FROM run WHERE id = :run AND continues IS NOT NULL
        UNION SELECT earlier.id FROM before JOIN run USING (id) JOIN run AS earlier
            ON earlier.id = run.continues OR (earlier.origin = run.name AND earlier.id < :run)
    ), taken AS MATERIALIZED (
        SELECT task, occurrence FROM lead WHERE run IN (SELECT id FROM before) AND task IS NOT NULL AND {_WAS_SENT}
    )
    SELECT lead.status, count(*) FROM lead
    LEFT JOIN taken ON taken.task = lead.task AND taken.occurrence = lead.occurrence
    WHERE lead.run = :run AND {_WAS_SENT} AND taken.task IS NULL
    GROUP BY 1
"""  # noqa: S608 - constants of ours
