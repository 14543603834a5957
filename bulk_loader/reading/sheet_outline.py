"""One look through a whole sheet of a workbook, so that all is said before anything is sent."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Protocol, TypeVar

from bulk_loader.errors import SourceError
from bulk_loader.reading.headers import (
    HEADER_SEARCH_ROWS,
    column_letter,
    filled_width,
    find_header,
    header_notes,
)
from bulk_loader.reading.options import HiddenRows

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from bulk_loader.reading.limits import Limits
    from bulk_loader.reading.merges import Merge

# Texts further to the right of the header than this are strays that would make every row wide.
MAX_COLUMNS_BESIDE_HEADER = 1000

# A note names this many merges; a person finds the others beside them.
_MERGES_SHOWN = 3

Stored = TypeVar("Stored")


class Sheet(Protocol[Stored]):
    """The rows of a sheet as its format stores them."""

    def rows(self) -> Generator[tuple[int, bool, Stored], None, None]:
        """Row number, whether nobody sees the row, and what is stored; opens the file anew.

        In the order of the sheet; rows without contents may be missing. A hidden row is one
        that is hidden by hand, by a filter or by a folded group.
        """

    def texts(self, stored: Stored, width: int) -> list[str]:
        """The cells of a row, `width` at least, as the text that a person sees, or `Damaged`."""

    def outline(self, stored: Stored) -> tuple[int, bool]:
        """The number of cells up to the last with text, and whether the row can be a lead."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What only the whole sheet tells.

    Attributes:
        header_row: 0 where there is none.
        width: columns that hold any text, from the header on.
        leads: hidden ones included.
        hidden: number of leads in hidden rows.
        first_hidden: row number of the first of them; 0 where there is none.
    """

    header_row: int
    header: list[str]
    width: int
    leads: int
    hidden: int
    first_hidden: int

    def leads_under(self, choice: HiddenRows) -> int:
        """Number of leads, without the hidden ones where those are left out."""
        return self.leads - self.hidden if choice is HiddenRows.SKIP else self.leads

    def decisions(
        self, merges: Sequence[Merge], hidden_columns: Sequence[int], choice: HiddenRows
    ) -> tuple[str, ...]:
        """What was decided about the sheet, one sentence each.

        Raises:
            SourceError: there are hidden leads, and the user has not said what becomes of them.
        """
        notes = [*header_notes(self.header_row), *self._hidden_note(choice)]
        hidden = [column_letter(at) for at in hidden_columns if at < self.width]
        if hidden:
            notes.append(f"Hidden columns are used like the others: {', '.join(hidden)}.")
        if merges:
            shown = ", ".join(merge.reference for merge in merges[:_MERGES_SHOWN])
            more = "…" if len(merges) > _MERGES_SHOWN else ""
            notes.append(
                f"Cells below the header are merged ({shown}{more}); "
                "their value counts for the first one only."
            )
        return tuple(notes)

    def _hidden_note(self, choice: HiddenRows) -> tuple[str, ...]:
        if not self.hidden:
            return ()
        counted = f"{self.hidden:,} of {self.leads:,} leads"
        match choice:
            case HiddenRows.SKIP:
                return (f"Left out: {counted}, in rows that are hidden or filtered away.",)
            case HiddenRows.SEND:
                return (f"Included: {counted}, in rows that are hidden or filtered away.",)
            case HiddenRows.ASK:
                raise SourceError(
                    f"{counted} are in rows that are hidden or filtered away, "
                    f"the first in row {self.first_hidden}.",
                    "Whether they are to be called can't be seen from the file.",
                    "Leave them out with --hidden skip, or include them with --hidden send.",
                )


def look_through(sheet: Sheet[Stored], chosen_header: int | None, limits: Limits) -> Outline:
    """Look through all rows of a sheet, once.

    Args:
        sheet: from its first row to its end.
        chosen_header: the user's word; None to find it.
        limits: on the rows that hold anything.

    Raises:
        SourceError: the sheet is empty, has no such header, or passes a limit.
    """
    with closing(sheet.rows()) as rows:
        return _look_through(sheet, rows, chosen_header, limits)


def _look_through(
    sheet: Sheet[Stored],
    rows: Iterator[tuple[int, bool, Stored]],
    chosen_header: int | None,
    limits: Limits,
) -> Outline:
    first = _first_filled(sheet, rows)
    found = find_header([(number, sheet.texts(stored, 0)) for number, _, stored in first])
    if found is None:
        raise SourceError(
            "The sheet is empty.",
            "Not one of its cells has a text.",
            "Choose another sheet with --sheet, or fill in this one.",
        )
    header_row = found if chosen_header is None else chosen_header
    header: list[str] = []
    width = leads = hidden = first_hidden = seen = last = 0
    for number, is_hidden, stored in chain(first, rows):
        last = _next_number(number, last)
        seen += 1
        if number <= header_row:
            header = sheet.texts(stored, 0) if number == header_row else []
            continue
        filled, may_be_lead = sheet.outline(stored)
        width = max(width, filled)
        if may_be_lead:
            leads += 1
            if is_hidden:
                hidden += 1
                first_hidden = first_hidden or number
    _check_length(seen, limits)
    named = _header_width(header, header_row)
    _check_strays(named if header_row else width, width)
    return Outline(header_row, header, max(named, width), leads, hidden, first_hidden)


def _first_filled(
    sheet: Sheet[Stored], rows: Iterator[tuple[int, bool, Stored]]
) -> list[tuple[int, bool, Stored]]:
    """The first rows with any text; as many as it takes to find the header."""
    first: list[tuple[int, bool, Stored]] = []
    for row in rows:
        if sheet.outline(row[2])[0]:
            first.append(row)
        if len(first) == HEADER_SEARCH_ROWS:
            break
    return first


def _check_length(rows: int, limits: Limits) -> None:
    if rows > limits.max_rows:
        raise SourceError(
            f"The sheet has {rows:,} rows, and {limits.max_rows:,} at most are read.",
            remedy="Split it into several files.",
        )


def _next_number(number: int, last: int) -> int:
    if number > last:
        return number
    raise SourceError(
        f"Row {number} stands in the sheet after row {last}.",
        "The program that wrote the workbook made a mistake.",
        "Open it in a spreadsheet program, save it as .xlsx, and try again.",
    )


def _header_width(header: list[str], header_row: int) -> int:
    width = filled_width(header)
    if header_row and not width:
        raise SourceError(
            f"The sheet has no header in row {header_row}.",
            "That row is blank.",
            "Give the number that the spreadsheet program shows beside the header: --header-row N.",
        )
    return width


def _check_strays(named: int, width: int) -> None:
    if width > named + MAX_COLUMNS_BESIDE_HEADER:
        raise SourceError(
            f"There is a text in column {column_letter(width - 1)}, far right of the header.",
            f"The header ends in column {column_letter(named - 1)}.",
            "Delete what stands there by accident, and save the file.",
        )


def other_sheets(name: str, others: Sequence[str]) -> tuple[str, ...]:
    """One sentence that names the sheets with data that are not read, if there are any."""
    if not others:
        return ()
    named = ", ".join(f'"{other}"' for other in others)
    return (f'Only the sheet "{name}" is read; there is also {named} (choose with --sheet).',)


def unknown_sheet(name: str, names: list[str]) -> SourceError:
    """The error for a sheet that a workbook does not have."""
    known = ", ".join(f'"{known}"' for known in names)
    return SourceError(
        f'There is no sheet "{name}".',
        f"The workbook has: {known}.",
        "Give one of these names with --sheet.",
    )
