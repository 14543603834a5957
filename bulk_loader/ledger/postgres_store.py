"""The ledger of many machines in PostgreSQL."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from bulk_loader.errors import LedgerError
from bulk_loader.ledger.connecting import CONNECT_TIMEOUT_S, LedgerAwayError, connect, translated
from bulk_loader.ledger.dialect import held_row, in_dialect, together
from bulk_loader.ledger.leases import IS_HELPED, IS_LEASED, RENEWAL_S, lock_digest, running_s
from bulk_loader.ledger.pace import AHEAD_S
from bulk_loader.ledger_place import shown_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bulk_loader.ledger.leases import Lease
    from bulk_loader.ledger.pace import Pace
    from bulk_loader.ledger.store import Row, Values

T = TypeVar("T")

FETCHED_AT_ONCE = 10_000  # rows of a stream; about a megabyte
TRY_AGAIN_S = 1.0
"""Between two tries to reach a database that is away, or takes nothing."""

HEARD_AGAIN_S = 2 * RENEWAL_S + CONNECT_TIMEOUT_S
"""So long after a database has come back, all programs that are well have been heard of again."""


class PostgresStore:
    """As `Store`; whoever writes for a dialer keeps out others that write for it, on all machines.

    Args:
        lease: what this program holds while it sends; None where it only looks.
        patience_s: how long a database that is away in the middle of a run is waited for.
    """

    def __init__(self, url: str, lease: Lease | None = None, patience_s: float = 0.0) -> None:
        self.url = url
        self._lease = lease
        self._patience_s = patience_s
        self.connection = connect(url)
        self._groups = 0
        self._versions: dict[str, int] = {}
        self._pace: dict[str, tuple[float, float]] = {}
        self._own: defaultdict[str, int] = defaultdict(int)
        self._server_at, self._asked_at = 0.0, 0.0
        self._back_at = -math.inf
        self._ask_time()

    @property
    def is_just_back(self) -> bool:
        """It was away until a moment ago, so that programs that are well may not have been heard of."""
        return running_s() - self._back_at < HEARD_AGAIN_S

    def rows(self, statement: str, values: Values = ()) -> list[Row]:
        """As `Store.rows`."""
        with translated(self.url):
            return self.connection.execute(in_dialect(statement), _values(values)).fetchall()

    def stream(self, statement: str, values: Values = ()) -> Iterator[Row]:
        """As `Store.stream`: as it is when the first is asked for."""
        import psycopg  # noqa: PLC0415 - an extra

        with (
            translated(self.url),
            psycopg.ServerCursor(self.connection, "stream", withhold=True) as cursor,
        ):
            cursor.itersize = FETCHED_AT_ONCE
            cursor.execute(in_dialect(statement), _values(values))
            yield from cursor

    def change(self, statement: str, values: Values = ()) -> int:
        """As `Store.change`; nothing where another machine has gone on with the run."""
        with self._alone():
            return self.connection.execute(in_dialect(statement), _values(values)).rowcount

    def change_all(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        """As `Store.change_all`, in as few statements as can be."""
        with self._alone():
            held = [held_row(row) for row in rows]
            return sum(
                self.connection.execute(one, values).rowcount
                for one, values in together(statement, held)
            )

    @contextmanager
    def transaction(self, target: str = "") -> Iterator[None]:
        """As `Store.transaction`; nothing where another machine has gone on with the run."""
        with self._turn(target):
            self._require_lease()
            yield

    @contextmanager
    def _turn(self, target: str) -> Iterator[None]:
        """Hold the row of the dialer, by which others also see that something was written."""
        with translated(self.url), self.connection.transaction():
            if target:
                self._take_turn(target)
            yield
        if target:
            self._own[target] += 1

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A statement of its own, or one of a transaction that knows already that it may be."""
        with translated(self.url):
            if self._lease is None or self.connection.info.transaction_status:
                yield
                return
            with self.connection.transaction():
                self._require_lease()
                yield

    def _require_lease(self) -> None:
        if self._lease is not None and not self._lease.is_held(self.connection):
            raise self._taken_over()

    def _take_turn(self, target: str) -> None:
        asked_at = running_s()
        found = self.connection.execute(_TURN, (target,)).fetchone()
        assert found is not None
        self._versions[target], at, free_at, paused_until = found
        self._pace[target] = free_at, paused_until
        self._server_at, self._asked_at = float(at), asked_at

    def writes_of_others(self, target: str) -> int:
        """Of this dialer alone: its version, less what this program wrote itself."""
        return self._versions.get(target, 0) - self._own[target]

    def places(self, target: str, wanted: int, pace: Pace) -> int:
        """As `Store.places`; at least one where the next is due, however low the rate is."""
        if pace.rate is None:
            return wanted
        now, free_at = self.now(), self._pace[target][0]
        free_s = AHEAD_S - max(0.0, free_at - now)
        return min(wanted, max(int(free_s * pace.rate), int(free_at <= now)))

    def take_places(self, target: str, taken: int, pace: Pace) -> float:
        """As `Store.take_places`."""
        now, (free_at, until) = self.now(), self._pace[target]
        if pace.rate is not None and taken:
            free_at = max(free_at, now) + taken / pace.rate
        if pace.pause_s:
            until = max(until, now + pace.pause_s)
        if (free_at, until) != self._pace[target]:
            self._pace[target] = free_at, until
            self.change(_PACE, (free_at, until, target))
        return max(0.0, until - now)

    def now(self) -> float:
        """By the clock of the database, as it was when it was last heard."""
        return self._server_at + (running_s() - self._asked_at)

    def durably(self, target: str, group: Callable[[], T], again: Callable[[], object]) -> T:
        """As `Store.durably`: a database that is away is waited for, as long as patience lasts."""
        done: list[T] = []
        deadline_s = running_s() + self._patience_s
        for failures in count():
            try:
                with self._turn(target):
                    if self._lease is not None and not self._lease.note_group(
                        self.connection, self._groups
                    ):
                        return self._of_before(done)
                    done[:] = [group()]
            except LedgerAwayError:
                if running_s() > deadline_s:
                    raise
                if not self._finds_it_done(deadline_s):
                    again()
                    if failures:  # it is there and takes nothing, as one on a full disk
                        time.sleep(TRY_AGAIN_S)
                    continue
            self._next_group()
            break
        return done[0]

    def patiently(self, do: Callable[[], T]) -> T:
        """What `do` gives, which may be done twice; a database that is away is waited for."""
        deadline_s = running_s() + self._patience_s
        while True:
            try:
                return do()
            except LedgerAwayError:
                if running_s() > deadline_s:
                    raise
                self._come_back(deadline_s)
                time.sleep(TRY_AGAIN_S / 10)

    def _finds_it_done(self, deadline_s: float) -> bool:
        while True:
            self._come_back(deadline_s)
            try:
                with translated(self.url):
                    return self._was_done()
            except LedgerAwayError:
                if running_s() > deadline_s:
                    raise

    def _next_group(self) -> None:
        self._groups += 1
        if self._lease is not None:
            self._lease.group_is_durable()

    def _of_before(self, done: Sequence[T]) -> T:
        """What a group gave whose end nobody heard of, and that had come to be all the same."""
        if not done or not self._was_done():
            raise self._taken_over()
        self._next_group()
        return done[0]

    def _was_done(self) -> bool:
        if self._lease is None:
            return False
        groups = self._lease.groups(self.connection)
        if groups is None:
            raise self._taken_over()
        return groups > self._groups

    def _come_back(self, deadline_s: float) -> None:
        while True:
            try:
                with suppress(Exception):
                    self.connection.close()
                self.connection = connect(self.url)
                self._ask_time()
                self._back_at = running_s()
            except LedgerAwayError:
                if running_s() + TRY_AGAIN_S > deadline_s:
                    raise
                time.sleep(TRY_AGAIN_S)
            else:
                return

    def _ask_time(self) -> None:
        asked_at = running_s()
        ((at,),) = self.rows("SELECT extract(epoch FROM clock_timestamp())::float8")
        self._server_at, self._asked_at = float(at), asked_at

    def _taken_over(self) -> LedgerError:
        if self._lease is not None:
            self._lease.is_lost = True  # so that its results are left to the other one, too
        return LedgerError(
            "Another machine has gone on with this run.",
            f"This one was not heard of at {shown_url(self.url)} for too long: it slept, was "
            "stopped, or had no network.",
            "See how it goes on with: bulk-loader runs",
        )

    def is_leased(self, names: Iterable[str]) -> bool:
        """As `Store.is_leased`, for those that were heard of lately."""
        digests = [lock_digest(name) for name in names]
        return bool(self.rows(IS_LEASED, (digests,)))

    def is_helped(self, run: int) -> bool:
        """As `Store.is_helped`, by those that were heard of lately."""
        return bool(self.rows(IS_HELPED, (run,)))

    def begin_writing(self) -> None:
        """Nothing: what is written is on the disk of the database."""

    def close(self) -> None:
        """End the connection."""
        self.connection.close()


def _values(values: Values) -> Any:
    return held_row(values) if isinstance(values, tuple | list) else values


_PACE = "UPDATE dialer SET free_at = ?, paused_until = ? WHERE target = ?"
_TURN = """
    INSERT INTO dialer (target, version) VALUES (%s, 1)
    ON CONFLICT (target) DO UPDATE SET version = dialer.version + 1
    RETURNING version, extract(epoch FROM clock_timestamp())::float8, free_at, paused_until
"""
