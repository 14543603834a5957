"""What a dead process left in the ledger; a file is read from a copy, so that it stays as it is."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

import psycopg

from bulk_loader.ledger.files import LEDGER_FILE
from bulk_loader.ledger.run_records import SENDING
from bulk_loader.model import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator

Place: TypeAlias = "Path | str"
"""Of a ledger: the state directory of one machine, or the address of the database of many."""


class Ask(Protocol):
    """Puts a question in SQL to a ledger."""

    def __call__(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of the answer."""


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


def look(ledger: Place, path: Path) -> Left:
    """What the ledger says of the newest run of a file; nothing where there is none."""
    with _opened(ledger) as ask:
        query = "SELECT id, ending, digest FROM run WHERE path = ? ORDER BY id DESC LIMIT 1"
        for run, ending, digest in ask(query, str(path)):
            query = "SELECT row FROM lead WHERE run = ? AND status = ?"
            rows = frozenset(row for (row,) in ask(query, run, SENDING))
            return Left(rows, ending == Ending.FINISHED, digest)
    return Left()


def span(ledger: Place, path: Path, digest: str = "") -> Span | None:
    """When the runs of a file were under way, stops included; None where the ledger has none.

    Args:
        digest: of its copies on other machines; "" where there are none.
    """
    query = """
        SELECT min(started_at), max(coalesce(ended_at, '9999')) FROM run
        WHERE path = ? OR digest = ?
    """
    with _opened(ledger) as ask:
        found = [Span(*row) for row in ask(query, str(path), digest) if row[0]]
    return found[0] if found else None


def count_runs(ledger: Place, path: Path, digest: str = "") -> int:
    """How many runs of a file stand in the ledger.

    Args:
        digest: as for `span`.
    """
    with _opened(ledger) as ask:
        found = ask("SELECT count(*) FROM run WHERE path = ? OR digest = ?", str(path), digest)
        return sum(count for (count,) in found)


def has_gone_on_with_another(ledger: Place) -> bool:
    """Whether the run of one list goes on with that of another one."""
    query = "SELECT 1 FROM run JOIN run AS before ON run.continues = before.id WHERE run.digest <> before.digest"
    with _opened(ledger) as ask:
        return bool(ask(query))


def sent(ledger: Place) -> set[tuple[str, int]]:
    """Run and row of all leads with an intent; a ledger that lacks one of them has lost it."""
    query = "SELECT name, row FROM lead JOIN run ON run = id WHERE status IN (?, ?, ?, ?)"
    with _opened(ledger) as ask:
        return set(ask(query, SENDING, "accepted", "rejected", "unknown"))


def newest_path(ledger: Place, digest: str) -> Path | None:
    """Where the list of this content stands that was begun or gone on with last."""
    query = "SELECT path FROM run WHERE digest = ? ORDER BY id DESC LIMIT 1"
    with _opened(ledger) as ask:
        found = ask(query, digest)
    return Path(found[0][0]) if found else None


@contextmanager
def _opened(ledger: Place) -> Iterator[Ask]:
    """Something to ask, that knows of nothing where there is no ledger yet, or not its tables."""
    if isinstance(ledger, str):
        with psycopg.connect(ledger, autocommit=True) as connection:
            yield lambda query, *values: connection.execute(
                query.replace("?", "%s").encode(), values
            ).fetchall()
    elif not (ledger / LEDGER_FILE).exists():
        yield lambda *_: []
    else:
        with tempfile.TemporaryDirectory() as copy, closing(_copied(ledger, Path(copy))) as file:
            has_tables = file.execute("PRAGMA table_info(lead)").fetchall()
            yield (
                lambda query, *values: file.execute(query, values).fetchall() if has_tables else []
            )


def _copied(home: Path, copy: Path) -> sqlite3.Connection:
    for name in (LEDGER_FILE, f"{LEDGER_FILE}-wal"):
        if (home / name).exists():
            shutil.copy(home / name, copy)
    return sqlite3.connect(copy / LEDGER_FILE)
