"""Taking the ledger of one machine along into a database that machines share."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from bulk_loader.errors import LedgerError
from bulk_loader.ledger.connecting import translated
from bulk_loader.ledger.database import has_database, open_database
from bulk_loader.ledger.dialect import held_row
from bulk_loader.ledger.files import LEDGER_FILE, MOVED_FILE, unusable_home
from bulk_loader.ledger.keys import KEY_FILE
from bulk_loader.ledger.postgres_store import PostgresStore
from bulk_loader.ledger.postgres_tables import TURN, migrate
from bulk_loader.ledger.sqlite_errors import BUSY_TIMEOUT_S
from bulk_loader.ledger_place import shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.ledger.keys import Keys
    from bulk_loader.ledger.store import Row, Store
    from bulk_loader.ledger_place import LedgerPlace


class Moved(NamedTuple):
    """How much was taken along."""

    runs: int
    leads: int


def move_ledger(place: LedgerPlace) -> Moved:
    """Copy all that the ledger in `place.home` knows into the database at `place.url`.

    All of it or nothing; nobody writes in either meanwhile. What was moved stays as `MOVED_FILE`,
    which no program reads. A move that was cut off after the database had it all is only completed.

    Raises:
        LedgerError: there is no ledger here, the database has one with another key, or either
            can't be used.
    """
    assert place.url is not None
    if not has_database(place.home):
        raise LedgerError(
            f"There is no ledger in {place.home} that could be moved.",
            "It was moved already, or nothing was ever sent from this machine.",
            "See what the shared one holds with: bulk-loader ledger check",
        )
    key_file = place.key_file or place.home / KEY_FILE
    own, keys = open_database(place.home, key_file, BUSY_TIMEOUT_S)
    with (
        closing(own),
        closing(PostgresStore(place.url)) as shared,
        own.transaction(),
        translated(place.url),
        shared.connection.transaction(),
    ):
        migrate(shared.connection)
        moved = _Move(own, shared, keys).carry_out()
    _put_away(place)  # once it is closed, and all that it holds is in this one file
    return moved


def _put_away(place: LedgerPlace) -> None:
    try:
        (place.home / LEDGER_FILE).replace(place.home / MOVED_FILE)
    except OSError as error:
        raise unusable_home(place.home, error) from error


class _Move:
    def __init__(self, own: Store, shared: PostgresStore, keys: Keys) -> None:
        self._own = own
        self._shared = shared
        self._keys = keys
        self._numbers: dict[int, int] = {}

    def carry_out(self) -> Moved:
        """Copy everything, in one transaction of each."""
        self._shared.rows("SELECT pg_advisory_xact_lock(?)", (TURN,))
        self._share_key()
        runs = self._own.rows(f"SELECT {_RUN} FROM run ORDER BY id")  # noqa: S608 - ours
        there = {name for (name,) in self._shared.rows("SELECT name FROM run")}
        new = [run for run in runs if run[1] not in there]
        for run in new:
            self._copy_run(run)
        leads = self._copy("lead", _LEAD)
        self._copy("written", "digest")
        self._copy("timeline", "content")
        self._shared.change_all(
            "INSERT INTO forgotten (name) VALUES (?) ON CONFLICT DO NOTHING",
            self._own.rows("SELECT name FROM forgotten"),
        )
        self._shared.change(
            "UPDATE ledger SET numbered_since = greatest(numbered_since, ?)",
            self._own.rows("SELECT numbered_since FROM ledger")[0],
        )
        self._shared.change("UPDATE dialer SET version = version + 1")
        self._shared.change("ANALYZE lead")
        return Moved(len(new), leads)

    def _share_key(self) -> None:
        found = self._shared.rows("SELECT key_check FROM ledger")
        if not found:
            self._shared.change("INSERT INTO ledger (key_check) VALUES (?)", (self._keys.check,))
        elif found[0][0] != self._keys.check:
            raise LedgerError(
                f"The ledger at {shown_url(self._shared.url)} has another key than this one.",
                "By another key the same people have other hashes, so the two can't become one.",
                "Begin with the ledger that knows the most, and move it before any other machine "
                f"uses the database. Where nothing in {LEDGER_FILE} matters any more, move it away.",
            )

    def _copy_run(self, run: Row) -> None:
        number, *values, continues = run
        ((there,),) = self._shared.rows(
            f"INSERT INTO run ({_RUN.removeprefix('id, ')})"  # noqa: S608 - ours
            f" VALUES ({', '.join('?' * (len(run) - 1))}) RETURNING id",
            (*values, self._numbers.get(continues)),
        )
        self._numbers[number] = there

    def _copy(self, table: str, columns: str) -> int:
        """The rows of the runs that were copied; how many."""
        count = 0
        statement = f"COPY {table} (run, {columns}) FROM STDIN"
        with self._shared.connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in self._rows(table, columns):
                copy.write_row(held_row(row))
                count += 1
        return count

    def _rows(self, table: str, columns: str) -> Iterator[Row]:
        for run, *values in self._own.stream(f"SELECT run, {columns} FROM {table}"):  # noqa: S608
            if run in self._numbers:
                yield (self._numbers[run], *values)


_RUN = (
    "id, name, kind, path, digest, target, results, settings, shape, leads, ending, stopped_why,"
    " started_at, ended_at, sessions, origin, unsaid, machine, continues"
)
_LEAD = "row, task, occurrence, contact, number, status, code, detail, settled_at"
