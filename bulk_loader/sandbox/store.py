"""The tasks that the sandbox took, in the order of arrival."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bulk_loader.model import DialerTask
from bulk_loader.sandbox.database import Database
from bulk_loader.simulation import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_COLUMNS = (
    "received_at, calldate, campaign, destination, alternatives, agent, data, source, bulk,"
    " automatic"
)
_INSERT = f"INSERT INTO queue ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_TASKS = f"SELECT id, state, {_COLUMNS} FROM queue LEFT JOIN turns USING (id)"  # noqa: S608
_AFTER = f"{_TASKS} WHERE id > ? ORDER BY id LIMIT ?"
_NEWEST = f"{_TASKS} ORDER BY id DESC LIMIT ?"
_WAITING = """
SELECT campaign, COUNT(*) FROM queue LEFT JOIN turns USING (id)
WHERE (COALESCE(calldate, '') <> '') = ? AND COALESCE(state, 'waiting') = 'waiting'
GROUP BY campaign ORDER BY campaign
"""


@dataclass(frozen=True, slots=True)
class QueuedTask:
    """A task that the sandbox took.

    Attributes:
        id: grows with the order of arrival; the first is 1.
        received_at: aware, UTC, to the millisecond.
        state: what became of it; without agents it waits.
    """

    id: int
    received_at: datetime
    task: DialerTask
    state: State = State.WAITING


class Store:
    """Tasks in the order of arrival; may be used from several threads.

    Args:
        db: the file, made where there is none; None for memory.

    Raises:
        LoaderError: the file can't be opened, or is not a sandbox's.
    """

    def __init__(self, db: Path | None) -> None:
        self.database = Database(db)
        self._counts = Counter(
            dict(self.database.rows("SELECT campaign, COUNT(*) FROM queue GROUP BY campaign"))
        )

    def add(self, arrivals: Iterable[tuple[datetime, DialerTask]]) -> None:
        """Queue tasks in this order, all or none of them, in one commit.

        Raises:
            sqlite3.Error: none of them is queued.
        """
        rows = [_row(received_at, task) for received_at, task in arrivals]
        with self.database.alone() as connection:
            with connection:
                connection.executemany(_INSERT, rows)
            self._counts.update(row[2] for row in rows)

    def after(self, last_id: int, limit: int = -1) -> Iterator[QueuedTask]:
        """Tasks that arrived after that one, oldest first; all of them where no limit is given."""
        return map(_queued, self.database.rows(_AFTER, last_id, limit))

    def newest(self, limit: int) -> Iterator[QueuedTask]:
        """The last tasks, newest first."""
        return map(_queued, self.database.rows(_NEWEST, limit))

    def counts(self) -> dict[str, int]:
        """Tasks by campaign, the fullest first."""
        with self.database.alone():
            return dict(self._counts.most_common())

    def waiting(self, *, is_dated: bool) -> dict[str, int]:
        """Tasks by campaign that wait: for a date, or for as soon as possible."""
        return dict(self.database.rows(_WAITING, is_dated))

    def close(self) -> None:
        """Close the file; what was added stays in it."""
        self.database.close()


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
    arrival, state, received_at, *texts, bulk, automatic = row
    values = [*texts, bool(bulk), bool(automatic)]
    received = datetime.fromisoformat(received_at)
    return QueuedTask(arrival, received, DialerTask(*values), State(state or State.WAITING))
