"""The course of each run, as bytes that only their reader understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.ledger.sqlite_errors import translated_errors

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from bulk_loader.ledger.run_records import RunRecord


class Timelines:
    """Keeps how a run went on; nothing is decided by it. Every method may raise LedgerError."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @translated_errors()
    def keep(self, record: RunRecord, content: bytes) -> None:
        """In place of what was kept for this run before."""
        self._connection.execute(
            "INSERT OR REPLACE INTO timeline (run, content) VALUES (?, ?)", (record.id, content)
        )

    @translated_errors()
    def newest_of(self, chain: Sequence[RunRecord]) -> bytes | None:
        """What is kept for the first of these runs that has any."""
        for record in chain:
            query = "SELECT content FROM timeline WHERE run = ?"
            found = self._connection.execute(query, (record.id,)).fetchone()
            if found is not None:
                return bytes(found[0])
        return None
