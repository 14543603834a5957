"""The ledger of one machine in SQLite."""

from __future__ import annotations

import secrets
import sqlite3
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

from bulk_loader.ledger.files import BUSY_FILE, WAL_FILE, unusable_home
from bulk_loader.ledger.sqlite_errors import translated_errors
from bulk_loader.ledger.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from bulk_loader.ledger.pace import Pace
    from bulk_loader.ledger.store import Row, Values

T = TypeVar("T")


class Connection(sqlite3.Connection):
    """Closes with all that was asked: an answer that nobody reads to its end would keep it open."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._asked: WeakSet[sqlite3.Cursor] = WeakSet()

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """Keep in mind what was asked."""
        cursor = super().execute(*arguments)
        self._asked.add(cursor)
        return cursor

    def close(self) -> None:
        """End all answers first."""
        for cursor in list(self._asked):
            cursor.close()
        super().close()


class SqliteStore:
    """As `Store`; whoever writes keeps all others from writing."""

    def __init__(self, connection: Connection, home: Path) -> None:
        self._connection = connection
        self._home = home
        self._mark = ""

    def rows(self, statement: str, values: Values = ()) -> list[Row]:
        """As `Store.rows`."""
        with translated_errors():
            return self._connection.execute(statement, values).fetchall()

    def stream(self, statement: str, values: Values = ()) -> Iterator[Row]:
        """As `Store.stream`; what is written meanwhile may be among them."""
        with translated_errors():
            for row in self._connection.execute(statement, values):  # noqa: UP028 - would close it
                yield row

    def change(self, statement: str, values: Values = ()) -> int:
        """As `Store.change`."""
        with translated_errors():
            return self._connection.execute(statement, values).rowcount

    def change_all(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        """As `Store.change_all`."""
        with translated_errors():
            return self._connection.executemany(statement, rows).rowcount

    @contextmanager
    def transaction(self, target: str = "") -> Iterator[None]:
        """Hold the one write lock, whatever the dialer."""
        del target
        with translated_errors(), transaction(self._connection):
            yield

    def writes_of_others(self, target: str) -> int:
        """Of all dialers together."""
        del target
        ((version,),) = self.rows("PRAGMA data_version")
        return int(version)

    def places(self, target: str, wanted: int, pace: Pace) -> int:
        """All of them: a run of one machine keeps to its pace by itself."""
        del target, pace
        return wanted

    def take_places(self, target: str, taken: int, pace: Pace) -> float:
        """No pause: that of a run of one machine is its own."""
        del target, taken, pace
        return 0.0

    def now(self) -> float:
        """By the clock of this machine."""
        return time.time()

    def durably(self, target: str, group: Callable[[], T], again: Callable[[], object]) -> T:
        """Once: where the file fails, it fails again."""
        del again
        with self.transaction(target):
            return group()

    def is_leased(self, names: Iterable[str]) -> bool:
        """Never: the locks of the machine say it."""
        del names
        return False

    def is_helped(self, run: int) -> bool:
        """Never: a run is one program's."""
        del run
        return False

    def begin_writing(self) -> None:
        """Note that from now on the write-ahead log holds what must not be lost.

        Raises:
            LedgerError: it can't be noted, so nothing may be sent.
        """
        self._mark = secrets.token_hex(8)
        try:
            path = self._home / BUSY_FILE
            path.touch(mode=0o600)
            path.write_text(self._mark, "ascii")
        except OSError as error:
            raise unusable_home(self._home, error) from error

    def close(self) -> None:
        """Take the mark away where nothing depends on the write-ahead log any more.

        Who closes last brings the log home and removes it, also one that only looked, and also the
        log of a program that was cut off. So the mark goes with the log, whoever set it.
        """
        if self._mark:
            with suppress(sqlite3.Error):  # then the mark stays, and the log beside it
                self._connection.execute("UPDATE ledger SET closed = ?", (self._mark,))
        self._connection.close()
        with suppress(OSError):
            if not (self._home / WAL_FILE).exists():
                (self._home / BUSY_FILE).unlink(missing_ok=True)
