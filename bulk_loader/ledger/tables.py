"""The ledger's tables, version by version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import LedgerError
from bulk_loader.ledger.transactions import transaction

if TYPE_CHECKING:
    import sqlite3

# Version n of the schema is what the first n steps make. A released step is never edited: a
# change of the tables is a new step at the end, and an older ledger takes the steps it lacks.
STEPS = (
    """
    CREATE TABLE ledger (key_check INTEGER NOT NULL);
    CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        path TEXT NOT NULL,
        digest TEXT NOT NULL,
        target TEXT NOT NULL,
        results TEXT,
        settings TEXT NOT NULL,
        shape TEXT NOT NULL,
        leads INTEGER NOT NULL,
        ending TEXT NOT NULL,
        stopped_why TEXT NOT NULL DEFAULT '',
        started_at TEXT NOT NULL,
        ended_at TEXT,
        continues INTEGER REFERENCES run (id)
    );
    CREATE INDEX run_by_file ON run (target, path);
    CREATE INDEX run_by_digest ON run (target, digest);
    CREATE TABLE lead (
        run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        row INTEGER NOT NULL,
        task INTEGER,
        occurrence INTEGER NOT NULL,
        contact INTEGER,
        status TEXT NOT NULL,
        code TEXT NOT NULL,
        detail TEXT NOT NULL,
        settled_at INTEGER,
        PRIMARY KEY (run, row)
    ) WITHOUT ROWID;
    """,
    # The indexes grow at their end or stay small, so a commit writes hardly more pages for them.
    """
    ALTER TABLE ledger ADD COLUMN closed TEXT NOT NULL DEFAULT '';
    ALTER TABLE run ADD COLUMN sessions INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE run ADD COLUMN origin TEXT NOT NULL DEFAULT '';
    ALTER TABLE run ADD COLUMN unsaid TEXT NOT NULL DEFAULT '';
    CREATE INDEX lead_in_doubt ON lead (run, contact) WHERE status IN ('sending', 'unknown');
    CREATE INDEX lead_accepted ON lead (run, settled_at) WHERE status = 'accepted';
    CREATE INDEX lead_by_hand ON lead (contact) WHERE code = 'settled_by_hand';
    CREATE TABLE written (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        digest TEXT NOT NULL
    );
    CREATE INDEX written_by_run ON written (run);
    CREATE TABLE forgotten (name TEXT PRIMARY KEY) WITHOUT ROWID;
    """,
    # Of the number alone, by an intent only: what is settled without being sent loads nobody. It
    # has no index, since equal numbers lie anywhere: a run reads those of its time once.
    """
    ALTER TABLE ledger ADD COLUMN numbered_since INTEGER NOT NULL DEFAULT 0;
    UPDATE ledger SET numbered_since = CAST(strftime('%s', 'now') AS INTEGER);
    ALTER TABLE lead ADD COLUMN number INTEGER;
    """,
    # Apart from the run, whose rows are read often, and all of them.
    """
    CREATE TABLE timeline (
        run INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
        content BLOB NOT NULL
    );
    """,
    "ALTER TABLE run ADD COLUMN machine TEXT NOT NULL DEFAULT ''",
)


def migrate(connection: sqlite3.Connection, steps: tuple[str, ...] = STEPS) -> None:
    """Bring a ledger to the newest version; all of it or nothing.

    Raises:
        LedgerError: the ledger was made by a newer release.
    """
    if _version(connection) == len(steps):
        return
    with transaction(connection):
        _take_steps(connection, steps)


def _take_steps(connection: sqlite3.Connection, steps: tuple[str, ...]) -> None:
    # Asked again: another process may have migrated while this one waited for the lock.
    version = _version(connection)
    if version > len(steps):
        raise LedgerError(
            "The ledger was made by a newer release of bulk-loader.",
            f"It has version {version}; this release knows versions up to {len(steps)}.",
            "Install the newer release, or set BULK_LOADER_HOME to another directory.",
        )
    for step in steps[version:]:
        for statement in step.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(steps)}")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
