"""The course of each run, as bytes that only their reader understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.ledger.run_records import RunRecord
    from bulk_loader.ledger.store import Store


class Timelines:
    """Keeps how a run went on; nothing is decided by it. Every method may raise LedgerError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, record: RunRecord, content: bytes) -> None:
        """In place of what was kept for this run before."""
        self._store.change(
            "INSERT INTO timeline (run, content) VALUES (?, ?)"
            " ON CONFLICT (run) DO UPDATE SET content = excluded.content",
            (record.id, content),
        )

    def newest_of(self, chain: Sequence[RunRecord]) -> bytes | None:
        """What is kept for the first of these runs that has any."""
        for record in chain:
            query = "SELECT content FROM timeline WHERE run = ?"
            for (content,) in self._store.rows(query, (record.id,)):
                return bytes(content)
        return None
