"""Opening the ledger of one machine: the database, its key, and whether both are what they were."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from bulk_loader.errors import LedgerError
from bulk_loader.ledger.files import BUSY_FILE, LEDGER_FILE, WAL_FILE, unusable_home
from bulk_loader.ledger.keys import (
    KEY_FILE,
    Keys,
    lost_ledger,
    make_keys,
    place_key,
    read_keys,
    restored,
)
from bulk_loader.ledger.sqlite_errors import translated_errors
from bulk_loader.ledger.sqlite_store import Connection, SqliteStore
from bulk_loader.ledger.tables import migrate
from bulk_loader.ledger.transactions import transaction
from bulk_loader.owners import is_own, keep_private, make_private

if TYPE_CHECKING:
    from pathlib import Path


def has_database(home: Path) -> bool:
    """Whether there is one already; to open it would begin one."""
    return (home / LEDGER_FILE).exists()


def open_database(home: Path, key_file: Path, busy_timeout_s: float) -> tuple[SqliteStore, Keys]:
    """The ledger's database in `home`, and its key, made where there are none.

    Raises:
        LedgerError: it is locked, read-only, damaged, newer, or a part of it is lost; nothing was
            changed.
    """
    path = home / LEDGER_FILE
    try:
        _require_private(home, key_file)
        _require_whole(home, key_file)
        if not path.exists():
            # SQLite would make it readable for all; its other files take the mode from it.
            path.touch(mode=0o600)
    except OSError as error:
        raise unusable_home(home, error) from error
    with translated_errors():
        connection = sqlite3.connect(
            path,
            timeout=busy_timeout_s,
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
        )
    try:
        with translated_errors():
            keys = _prepare(connection, home, key_file, busy_timeout_s)
    except BaseException:
        connection.close()
        raise
    return SqliteStore(connection, home), keys


def _require_private(home: Path, key_file: Path) -> None:
    """Make the directory, and whatever is open to others in it, this user's alone."""
    exposed = make_private(home)
    for name in (LEDGER_FILE, WAL_FILE, f"{LEDGER_FILE}-shm", BUSY_FILE, KEY_FILE):
        exposed = exposed or keep_private(home / name)
    with suppress(FileNotFoundError):
        if is_own(key_file.stat()):  # that of another may be handed out by him, as containers do it
            keep_private(key_file)
    if exposed is not None:
        raise LedgerError(
            f"The ledger in {home} is not this user's alone, so nothing may be sent.",
            f"{exposed.why} Who can write there decides what counts as sent.",
            f"If all in it is right: {exposed.remedy}\n"
            "Or set BULK_LOADER_HOME to a directory of yours, such as a new one below it.",
        )


def _require_whole(home: Path, key_file: Path) -> None:
    path = home / LEDGER_FILE
    has_ledger = path.exists() and path.stat().st_size > 0
    for key in (key_file, home / KEY_FILE):
        if not has_ledger and key.exists():
            raise lost_ledger(key, home)
    is_marked = (home / BUSY_FILE).exists() and not (home / WAL_FILE).exists()
    if has_ledger and is_marked and not _was_closed(path, (home / BUSY_FILE).read_bytes()):
        raise LedgerError(
            f"A part of the ledger is lost: there is no {home / WAL_FILE}.",
            "It held what was sent before the program was cut off, and those people would be "
            "called twice.",
            "Bring it back, or restore the whole directory from a backup. Without either, look in "
            f"the dialer what was sent last, then remove {home / BUSY_FILE} to go on without it.",
        )


def _was_closed(path: Path, mark: bytes) -> bool:
    """Whether the ledger says that the program of this mark has come to its end."""
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
        ) as connection:
            (number,) = connection.execute("SELECT closed FROM ledger").fetchone()
    except (sqlite3.Error, TypeError):
        return False  # damaged or of an older release, which opening it will tell
    return bool(mark) and number == mark.decode("ascii", "replace")


def _prepare(
    connection: sqlite3.Connection, home: Path, key_file: Path, busy_timeout_s: float
) -> Keys:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    migrate(connection)
    _write_ahead(connection, busy_timeout_s)
    if _key_check(connection) is None:
        # Under the lock, so that two programs that begin the ledger at once share one key.
        with transaction(connection):
            if _key_check(connection) is None:
                check = make_keys(key_file, home).check
                connection.execute("INSERT INTO ledger (key_check) VALUES (?)", (check,))
    place_key(key_file)
    keys = read_keys(key_file, home)
    if _key_check(connection) != keys.check:
        raise LedgerError(
            "The ledger's key does not belong to the ledger.",
            f"{key_file} is the key of another ledger, or was replaced, so no lead would be "
            "recognised and all would be sent again.",
            restored(key_file, home),
        )
    return keys


def _key_check(connection: sqlite3.Connection) -> int | None:
    row = connection.execute("SELECT key_check FROM ledger").fetchone()
    return None if row is None else int(row[0])


def _write_ahead(connection: sqlite3.Connection, busy_timeout_s: float) -> None:
    """Turn the write-ahead log on, waiting for others that open the ledger at the same moment.

    SQLite itself waits for every other lock, but not where it makes a read lock a write lock, as it
    does here: two programs that began a ledger at once would refuse each other.
    """
    deadline = time.monotonic() + busy_timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
