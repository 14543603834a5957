"""Opening the ledger: the database file, its key, and what SQLite's errors mean."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Self

from bulk_loader.errors import LedgerError
from bulk_loader.ledger import queries
from bulk_loader.ledger.errors import BUSY_TIMEOUT_S, translated_errors
from bulk_loader.ledger.keys import KEY_FILE, Keys, make_keys, read_keys
from bulk_loader.ledger.prior import Prior, load_prior
from bulk_loader.ledger.runs import OpenRun
from bulk_loader.ledger.schema import migrate
from bulk_loader.ledger.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from bulk_loader.ledger.records import RunPlan, RunRecord
    from bulk_loader.model import Ending, Outcome, Status

LEDGER_FILE = "ledger.sqlite3"


class Ledger:
    """All runs of this machine; a context manager.

    Used by one thread at a time: `OpenRun.commit` may come from another thread than the one that
    opened the ledger, never at the same time.
    """

    def __init__(self, connection: sqlite3.Connection, keys: Keys) -> None:
        self._connection = connection
        self.keys = keys

    @classmethod
    def open(cls, home: Path, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Self:
        """The ledger in `home`, made where there is none.

        Raises:
            LedgerError: it is locked, read-only, damaged, newer, or its key is lost; nothing was
                changed.
        """
        path = home / LEDGER_FILE
        try:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists():
                # SQLite would make it readable for all; its other files take the mode from it.
                path.touch(mode=0o600)
        except OSError as error:
            raise LedgerError(
                f"The ledger's directory {home} can't be used.",
                f"{error.strerror or error}.",
                "Make it writable for this user, or set BULK_LOADER_HOME to another directory.",
            ) from error
        with translated_errors():
            connection = sqlite3.connect(
                path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False
            )
        try:
            with translated_errors():
                keys = _prepare(connection, home)
        except BaseException:
            connection.close()
            raise
        return cls(connection, keys)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def begin(self, plan: RunPlan, started_at: datetime) -> OpenRun:
        """Note a new run, durably."""
        with translated_errors():
            record = queries.insert_run(self._connection, plan, started_at)
        return OpenRun(self._connection, record)

    def resume(self, record: RunRecord, plan: RunPlan) -> OpenRun:
        """Go on with an unfinished run of the same file; what was being sent becomes `unknown`."""
        with translated_errors():
            queries.doubt_sending(self._connection, record.id)
            queries.reopen_run(self._connection, record, plan)
        return OpenRun(self._connection, record)

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

    def prune(self, before: datetime) -> int:
        """Forget runs that ended before then; how many."""
        with translated_errors():
            return queries.prune(self._connection, before)


def _prepare(connection: sqlite3.Connection, home: Path) -> Keys:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    migrate(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    if _key_check(connection) is None:
        # Under the lock, so that two programs that begin the ledger at once share one key.
        with transaction(connection):
            if _key_check(connection) is None:
                check = make_keys(home).check
                connection.execute("INSERT INTO ledger (key_check) VALUES (?)", (check,))
    keys = read_keys(home)
    if _key_check(connection) != keys.check:
        raise LedgerError(
            "The ledger's key does not belong to the ledger.",
            f"{KEY_FILE} was replaced, so no lead would be recognised and all would be sent again.",
            "Restore the key from a backup, or move the whole directory away to begin anew.",
        )
    return keys


def _key_check(connection: sqlite3.Connection) -> int | None:
    row = connection.execute("SELECT key_check FROM ledger").fetchone()
    return None if row is None else int(row[0])
