"""What a sheet gets besides its new cells, so that a person finds what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.references import column_letters
from bulk_loader.spreadsheets.xlsx.edit.conditions import with_condition
from bulk_loader.spreadsheets.xlsx.edit.note_links import with_notes_link
from bulk_loader.spreadsheets.xlsx.edit.tail import with_element
from bulk_loader.spreadsheets.xlsx.edit.views import MAX_FROZEN_ROWS, in_front, with_frozen_rows

if TYPE_CHECKING:
    from bulk_loader.spreadsheets.xlsx.edit.columns import NewColumns
    from bulk_loader.spreadsheets.xlsx.edit.conditions import Condition


@dataclass(frozen=True, slots=True)
class Finish:
    """Each of them is left out where the sheet has no certain place for it.

    Attributes:
        last_row: down to which the header is filtered, and it is frozen besides; 0 where the
            sheet stays as its author wanted it.
        condition: marks cells.
        notes: identifier of the part with the boxes of its notes; "" where it has none any more,
            None where that stays as it is.
        is_in_front: the workbook opens on it.
    """

    last_row: int = 0
    condition: Condition | None = None
    notes: str | None = None
    is_in_front: bool = False

    def filtered(self, columns: NewColumns) -> str:
        """Reference of a new filter; "" for none."""
        if not self.last_row:
            return ""
        return f"A{columns.header_row}:{column_letters(columns.last)}{self.last_row}"

    def head(self, head: bytes, prefix: bytes, columns: NewColumns) -> bytes:
        """What stands before the rows."""
        if self.last_row and columns.header_row <= MAX_FROZEN_ROWS:
            head = with_frozen_rows(head, prefix, columns.header_row)
        return in_front(head) if self.is_in_front else head

    def tail(self, tail: bytes, prefix: bytes, columns: NewColumns) -> bytes:
        """What stands behind the rows, or the beginning of it."""
        if cells := self.filtered(columns):
            markup = b'<%bautoFilter ref="%b"/>' % (prefix, cells.encode())
            tail = with_element(tail, prefix, "autoFilter", markup) or tail
        if self.condition is not None:
            tail = with_condition(tail, prefix, self.condition) or tail
        if self.notes is not None:
            tail = with_notes_link(tail, prefix, self.notes) or tail
        return tail
