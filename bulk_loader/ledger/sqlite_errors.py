"""SQLite's errors in the user's words."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bulk_loader.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Another run of another file may be writing; a group commit takes milliseconds.
BUSY_TIMEOUT_S = 10.0


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise LedgerError for whatever SQLite says."""
    try:
        yield
    except sqlite3.Error as error:
        why, remedy = _REASONS.get(
            error.sqlite_errorcode & 0xFF if hasattr(error, "sqlite_errorcode") else 0,
            (
                f"SQLite says: {error}.",
                "Run the command again; the ledger's directory is named by BULK_LOADER_HOME.",
            ),
        )
        raise LedgerError(
            "The ledger can't be used, so nothing may be sent.", why, remedy
        ) from error


_REASONS = {
    sqlite3.SQLITE_BUSY: (
        f"Another process has kept it locked for {BUSY_TIMEOUT_S:.0f} seconds.",
        "End the program that holds it, and run the same command again.",
    ),
    sqlite3.SQLITE_LOCKED: (
        "Another process has it locked.",
        "End the program that holds it, and run the same command again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "Its file or directory is read-only.",
        "Make it writable for this user, or set BULK_LOADER_HOME to another directory.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "Its file can't be opened.",
        "Check the directory's owner and mode, or set BULK_LOADER_HOME to another directory.",
    ),
    sqlite3.SQLITE_FULL: (
        "The disk is full.",
        "Make room on the disk, and run the same command again: it goes on where it stopped.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk reports an error, or is full.",
        "Check the disk, and run the same command again: it goes on where it stopped.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "Its file is damaged.",
        (
            "Restore it from a backup. Without one, move the whole directory away, and check in "
            "the dialer what was sent: nothing is known of earlier runs then."
        ),
    ),
    sqlite3.SQLITE_NOTADB: (
        "Its file is not a ledger.",
        "Move it away, or set BULK_LOADER_HOME to another directory.",
    ),
}
