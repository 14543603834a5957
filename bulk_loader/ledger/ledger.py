"""The ledger: all runs, and what became of their leads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from bulk_loader.ledger.database import has_database, open_database
from bulk_loader.ledger.doubts import Doubts
from bulk_loader.ledger.keys import KEY_FILE
from bulk_loader.ledger.open_run import OpenRun
from bulk_loader.ledger.others import Others
from bulk_loader.ledger.outcomes import Outcomes
from bulk_loader.ledger.runs import Runs, insert_run, reopen_run
from bulk_loader.ledger.sqlite_errors import BUSY_TIMEOUT_S
from bulk_loader.ledger.timelines import Timelines
from bulk_loader.ledger.verifying import verify
from bulk_loader.ledger_place import LedgerPlace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from types import TracebackType

    from bulk_loader.ledger.keys import Keys
    from bulk_loader.ledger.leases import Lease
    from bulk_loader.ledger.run_records import RunPlan, RunRecord
    from bulk_loader.ledger.store import Store
    from bulk_loader.ledger.verified import Verified
    from bulk_loader.ledger_place import LikePlace


def has_ledger(place: LikePlace) -> bool:
    """Whether there is one already; to open it would begin one."""
    place = LedgerPlace.of(place)
    return place.url is not None or has_database(place.home)


class Ledger:
    """All runs of this machine, or of those that share it; a context manager.

    Attributes:
        place: where it is.
        runs: each as a whole.
        outcomes: what became of their leads.
        doubts: leads of which nobody knows whether the dialer took them.
        timelines: the course of each run.

    Used by one thread at a time: `OpenRun.commit` may come from another thread than the one that
    opened the ledger, never at the same time.
    """

    def __init__(self, store: Store, keys: Keys, place: LedgerPlace) -> None:
        self._store = store
        self.keys = keys
        self.place = place
        self.runs = Runs(store)
        self.outcomes = Outcomes(store)
        self.doubts = Doubts(store)
        self.timelines = Timelines(store)

    @classmethod
    def open(
        cls,
        place: LikePlace,
        lease: Lease | None = None,
        *,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> Self:
        """The ledger at a place, made where there is none.

        Args:
            lease: of a ledger that machines share, what its writer holds.

        Raises:
            LedgerError: it is locked, read-only, damaged, newer, or a part of it is lost; nothing
                was changed.
        """
        place = LedgerPlace.of(place)
        if place.url is not None:
            from bulk_loader.ledger.shared import open_shared  # noqa: PLC0415 - an extra

            return cls(*open_shared(place, lease), place)
        key_file = place.key_file or place.home / KEY_FILE
        return cls(*open_database(place.home, key_file, busy_timeout_s), place)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._store.close()

    def others(
        self, target: str, is_under_way: Callable[[int], bool], called_at: datetime
    ) -> Others:
        """The runs to one dialer as they are now, to be given to `begin` or `resume`.

        Args:
            is_under_way: whether the run of this id is being carried out at this moment.
            called_at: when the command was given; what ended since then was under way with it.
        """
        return Others(self._store, target, is_under_way, called_at)

    def begin(self, plan: RunPlan, started_at: datetime, others: Others | None = None) -> OpenRun:
        """Note a new run, durably; none where another machine has gone on with the list."""
        with self._store.transaction():
            record = insert_run(self._store, plan, started_at)
        return self._opened(record, others)

    def resume(self, record: RunRecord, plan: RunPlan, others: Others | None = None) -> OpenRun:
        """Go on with an unfinished run of the same file; what was being sent becomes `unknown`."""
        self.doubts.break_off(record)
        reopen_run(self._store, record, plan)
        now = replace(record.plan, settings=plan.settings, results=plan.results, path=plan.path)
        return self._opened(replace(record, plan=now, sessions=record.sessions + 1), others)

    def _opened(self, record: RunRecord, others: Others | None) -> OpenRun:
        self._store.begin_writing()
        if others is not None:
            others.own, others.name = record.id, record.name
        return OpenRun(self._store, record, others)

    def now(self) -> int:
        """Seconds since 1970, by the clock of all who share it."""
        return int(self._store.now())

    def is_leased(self, names: Iterable[str]) -> bool:
        """Whether a program of any machine holds one of the names; never of a ledger of one."""
        return self._store.is_leased(names)

    def is_helped(self, run: int) -> bool:
        """Whether machines that did not begin a run send leads of it; never of a ledger of one."""
        return self._store.is_helped(run)

    def verify(self) -> Iterator[Verified]:
        """Look whether it is whole, and what it stands on keeps what it promises."""
        return verify(self._store)

    def open_run(self, record: RunRecord, others: Others | None = None) -> OpenRun:
        """A run to be completed, as it is, or to be helped with."""
        return self._opened(record, others) if others else OpenRun(self._store, record)
