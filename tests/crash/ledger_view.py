"""What a dead process left in the ledger, read from a copy so that the evidence stays as it is."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bulk_loader.ledger.opening import LEDGER_FILE
from bulk_loader.ledger.records import SENDING
from bulk_loader.model import Ending


@dataclass(frozen=True, slots=True)
class Left:
    """What the newest run left.

    Attributes:
        in_doubt: row numbers of leads with an intent and no outcome.
        is_finished: it was cut off after its last deed.
        digest: of the file that it read, whose rows these are.
    """

    in_doubt: frozenset[int] = frozenset()
    is_finished: bool = False
    digest: str = ""


def look(home: Path) -> Left:
    """What the ledger says of the newest run; nothing where there is none."""
    if not (home / LEDGER_FILE).exists():
        return Left()
    with tempfile.TemporaryDirectory() as copy:
        for name in (LEDGER_FILE, f"{LEDGER_FILE}-wal"):
            if (home / name).exists():
                shutil.copy(home / name, copy)
        with closing(sqlite3.connect(Path(copy) / LEDGER_FILE)) as connection:
            return _newest(connection)


def _newest(connection: sqlite3.Connection) -> Left:
    if not connection.execute("PRAGMA table_info(lead)").fetchall():
        return Left()  # killed before the tables were made
    query = "SELECT id, ending, digest FROM run ORDER BY id DESC LIMIT 1"
    newest = connection.execute(query).fetchone()
    if newest is None:
        return Left()
    run, ending, digest = newest
    query = "SELECT row FROM lead WHERE run = ? AND status = ?"
    rows = frozenset(row for (row,) in connection.execute(query, (run, SENDING)))
    return Left(rows, ending == Ending.FINISHED, digest)
