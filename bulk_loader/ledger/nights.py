"""The nights of jobs where machines share a ledger: a row each, unique by job and time.

Who runs a night holds its job, as whoever sends a list holds the list: for a time, which goes on
while its program is heard of. What another has gone on with can't be ended by the first.
"""

from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bulk_loader.errors import LockedError
from bulk_loader.ledger.connecting import connect, translated
from bulk_loader.ledger.leases import leased, lock_digest
from bulk_loader.ledger.postgres_tables import migrate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import psycopg

    from bulk_loader.ledger.leases import Lease
    from bulk_loader.ledger_place import LedgerPlace


@dataclass(frozen=True, slots=True)
class NightRecord:
    """What all machines know of one night.

    Attributes:
        at: the time for which it was run.
        machine: that which runs it, or did so last.
        began_at: when that machine began, by the clock of the database.
        ended_at: None where it is under way, or broke off.
        outcome: how it ended last, even if it was begun once more; "" where it never did.
        exit_code: of the same; None where it never ended.
        is_under_way: its machine was heard of lately.
    """

    at: datetime
    machine: str
    began_at: datetime
    ended_at: datetime | None
    outcome: str
    exit_code: int | None
    is_under_way: bool

    def is_over(self, repeated: Collection[int]) -> bool:
        """It was run, and ended with none of the exit codes after which it may be repeated."""
        return self.ended_at is not None and self.exit_code not in repeated


@dataclass(frozen=True, slots=True)
class HeldNight:
    """A night that this machine runs.

    Attributes:
        before: how far others had come with it; None where nobody had begun it.
    """

    before: NightRecord | None
    _lease: Lease
    _place: LedgerPlace
    _key: tuple[str, datetime]

    def require(self) -> None:
        """Make sure that no other machine has gone on with it.

        Raises:
            LockedError: one has.
            LedgerError: the ledger can't be used.
        """
        with _connected(self._place) as connection:
            if not self._lease.renew(connection):
                raise LockedError(
                    "Another machine has gone on with this night.",
                    "This one was not heard of for too long: it slept, was stopped, or had no "
                    "network.",
                    "See how it goes on with: bulk-loader job list",
                )

    def end(self, outcome: str, exit_code: int) -> bool:
        """Note how it ended; False where another machine has gone on with it.

        Raises:
            LedgerError: the ledger can't be used.
        """
        values = (outcome, exit_code, *self._key, self._lease.id)
        with _connected(self._place) as connection:
            return bool(connection.execute(_END, values).rowcount)


def nights_of(place: LedgerPlace, job: str) -> list[NightRecord]:
    """The nights of a job that are known, the newest first.

    Args:
        job: what it is known by on all machines.

    Raises:
        LedgerError: the ledger can't be used.
    """
    with _connected(place) as connection:
        migrate(connection)
        return [_record(row) for row in connection.execute(_OF_JOB, (lock_digest(job),))]


@contextmanager
def night_held(
    place: LedgerPlace, job: str, at: datetime, repeated: Collection[int], otherwise: str
) -> Iterator[HeldNight | NightRecord]:
    """Begin a night, or go on with one of which nothing is heard any more, while the body runs.

    Args:
        repeated: exit codes after which a night may be run once more.
        otherwise: what happened where another machine runs this job.

    Returns:
        Its record where it was run already; then it is not held.

    Raises:
        LockedError: another machine runs this job, be it for this night or for another one.
        LedgerError: the ledger can't be used.
    """
    key = (lock_digest(job), at)
    with leased(place, [job], otherwise) as lease:
        with _connected(place) as connection, connection.transaction():
            found = connection.execute(_FOR_UPDATE, key).fetchone()
            before = None if found is None else _record(found)
            over = before if before is not None and before.is_over(repeated) else None
            if over is None:
                _begin(connection, key, lease)
        yield over or HeldNight(before, lease, place, key)


def _begin(connection: psycopg.Connection, key: tuple[str, datetime], lease: Lease) -> None:
    connection.execute(_FORGET, key)
    connection.execute(_BEGIN, (*key, socket.gethostname(), lease.id))


@contextmanager
def _connected(place: LedgerPlace) -> Iterator[psycopg.Connection]:
    assert place.url is not None
    with connect(place.url) as connection, translated(place.url):
        yield connection


def _record(row: tuple[Any, ...]) -> NightRecord:
    at, machine, began_at, ended_at, outcome, exit_code, is_under_way = row
    return NightRecord(
        at.astimezone(UTC),
        machine,
        began_at.astimezone(UTC),
        ended_at and ended_at.astimezone(UTC),
        outcome,
        exit_code,
        is_under_way,
    )


_RECORD = """
    SELECT at, night.machine, began_at, ended_at, outcome, exit_code,
        EXISTS (SELECT FROM holding WHERE id = night.holding AND until > clock_timestamp())
    FROM night WHERE job = %s
"""
_OF_JOB = f"{_RECORD} ORDER BY at DESC"
_FOR_UPDATE = f"{_RECORD} AND at = %s FOR UPDATE OF night"
# A year, so that the last success of a job that runs once in it is known, and some more.
_FORGET = "DELETE FROM night WHERE job = %s AND at < %s - interval '400 days'"
_BEGIN = """
    INSERT INTO night (job, at, machine, holding) VALUES (%s, %s, %s, %s)
    ON CONFLICT (job, at) DO UPDATE SET machine = excluded.machine, holding = excluded.holding,
        began_at = clock_timestamp(), ended_at = NULL
"""
_END = """
    UPDATE night SET outcome = %s, exit_code = %s, ended_at = clock_timestamp(), holding = NULL
    WHERE job = %s AND at = %s AND holding = %s
"""
