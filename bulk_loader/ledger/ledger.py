"""The ledger: all runs of this machine and what became of their leads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from bulk_loader.ledger.database import close_database, mark_busy, open_database
from bulk_loader.ledger.doubts import Doubts
from bulk_loader.ledger.keys import KEY_FILE
from bulk_loader.ledger.open_run import OpenRun
from bulk_loader.ledger.others import Others
from bulk_loader.ledger.outcomes import Outcomes
from bulk_loader.ledger.runs import Runs, insert_run, reopen_run
from bulk_loader.ledger.sqlite_errors import BUSY_TIMEOUT_S, translated_errors
from bulk_loader.ledger.timelines import Timelines

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from bulk_loader.ledger.keys import Keys
    from bulk_loader.ledger.run_records import RunPlan, RunRecord


class Ledger:
    """All runs of this machine; a context manager.

    Attributes:
        runs: each as a whole.
        outcomes: what became of their leads.
        doubts: leads of which nobody knows whether the dialer took them.
        timelines: the course of each run.

    Used by one thread at a time: `OpenRun.commit` may come from another thread than the one that
    opened the ledger, never at the same time.
    """

    def __init__(self, connection: sqlite3.Connection, keys: Keys, home: Path) -> None:
        self._connection = connection
        self._mark = ""
        self.keys = keys
        self.home = home
        self.runs = Runs(connection)
        self.outcomes = Outcomes(connection)
        self.doubts = Doubts(connection)
        self.timelines = Timelines(connection)

    @classmethod
    def open(
        cls, home: Path, key_file: Path | None = None, *, busy_timeout_s: float = BUSY_TIMEOUT_S
    ) -> Self:
        """The ledger in `home`, made where there is none.

        Args:
            key_file: where its key is kept; None for a file beside it.

        Raises:
            LedgerError: it is locked, read-only, damaged, newer, or a part of it is lost; nothing
                was changed.
        """
        return cls(*open_database(home, key_file or home / KEY_FILE, busy_timeout_s), home)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        close_database(self._connection, self.home, self._mark)

    @translated_errors()
    def others(
        self, target: str, is_under_way: Callable[[int], bool], called_at: datetime
    ) -> Others:
        """The runs to one dialer as they are now, to be given to `begin` or `resume`.

        Args:
            is_under_way: whether the run of this id is being carried out at this moment.
            called_at: when the command was given; what ended since then was under way with it.
        """
        return Others(self._connection, target, is_under_way, called_at)

    @translated_errors()
    def begin(self, plan: RunPlan, started_at: datetime, others: Others | None = None) -> OpenRun:
        """Note a new run, durably."""
        return self._opened(insert_run(self._connection, plan, started_at), others)

    @translated_errors()
    def resume(self, record: RunRecord, plan: RunPlan, others: Others | None = None) -> OpenRun:
        """Go on with an unfinished run of the same file; what was being sent becomes `unknown`."""
        self.doubts.break_off(record)
        reopen_run(self._connection, record, plan)
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
