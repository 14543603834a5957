"""What earlier runs say of leads, found by the hash of the task and not by its position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from bulk_loader.codes import read_code
from bulk_loader.ledger.run_records import SENDING
from bulk_loader.model import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulk_loader.codes import Code
    from bulk_loader.ledger.keys import LeadKey

# The strongest word about a lead wins where several runs of a chain speak of it.
_STRENGTH = (
    Status.UNSENT,
    Status.REJECTED,
    Status.UNKNOWN,
    Status.ACCEPTED,
)
_CODES = {status.value: code for code, status in enumerate(_STRENGTH)} | {
    SENDING: _STRENGTH.index(Status.UNKNOWN)
}

_ROW_TYPE = np.dtype(
    [
        ("task", np.int64),
        ("occurrence", np.int32),
        ("strength", np.int8),
        ("reason", np.int32),
        ("contact", np.int64),
    ]
)


class Prior:
    """Statuses of leads that were sent, or meant to be, by earlier runs; 25 bytes a lead.

    Args:
        rows: of `_ROW_TYPE`; `reason` is an index of `reasons`.
        reasons: pairs of code and detail, each once.
    """

    def __init__(self, rows: np.ndarray, reasons: Sequence[tuple[Code, str]] = ()) -> None:
        self._reasons = reasons
        # Sorted by task, occurrence and strength: the strongest word on a lead stands last.
        self._rows = np.sort(rows, order=("task", "occurrence", "strength"))
        self._tasks = np.ascontiguousarray(self._rows["task"])

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, str, str, str, int]]) -> Self:
        """By rows of task, occurrence, status, code, detail and contact, in any order."""
        reasons: dict[tuple[str, str], int] = {}
        found = (
            (
                task,
                occurrence,
                _CODES[status],
                reasons.setdefault((code, detail), len(reasons)),
                contact,
            )
            for task, occurrence, status, code, detail, contact in rows
            if status in _CODES
        )
        table = np.fromiter(found, dtype=_ROW_TYPE)
        return cls(table, [(read_code(code), detail) for code, detail in reasons])

    @property
    def leads(self) -> int:
        """Leads that the runs spoke of."""
        return len(self._rows)

    def count(self, status: Status) -> int:
        """Leads of one status."""
        return int((self._rows["strength"] == _STRENGTH.index(status)).sum())

    def find(self, rows: Sequence[int], keys: Sequence[LeadKey]) -> list[Outcome | None]:
        """For each lead what became of it in the earlier runs; None where they do not know it.

        Args:
            rows: row numbers now, which the outcomes get.
            keys: in the same order.
        """
        if not len(self._rows):
            return [None] * len(keys)
        wanted = np.fromiter((key.task for key in keys), dtype=np.int64, count=len(keys))
        starts = self._tasks.searchsorted(wanted, "left").tolist()
        ends = self._tasks.searchsorted(wanted, "right").tolist()
        return [
            self._strongest(row, key.occurrence, range(start, end)) if start < end else None
            for row, key, start, end in zip(rows, keys, starts, ends, strict=True)
        ]

    def _strongest(self, row: int, occurrence: int, indices: range) -> Outcome | None:
        for index in reversed(indices):
            found = self._rows[index]
            if found["occurrence"] == occurrence:
                return Outcome(row, _STRENGTH[found["strength"]], *self._reasons[found["reason"]])
        return None

    def contacts(self, *statuses: Status) -> np.ndarray:
        """Sorted contacts whose lead has one of these statuses."""
        return self._distinct("contact", statuses)

    def tasks(self, *statuses: Status) -> np.ndarray:
        """Sorted hashes of the tasks of leads with one of these statuses."""
        return self._distinct("task", statuses)

    def _distinct(self, column: str, statuses: Sequence[Status]) -> np.ndarray:
        wanted = [_STRENGTH.index(status) for status in statuses]
        return np.unique(self._rows[np.isin(self._rows["strength"], wanted)][column])
