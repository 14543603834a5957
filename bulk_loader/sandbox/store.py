"""The sandbox's queue in SQLite, in the order of arrival."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bulk_loader.errors import LoaderError
from bulk_loader.model import DialerTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# "BLSQ" as a number: marks the file as a sandbox's, so that another database is left alone.
APPLICATION_ID = 0x424C5351

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
)
"""
_COLUMNS = (
    "received_at, calldate, campaign, destination, alternatives, agent, data, source, bulk,"
    " automatic"
)
_INSERT = f"INSERT INTO queue ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_AFTER = f"SELECT id, {_COLUMNS} FROM queue WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608
_WAITING = """
SELECT campaign, COUNT(*) FROM queue WHERE (COALESCE(calldate, '') <> '') = ?
GROUP BY campaign ORDER BY campaign
"""
_NEWEST = f"SELECT id, {_COLUMNS} FROM queue ORDER BY id DESC LIMIT ?"  # noqa: S608


@dataclass(frozen=True, slots=True)
class QueuedTask:
    """A task that the sandbox took.

    Attributes:
        id: grows with the order of arrival; the first is 1.
        received_at: aware, UTC, to the millisecond.
    """

    id: int
    received_at: datetime
    task: DialerTask


class Store:
    """Tasks in the order of arrival; may be used from several threads.

    Args:
        db: the file, made where there is none; None for memory.

    Raises:
        LoaderError: the file can't be opened, or is not a sandbox's.
    """

    def __init__(self, db: Path | None) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = _connect(db)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(db, str(error)) from error
        self._counts = Counter(
            dict(self._connection.execute("SELECT campaign, COUNT(*) FROM queue GROUP BY campaign"))
        )

    def add(self, arrivals: Iterable[tuple[datetime, DialerTask]]) -> None:
        """Queue tasks in this order, all or none of them, in one commit.

        Raises:
            sqlite3.Error: none of them is queued.
        """
        rows = [_row(received_at, task) for received_at, task in arrivals]
        with self._lock:
            with self._connection:
                self._connection.executemany(_INSERT, rows)
            self._counts.update(row[2] for row in rows)

    def after(self, last_id: int, limit: int = -1) -> Iterator[QueuedTask]:
        """Tasks that arrived after that one, oldest first; all of them where no limit is given."""
        return self._select(_AFTER, last_id, limit)

    def newest(self, limit: int) -> Iterator[QueuedTask]:
        """The last tasks, newest first."""
        return self._select(_NEWEST, limit)

    def counts(self) -> dict[str, int]:
        """Tasks by campaign, the fullest first."""
        with self._lock:
            return dict(self._counts.most_common())

    def waiting(self, *, is_dated: bool) -> dict[str, int]:
        """Tasks by campaign: those for a date, or those for as soon as possible."""
        with self._lock:
            return dict(self._connection.execute(_WAITING, (is_dated,)))

    def close(self) -> None:
        """Close the file; what was added stays in it."""
        self._connection.close()

    def _select(self, sql: str, *parameters: int) -> Iterator[QueuedTask]:
        with self._lock:
            rows = self._connection.execute(sql, parameters).fetchall()
        return map(_queued, rows)


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
    connection.execute(_SCHEMA)


def _row(received_at: datetime, task: DialerTask) -> tuple[object, ...]:
    return (
        received_at.isoformat(timespec="milliseconds"),
        task.calldate,
        task.campaign,
        task.destination,
        task.alternatives,
        task.agent,
        task.data,
        task.source,
        task.bulk,
        task.automatic,
    )


def _queued(row: tuple[Any, ...]) -> QueuedTask:
    arrival, received_at, *texts, bulk, automatic = row
    values = [*texts, bool(bulk), bool(automatic)]
    return QueuedTask(arrival, datetime.fromisoformat(received_at), DialerTask(*values))


def _unusable(db: Path | None, why: str) -> LoaderError:
    return LoaderError(
        f"The sandbox can't keep its queue in {db}.",
        why,
        "Give the name of a new file, or leave the file out to keep the queue in memory.",
    )
