"""One look through all leads before the first of them is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.screening.whole_list import Acquaintance

if TYPE_CHECKING:
    from bulk_loader.model import ColumnMap, LeadTable
    from bulk_loader.screening.whole_list import WholeList


def look_through(table: LeadTable, columns: ColumnMap, batch_size: int) -> WholeList:
    """What the list is like, the same for `check`, `upload`, `retry` and a run that is gone on with.

    Raises:
        SourceError: the file can't be read any more.
    """
    acquaintance = Acquaintance(columns)
    for batch in table.batches(batch_size):
        acquaintance.add(batch.frame)
    return acquaintance.known()
