"""Outcomes meet the rows of the source: every lead gets exactly one, nothing else gets any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.errors import ResultsError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bulk_loader.model import Status


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What stands beside one lead in the results file.

    Attributes:
        row: row number in the source.
        error: why, in whole sentences; "" for an accepted lead.
    """

    row: int
    status: Status
    error: str = ""


@dataclass(frozen=True, slots=True)
class ResultsReport:
    """A results file that was written.

    Attributes:
        notes: what differs from a faithful copy of the input, one sentence each.
    """

    path: Path
    notes: tuple[str, ...] = ()


class Accounting:
    """Gives out the results, row by row, while the source is read again from its top.

    Args:
        rows: ascending by row number.
        leads: how many there must be.
    """

    def __init__(self, rows: Iterable[ResultRow], leads: int) -> None:
        self._rows = iter(rows)
        self._next = next(self._rows, None)
        self._given = 0
        self._leads = leads

    def result_of(self, row: int) -> ResultRow | None:
        """The result of this row; None where the row is no lead.

        Raises:
            ResultsError: there is a result for an earlier row that was never asked for.
        """
        result = self._next
        if result is None or result.row > row:
            return None
        if result.row < row:
            raise _unaccounted(f"Row {result.row} has an outcome, but the file has no such row.")
        self._next = next(self._rows, None)
        self._given += 1
        return result

    def close(self) -> None:
        """Hold the results against the leads, after the last row.

        Raises:
            ResultsError: a lead has no result, or a result has no row.
        """
        if self._next is not None:
            raise _unaccounted(f"Row {self._next.row} has an outcome, but the file ends before it.")
        if self._given != self._leads:
            raise _unaccounted(f"{self._given:,} of {self._leads:,} leads have an outcome.")


def _unaccounted(why: str) -> ResultsError:
    return ResultsError("The outcomes do not fit the rows of the file.", why)
