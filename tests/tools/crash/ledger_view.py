"""What a dead process left in the ledger, read from a copy so that the evidence stays as it is."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bulk_loader.ledger.files import LEDGER_FILE
from bulk_loader.ledger.run_records import SENDING
from bulk_loader.model import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Left:
    """What the newest run of one file left.

    Attributes:
        in_doubt: row numbers of leads with an intent and no outcome.
        is_finished: it was cut off after its last deed.
        digest: of the file that it read, whose rows these are.
    """

    in_doubt: frozenset[int] = frozenset()
    is_finished: bool = False
    digest: str = ""


class Span(NamedTuple):
    """From the first beginning to the last end, as the ledger writes moments."""

    began: str
    ended: str

    def meets(self, other: Span) -> bool:
        """There was a moment at which both were under way."""
        return self.began <= other.ended and other.began <= self.ended


def look(home: Path, path: Path) -> Left:
    """What the ledger says of the newest run of a file; nothing where there is none."""
    with _copied(home) as connection:
        query = "SELECT id, ending, digest FROM run WHERE path = ? ORDER BY id DESC LIMIT 1"
        newest = connection and connection.execute(query, (str(path),)).fetchone()
        if not connection or not newest:
            return Left()
        run, ending, digest = newest
        query = "SELECT row FROM lead WHERE run = ? AND status = ?"
        rows = frozenset(row for (row,) in connection.execute(query, (run, SENDING)))
        return Left(rows, ending == Ending.FINISHED, digest)


def span(home: Path, path: Path) -> Span | None:
    """When the runs of a file were under way, stops included; None where the ledger has none."""
    query = "SELECT min(started_at), max(coalesce(ended_at, '9999')) FROM run WHERE path = ?"
    with _copied(home) as connection:
        found = connection and connection.execute(query, (str(path),)).fetchone()
    return Span(*found) if found and found[0] else None


def count_runs(home: Path, path: Path) -> int:
    """How many runs of a file stand in the ledger."""
    with _copied(home) as connection:
        query = "SELECT count(*) FROM run WHERE path = ?"
        return connection.execute(query, (str(path),)).fetchone()[0] if connection else 0


def sent(home: Path) -> set[tuple[str, int]]:
    """Run and row of all leads with an intent; a ledger that lacks one of them has lost it."""
    with _copied(home) as connection:
        query = "SELECT name, row FROM lead JOIN run ON run = id WHERE status IN (?, ?, ?, ?)"
        statuses = (SENDING, "accepted", "rejected", "unknown")
        return set(connection.execute(query, statuses)) if connection else set()


@contextmanager
def _copied(home: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection to a copy of the ledger; None where there is none, or not yet its tables."""
    if not (home / LEDGER_FILE).exists():
        yield None
        return
    with tempfile.TemporaryDirectory() as copy:
        for name in (LEDGER_FILE, f"{LEDGER_FILE}-wal"):
            if (home / name).exists():
                shutil.copy(home / name, copy)
        with closing(sqlite3.connect(Path(copy) / LEDGER_FILE)) as connection:
            has_tables = connection.execute("PRAGMA table_info(lead)").fetchall()
            yield connection if has_tables else None
