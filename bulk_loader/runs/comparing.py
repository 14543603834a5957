"""A results file held against a list, row by row, by the user's own cells."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bulk_loader.errors import SourceError
from bulk_loader.model import RESULT_COLUMNS, Status
from bulk_loader.reading import HiddenRows, ReadingOptions, open_leads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulk_loader.model import LeadTable

# Of what the results call taken, so much stands in the list just so: then it is the same list.
MOSTLY = 0.5

_TAKEN = frozenset({Status.ACCEPTED, Status.UNKNOWN})


def are_results_of(results: Path, table: LeadTable) -> bool:
    """Most of the leads that a results file calls accepted or unknown stand in the list."""
    opened = _open_results(results, table)
    if opened is None:
        return False
    labels = _own_labels(table)
    try:
        taken = Counter(_rows(opened, labels, only_taken=True))
        found = Counter(row for row in _rows(table, labels) if row in taken)
    except SourceError:
        return False
    return bool(taken) and (taken & found).total() >= MOSTLY * taken.total()


def adds_nothing(results: Path, table: LeadTable) -> bool:
    """Every row of a results file stands in the list just so: nobody has corrected one."""
    opened = _open_results(results, table)
    if opened is None or set(_own_labels(opened)) != set(_own_labels(table)):
        return False
    labels = _own_labels(table)
    try:
        return not Counter(_rows(opened, labels)) - Counter(_rows(table, labels))
    except SourceError:
        return False


def _open_results(results: Path, table: LeadTable) -> LeadTable | None:
    """The file as a table; None where it is no results file of a list with these columns."""
    if not results.is_file():
        return None
    try:
        opened = open_leads(results, ReadingOptions(hidden=HiddenRows.SEND))
    except SourceError:
        return None  # nothing that we wrote
    needed = {*_own_labels(table), *RESULT_COLUMNS}
    return opened if needed <= set(opened.source.columns) else None


def _own_labels(table: LeadTable) -> list[str]:
    return [label for label in table.source.columns if label not in RESULT_COLUMNS]


def _rows(
    table: LeadTable, labels: list[str], *, only_taken: bool = False
) -> Iterator[tuple[str, ...]]:
    for batch in table.batches():
        frame = batch.frame
        if only_taken:
            frame = frame[frame["dialer_status"].str.strip().str.lower().isin(_TAKEN)]
        yield from frame[labels].itertuples(index=False, name=None)
