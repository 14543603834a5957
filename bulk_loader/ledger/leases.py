"""Who may send a list, over all machines: for a time, which goes on while its program is heard of.

A program that sleeps, is stopped or loses the network is not heard of any more, and another may go on
with its run. What it wakes up to is refused in the transaction of its next group, whatever any clock
says; clocks only decide how soon another may take over.
"""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import LedgerError, LockedError
from bulk_loader.ledger.connecting import connect, translated
from bulk_loader.ledger.postgres_tables import TURN, migrate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import psycopg

    from bulk_loader.ledger_place import LedgerPlace

LEASE_S = 30.0
"""So long after a program was heard of last, another may take over."""

OWN_S = 20.0
"""So long after it was heard of last, a program itself still begins requests.

The rest is for what is under way then, and for clocks that do not go alike.
"""

RENEWAL_S = 5.0


def running_s() -> float:
    """Seconds on a clock that only goes on, and goes on in suspend, where the system has one."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass(slots=True)
class Lease:
    """What one program holds.

    Attributes:
        is_lost: another has gone on with what was held.
    """

    id: int
    _until: float
    is_lost: bool = False
    _noted_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_over(self) -> bool:
        """This program was not heard of for so long that another may soon take over."""
        return running_s() > self._until

    def note_group(self, connection: psycopg.Connection, groups: int) -> bool:
        """Note in the transaction of a group that it is the next one; `group_is_durable` then.

        Returns:
            False where the lease is another's by now, or the group was noted already.
        """
        asked_at = running_s()
        found = connection.execute(_NOTE, (LEASE_S, groups + 1, self.id, groups))
        if found.rowcount:
            self._noted_at = asked_at
        return bool(found.rowcount)

    def group_is_durable(self) -> None:
        """The program was heard of with the group that it noted last."""
        self._heard(self._noted_at)

    def is_held(self, connection: psycopg.Connection) -> bool:
        """Whether nobody has gone on with it, nor will before the transaction ends."""
        found = connection.execute("SELECT FROM holding WHERE id = %s FOR SHARE", (self.id,))
        self.is_lost = found.fetchone() is None
        return not self.is_lost

    def groups(self, connection: psycopg.Connection) -> int | None:
        """How many groups were noted; None where the lease is another's by now."""
        found = connection.execute("SELECT groups FROM holding WHERE id = %s", (self.id,))
        row = found.fetchone()
        return None if row is None else int(row[0])

    def renew(self, connection: psycopg.Connection) -> bool:
        """Be heard of; False where the lease is another's by now."""
        asked_at = running_s()
        found = connection.execute(_RENEW, (LEASE_S, self.id))
        self.is_lost = not found.rowcount
        if found.rowcount:
            self._heard(asked_at)
        return bool(found.rowcount)

    def _heard(self, asked_at: float) -> None:
        with self._lock:
            self._until = max(self._until, asked_at + OWN_S)


@contextmanager
def leased(place: LedgerPlace, names: Iterable[str], otherwise: str) -> Iterator[Lease]:
    """Hold all of the names on all machines while the body runs.

    Args:
        otherwise: what happened where another program holds one of them.

    Raises:
        LockedError: another program holds one of them.
        LedgerError: the ledger can't be used.
    """
    assert place.url is not None
    url = place.url
    with connect(url) as connection, translated(url):
        migrate(connection)
        lease = _take(connection, [lock_digest(name) for name in names], place.home, otherwise)
    stopped = threading.Event()
    keeper = threading.Thread(target=_keep, args=(lease, url, stopped), name="lease", daemon=True)
    keeper.start()
    try:
        yield lease
    finally:
        stopped.set()
        keeper.join()
        with suppress(LedgerError), connect(url) as connection, translated(url):
            connection.execute("DELETE FROM holding WHERE id = %s", (lease.id,))


def lock_digest(name: str) -> str:
    """A name holds paths, which are no matter of the database."""
    return sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _take(connection: psycopg.Connection, names: list[str], home: Path, otherwise: str) -> Lease:
    own = place_name(home)
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (TURN,))
        # Whoever held one of them here is gone: the locks of this machine are ours already.
        connection.execute(_RELEASE, (names, own))
        holder = connection.execute(_HOLDER, (names,)).fetchone()
        if holder is not None:
            raise _locked(otherwise, holder)
        asked_at = running_s()
        process, machine = str(os.getpid()), socket.gethostname()
        taken = connection.execute(_HOLD, (own, machine, process, LEASE_S)).fetchone()
        assert taken is not None
        connection.cursor().executemany(
            "INSERT INTO lock (name, holding) VALUES (%s, %s)",
            [(name, taken[0]) for name in sorted(set(names))],
        )
    return Lease(int(taken[0]), asked_at + OWN_S)


def _locked(otherwise: str, holder: tuple[str, str, object, int]) -> LockedError:
    machine, process, since, left_s = holder
    return LockedError(
        otherwise,
        f"The process {process} on {machine} holds it since {since}.",
        "Wait until it has ended, then run the command again if anything is left to send. If "
        f"{machine} is off, or has lost the network, it is free in {left_s} s.",
    )


def _keep(lease: Lease, url: str, stopped: threading.Event) -> None:
    """Be heard of until the end; a database that is away is asked again and again."""
    connection: psycopg.Connection | None = None
    while not stopped.wait(RENEWAL_S):
        try:
            connection = connection or connect(url)
            with translated(url):
                if not lease.renew(connection):
                    break
        except LedgerError:
            if connection is not None:
                connection.close()
            connection = None
    if connection is not None:
        connection.close()


def place_name(home: Path) -> str:
    """What tells this machine and this directory from all others."""
    file = home / "place"
    if not file.exists():
        with tempfile.NamedTemporaryFile("w", dir=home, prefix="place-", delete=False) as new:
            new.write(secrets.token_hex(16))
        with suppress(FileExistsError):
            os.link(new.name, file)  # not over that of another program, which has the same thought
        Path(new.name).unlink()
    # A directory that was copied to another machine is another place.
    return f"{socket.gethostname()} {file.read_text('ascii')}"


_NOTE = """
    UPDATE holding SET until = clock_timestamp() + make_interval(secs => %s), groups = %s
    WHERE id = %s AND groups = %s
"""
_RENEW = """
    UPDATE holding SET until = clock_timestamp() + make_interval(secs => %s) WHERE id = %s
"""
_RELEASE = """
    DELETE FROM holding WHERE id IN (SELECT holding FROM lock WHERE name = ANY(%s))
    AND (until < clock_timestamp() OR place = %s)
"""
_HOLDER = """
    SELECT machine, process, date_trunc('second', since), ceil(extract(epoch FROM until - clock_timestamp()))::int
    FROM holding JOIN lock ON lock.holding = holding.id WHERE lock.name = ANY(%s) LIMIT 1
"""
_HOLD = """
    INSERT INTO holding (place, machine, process, until)
    VALUES (%s, %s, %s, clock_timestamp() + make_interval(secs => %s)) RETURNING id
"""
IS_LEASED = """
    SELECT 1 FROM holding JOIN lock ON lock.holding = holding.id
    WHERE lock.name = ANY(?) AND until > clock_timestamp() LIMIT 1
"""
IS_HELPED = """
    SELECT 1 FROM holding JOIN helper ON helper.holding = holding.id
    WHERE run = ? AND until > clock_timestamp() LIMIT 1
"""
