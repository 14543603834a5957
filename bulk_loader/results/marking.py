"""Which cells of a sheet are at fault, as a condition that the sheet looks up by itself.

The sentence beside a row names the column that it is about. So the mark needs no look at any cell,
follows a column that is moved, and goes with the sentence when the row was sent after all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import Status
from bulk_loader.spreadsheets.references import column_letters
from bulk_loader.spreadsheets.xlsx.edit.conditions import Condition

if TYPE_CHECKING:
    from bulk_loader.results.places import Places

_LAST_ROW = 1_048_576  # of Excel; rows that are added later are marked as well

# The label of a column: its header on one line, and its letter where that is empty or stands twice.
# See `Problem.sentence`.
_NAMES_HEADER = 'ISNUMBER(FIND("column """&TRIM(SUBSTITUTE({header},CHAR(10)," "))&""":",{error}))'
_NAMES_LETTER = (
    'ISNUMBER(FIND("["&SUBSTITUTE(ADDRESS(1,COLUMN({header}),4),"1","")&"]"":",{error}))'
)


def fault_condition(places: Places, header_row: int, look: int) -> Condition:
    """The condition for the cells that the sentence of an invalid row names.

    Args:
        places: of the columns of the results.
        header_row: of the sheet that is written.
        look: number of its look.
    """
    _, status, error = (f"${column_letters(at)}{header_row + 1}" for at in places.positions)
    parts = {"header": f"A${header_row}", "error": error}
    named = f"OR({_NAMES_HEADER},{_NAMES_LETTER})".format(**parts)
    own = set(range(places.width)) - set(places.positions)
    last = column_letters(max(own, default=0))
    return Condition(
        f"A{header_row + 1}:{last}{_LAST_ROW}", f'{status}="{Status.INVALID}",{named}', look
    )
