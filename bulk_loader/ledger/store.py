"""The ledger: all runs of this machine and what became of their leads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from bulk_loader.ledger import queries
from bulk_loader.ledger.doubts import (
    contacts_in_doubt,
    open_doubts,
    settle_contacts,
    settled_by_hand,
)
from bulk_loader.ledger.errors import BUSY_TIMEOUT_S, translated_errors
from bulk_loader.ledger.opening import close_database, mark_busy, open_database
from bulk_loader.ledger.others import Others
from bulk_loader.ledger.prior import Prior, load_prior
from bulk_loader.ledger.runs import OpenRun
from bulk_loader.ledger.transactions import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from bulk_loader.ledger.doubts import Doubt
    from bulk_loader.ledger.keys import Keys
    from bulk_loader.ledger.records import RunPlan, RunRecord
    from bulk_loader.model import Ending, Outcome, Status


class Ledger:
    """All runs of this machine; a context manager.

    Used by one thread at a time: `OpenRun.commit` may come from another thread than the one that
    opened the ledger, never at the same time.
    """

    def __init__(self, connection: sqlite3.Connection, keys: Keys, home: Path) -> None:
        self._connection = connection
        self._mark = ""
        self.keys = keys
        self.home = home

    @classmethod
    def open(cls, home: Path, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Self:
        """The ledger in `home`, made where there is none.

        Raises:
            LedgerError: it is locked, read-only, damaged, newer, or a part of it is lost; nothing
                was changed.
        """
        return cls(*open_database(home, busy_timeout_s), home)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        close_database(self._connection, self.home, self._mark)

    def others(self, target: str, is_under_way: Callable[[int], bool]) -> Others:
        """The runs to one dialer as they are now, to be given to `begin` or `resume`.

        Args:
            is_under_way: whether the run of this id is being carried out at this moment.
        """
        with translated_errors():
            return Others(self._connection, target, is_under_way)

    def begin(self, plan: RunPlan, started_at: datetime, others: Others | None = None) -> OpenRun:
        """Note a new run, durably."""
        with translated_errors():
            record = queries.insert_run(self._connection, plan, started_at)
        return self._opened(record, others)

    def resume(self, record: RunRecord, plan: RunPlan, others: Others | None = None) -> OpenRun:
        """Go on with an unfinished run of the same file; what was being sent becomes `unknown`."""
        with translated_errors():
            queries.doubt_sending(self._connection, record.id)
            queries.reopen_run(self._connection, record, plan)
        now = replace(record.plan, settings=plan.settings, results=plan.results, path=plan.path)
        return self._opened(replace(record, plan=now, sessions=record.sessions + 1), others)

    def _opened(self, record: RunRecord, others: Others | None) -> OpenRun:
        self._mark = mark_busy(self.home)
        if others is not None:
            others.own, others.name = record.id, record.name
        return OpenRun(self._connection, record, others)

    def open_run(self, record: RunRecord) -> OpenRun:
        """A run to be completed, as it is."""
        return OpenRun(self._connection, record)

    def doubt(self, record: RunRecord) -> int:
        """Make every lead that was being sent when a run broke off `unknown`; how many."""
        with translated_errors():
            return queries.doubt_sending(self._connection, record.id)

    def close_out(self, record: RunRecord, ending: Ending, stopped_why: str) -> None:
        """Note that an earlier run will not go on."""
        with translated_errors():
            queries.end_run(self._connection, record.id, ending, stopped_why)

    def runs(self) -> list[RunRecord]:
        """All runs, newest first."""
        with translated_errors():
            return queries.runs(self._connection)

    def record(self, run: int) -> RunRecord | None:
        """The run of this number; None where it is forgotten."""
        with translated_errors():
            return queries.run_by_id(self._connection, run)

    def run(self, name: str) -> RunRecord | None:
        """The run of that id, or of the one id that begins so; None where there is none."""
        with translated_errors():
            return queries.run_by_name(self._connection, name)

    def runs_of(self, path: str, digest: str, target: str) -> list[RunRecord]:
        """Runs to this dialer of the file at this path or of this content, newest first."""
        with translated_errors():
            return queries.runs_of(self._connection, path, digest, target)

    def run_with_results(self, results: str) -> RunRecord | None:
        """The newest run that wrote this results file."""
        with translated_errors():
            return queries.run_with_results(self._connection, results)

    def runs_with_results(self, results: str, target: str) -> list[RunRecord]:
        """Runs to this dialer that wrote this results file, newest first."""
        with translated_errors():
            return queries.runs_with_results(self._connection, results, target)

    def chain(self, record: RunRecord) -> list[RunRecord]:
        """A run and those that it continues, newest first."""
        with translated_errors():
            return queries.chain(self._connection, record)

    def counts(self, record: RunRecord) -> Mapping[Status, int]:
        """Leads by status, as far as they are accounted for; being sent counts as `unknown`."""
        with translated_errors():
            return queries.counts(self._connection, record.id)

    def outcomes(self, record: RunRecord) -> Iterator[Outcome]:
        """What became of each lead, by row number; being sent counts as `unknown`."""
        with translated_errors():
            yield from queries.outcomes(self._connection, record.id)

    def prior(self, records: Sequence[RunRecord]) -> Prior:
        """What earlier runs say of leads, by the hash of their tasks."""
        with translated_errors():
            return load_prior(self._connection, [record.id for record in records])

    def accepted_contacts(self, target: str, since: datetime) -> queries.Int64Array:
        """Contacts that this dialer accepted since then, sorted, from any file."""
        with translated_errors():
            return queries.accepted_contacts(self._connection, target, since)

    def move_results(self, record: RunRecord, results: str) -> None:
        """The results file of a run stands elsewhere from now on."""
        with translated_errors():
            queries.move_results(self._connection, record.id, results)

    def last_seen(self, record: RunRecord) -> datetime:
        """When a run ended, or sent something last."""
        with translated_errors():
            return queries.last_seen(self._connection, record)

    def is_known(self, name: str) -> bool:
        """A run of this name was ever begun with this ledger, though it may be forgotten."""
        with translated_errors():
            return queries.is_known(self._connection, name)

    def note_written(self, record: RunRecord, digest: str) -> None:
        """A results file of this content is about to stand in its place."""
        with translated_errors():
            queries.note_written(self._connection, record.id, digest)

    def sent(self, record: RunRecord) -> int:
        """Leads of a run that were sent, whatever came of it."""
        with translated_errors():
            return queries.sent(self._connection, record.id)

    def run_that_wrote(self, digest: str) -> RunRecord | None:
        """The newest run that wrote a results file of this content."""
        with translated_errors():
            return queries.run_that_wrote(self._connection, digest)

    def note_unsaid(self, name: str, text: str) -> None:
        """Keep with a run what nobody could be told."""
        with translated_errors():
            queries.note_unsaid(self._connection, name, text)

    def doubts(self, target: str, since: datetime) -> list[Doubt]:
        """Leads in doubt at one dialer since then, the newest last."""
        with translated_errors():
            return open_doubts(self._connection, target, since.timestamp())

    def contacts_in_doubt(self, record: RunRecord, rows: Sequence[int] | None) -> Mapping[int, int]:
        """Contacts of a run's leads of the status `unknown`, by row; of all of them for None."""
        with translated_errors():
            return contacts_in_doubt(self._connection, record, rows)

    def settle(self, target: str, contacts: Iterable[int], status: Status) -> None:
        """End the doubts of some contacts by what the user found in the dialer."""
        with translated_errors(), transaction(self._connection):
            settle_contacts(self._connection, target, contacts, status)

    def settled_by_hand(self, target: str) -> Mapping[int, Status]:
        """What the user said last of contacts that were in doubt at one dialer."""
        with translated_errors():
            return settled_by_hand(self._connection, target)

    def forgettable(self, before: datetime, doubts_since: datetime) -> list[RunRecord]:
        """Runs that are over, ended before then, and of which no open doubt is young."""
        with translated_errors():
            return queries.forgettable(self._connection, before, doubts_since.timestamp())

    def forget(self, before: datetime, doubts_since: datetime) -> int:
        """Delete what is `forgettable` now, with its leads; only the names stay. How many."""
        with translated_errors(), transaction(self._connection):
            old = queries.forgettable(self._connection, before, doubts_since.timestamp())
            queries.forget(self._connection, old)
        return len(old)
