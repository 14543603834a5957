"""One look at a list before the first of its leads is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.screening.whole_list import Acquaintance

if TYPE_CHECKING:
    from bulk_loader.model import ColumnMap, LeadTable
    from bulk_loader.screening.whole_list import WholeList

# Twenty times what tells a common length of numbers from a rare one; a list of millions is not read
# once more for it.
LOOKED_AT = 10_000


def look_through(table: LeadTable, columns: ColumnMap, batch_size: int) -> WholeList:
    """What the first `LOOKED_AT` leads of the list are like.

    It is the same for `check`, `upload`, `retry` and a run that is gone on with.

    Raises:
        SourceError: the file can't be read any more.
    """
    acquaintance = Acquaintance(columns)
    left = LOOKED_AT
    for batch in table.batches(min(batch_size, LOOKED_AT)):
        acquaintance.add(batch.frame.head(left))
        left -= len(batch.frame)
        if left <= 0:
            break
    return acquaintance.known()
