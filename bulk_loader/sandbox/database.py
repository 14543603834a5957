"""The sandbox's file: what stands in it, and one connection to it for several threads."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bulk_loader.errors import LoaderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# "BLSQ" as a number: marks the file as a sandbox's, so that another database is left alone.
APPLICATION_ID = 0x424C5351

# A task stands in `queue` for ever. From when it joins the dialing on, `turns` says where it stands.
# Moments of the dialing (`…_at` there, `now`) are seconds since 1970 by the dialer's own clock.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at TEXT NOT NULL,
    calldate TEXT,
    campaign TEXT NOT NULL,
    destination TEXT NOT NULL,
    alternatives TEXT NOT NULL,
    agent TEXT NOT NULL,
    data TEXT NOT NULL,
    source TEXT NOT NULL,
    bulk INTEGER NOT NULL,
    automatic INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS turns (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    position INTEGER NOT NULL,
    ready_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS turns_in_order ON turns (state, ready_at, id);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    record INTEGER NOT NULL,
    position INTEGER NOT NULL,
    agent TEXT NOT NULL,
    number TEXT NOT NULL,
    answer TEXT NOT NULL,
    began_at REAL NOT NULL,
    answered_at REAL,
    ended_at REAL NOT NULL,
    free_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS calls_by_end ON calls (free_at);
CREATE TABLE IF NOT EXISTS minutes (
    minute INTEGER PRIMARY KEY,
    waiting INTEGER,
    reached INTEGER NOT NULL,
    busy INTEGER NOT NULL,
    no_answer INTEGER NOT NULL,
    invalid INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS clock (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), now REAL NOT NULL);
"""


class Database:
    """One connection, used by one thread at a time.

    Args:
        db: the file, made where there is none; None for memory.

    Raises:
        LoaderError: the file can't be opened, or is not a sandbox's.
    """

    def __init__(self, db: Path | None) -> None:
        self._lock = threading.RLock()
        try:
            self.connection = _connect(db)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(db, str(error)) from error

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """The connection, while no other thread uses it."""
        with self._lock:
            yield self.connection

    def rows(self, sql: str, *parameters: float | str) -> list[tuple[Any, ...]]:
        """All rows of an answer."""
        with self._lock:
            return self.connection.execute(sql, parameters).fetchall()

    def close(self) -> None:
        """Close the file; what was changed stays in it."""
        self.connection.close()


def _connect(db: Path | None) -> sqlite3.Connection:
    if db is not None:
        db.touch(mode=0o600)  # a trial may well be made with real phone numbers
    connection = sqlite3.connect(db or ":memory:", check_same_thread=False)
    try:
        _prepare(connection, db)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, db: Path | None) -> None:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if tables and application_id != APPLICATION_ID:
        raise _unusable(db, "It is a database of another program.")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA journal_mode = WAL")
    # A commit outlives the end of this program, kill -9 included, without any sync to the disk;
    # only a power failure could take it, which is nothing to fear in a trial.
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(_SCHEMA)


def _unusable(db: Path | None, why: str) -> LoaderError:
    return LoaderError(
        f"The sandbox can't keep its queue in {db}.",
        why,
        "Give the name of a new file, or leave the file out to keep the queue in memory.",
    )
