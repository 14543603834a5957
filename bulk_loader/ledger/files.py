"""The files of a ledger of one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import LedgerError

if TYPE_CHECKING:
    from pathlib import Path

LEDGER_FILE = "ledger.sqlite3"
WAL_FILE = f"{LEDGER_FILE}-wal"
MOVED_FILE = "ledger.moved.sqlite3"
"""What a ledger is called that was taken along into a database; no program reads it."""

BUSY_FILE = "ledger.busy"
"""Stands beside the ledger from the first run until a clean end, with a number of its own.

Between the two, commits lie in SQLite's write-ahead log, so that the log must be there too. The last
of them says in the ledger that the program of this number has come to its end: a program that is
killed after SQLite has brought the log home, and before the mark is gone, has lost nothing.
"""


def unusable_home(home: Path, error: OSError) -> LedgerError:
    """The directory can't be made, read or written."""
    return LedgerError(
        f"The ledger's directory {home} can't be used.",
        f"{error.strerror or error}.",
        "Make it writable for this user, or set BULK_LOADER_HOME to another directory.",
    )
