"""One look through a whole sheet of a workbook, so that all is said before anything is sent."""

from __future__ import annotations

import operator
from bisect import bisect_right
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING

from bulk_loader.choices import HiddenRows
from bulk_loader.errors import LoaderError, SourceError
from bulk_loader.reading.batching import lead_rows
from bulk_loader.reading.headers import (
    HEADER_SEARCH_ROWS,
    filled_width,
    find_header,
    header_notes,
    labels,
    names_phone,
)
from bulk_loader.spreadsheets.blocks import filled_rows, rows_of, stored_width
from bulk_loader.spreadsheets.limits import OverBudgetError
from bulk_loader.spreadsheets.references import column_letters
from bulk_loader.spreadsheets.workbooks import ReadAgainError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.reading.tally import Tally
    from bulk_loader.spreadsheets.blocks import Block
    from bulk_loader.spreadsheets.limits import Limits, Spender
    from bulk_loader.spreadsheets.merges import Merge
    from bulk_loader.spreadsheets.workbooks import Sheet, Workbook

# Texts further to the right of the header than this are strays that would make every row wide.
MAX_COLUMNS_BESIDE_HEADER = 1000

# Of more sheets than these no person has put the leads on the last one.
_MOST_SHEETS = 20

# A note names this many merges; a person finds the others beside them.
_MERGES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class SheetSurvey:
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
        hidden = [column_letters(at) for at in hidden_columns if at < self.width]
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


def survey_sheet(
    sheet: Sheet, chosen_header: int | None, spender: Spender, tally: Tally
) -> SheetSurvey:
    """Look through all rows of a sheet, once.

    Args:
        sheet: from its first row to its end.
        chosen_header: the user's word; None to find it.
        spender: of the file; its limits hold for the rows that hold anything.
        tally: is told of each lead.

    Raises:
        OverBudgetError: its rows have more cells than a file of its weight may.
        SourceError: the sheet is empty, has no such header, or passes a limit.
    """
    try:
        with closing(sheet.blocks()) as blocks:
            return _survey(blocks, chosen_header, spender, tally)
    except ReadAgainError:
        with closing(sheet.blocks()) as blocks:
            return _survey(blocks, chosen_header, spender, tally)


def _survey(
    blocks: Iterator[Block], chosen_header: int | None, spender: Spender, tally: Tally
) -> SheetSurvey:
    first, filled = first_filled(blocks)
    found = find_header(filled)
    if found is None:
        raise SourceError(
            "The sheet is empty.",
            "Not one of its cells has a text.",
            "Choose another sheet with --sheet, or fill in this one.",
        )
    header_row = found if chosen_header is None else chosen_header
    header: list[str] = []
    tally.begin(labels((), max(map(stored_width, first))) if header_row == 0 else ())
    width = leads = hidden = first_hidden = seen = last = 0
    for block in chain(first, blocks):
        numbers = block.numbers
        last = _check_order(numbers, last)
        seen += len(numbers)
        spender.cells(len(numbers) * stored_width(block))
        start = bisect_right(numbers, header_row)
        if start and numbers[start - 1] == header_row:
            (header,) = rows_of(block, stored_width(block), [start - 1])
            tally.begin(labels(header))
        filled_columns, places = lead_rows(block, start)
        width = max(width, filled_columns)
        leads += len(places)
        tally.add_block(block, places)
        if block.hidden and (unseen := [place for place in places if place in block.hidden]):
            hidden += len(unseen)
            first_hidden = first_hidden or numbers[unseen[0]]
    _check_length(seen, spender.limits)
    named = _header_width(header, header_row)
    _check_strays(named if header_row else width, width)
    return SheetSurvey(header_row, header, max(named, width), leads, hidden, first_hidden)


def first_filled(blocks: Iterator[Block]) -> tuple[list[Block], list[tuple[int, list[str]]]]:
    """Blocks with enough rows with any text to find the header, and those rows."""
    first: list[Block] = []
    rows: list[tuple[int, list[str]]] = []
    for block in blocks:
        width, places = filled_rows(block)
        if places:
            first.append(block)
            places = places[:HEADER_SEARCH_ROWS]
            texts = rows_of(block, width, places)
            rows += zip((block.numbers[place] for place in places), texts, strict=True)
        if len(rows) >= HEADER_SEARCH_ROWS:
            break
    return first, rows[:HEADER_SEARCH_ROWS]


def _check_length(rows: int, limits: Limits) -> None:
    if rows > limits.max_rows:
        raise SourceError(
            f"The sheet has {rows:,} rows, and {limits.max_rows:,} at most are read.",
            remedy="Split it into several files.",
        )


def _check_order(numbers: Sequence[int], last: int) -> int:
    """The last of some row numbers, which must ascend from the one before them."""
    if last < numbers[0] and all(map(operator.lt, numbers, islice(numbers, 1, None))):
        return numbers[-1]
    before, number = next(pair for pair in pairwise((last, *numbers)) if pair[0] >= pair[1])
    raise SourceError(
        f"Row {number} stands in the sheet after row {before}.",
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
            f"There is a text in column {column_letters(width - 1)}, far right of the header.",
            f"The header ends in column {column_letters(named - 1)}.",
            "Delete what stands there by accident, and save the file.",
        )


def sheets_with_phone(workbook: Workbook, names: Sequence[str]) -> tuple[str, ...]:
    """Those of some sheets whose header surely names the number to dial, by their first rows."""
    return tuple(name for name in names[:_MOST_SHEETS] if _has_phone(workbook.sheet(name)))


def _has_phone(sheet: Sheet) -> bool:
    """A sheet that can't be read has none: it is not the one that is read."""
    try:
        with closing(sheet.blocks()) as blocks:
            _, rows = first_filled(blocks)
    except (LoaderError, OverBudgetError, ReadAgainError):
        return False
    header = find_header(rows)
    return any(names_phone(cells) for number, cells in rows if number == header)


def other_sheets(name: str, others: Sequence[str]) -> tuple[str, ...]:
    """One sentence that names the sheets with data that are not read, if there are any."""
    if not others:
        return ()
    named = ", ".join(f'"{other}"' for other in others)
    return (f'Only the sheet "{name}" is read; there is also {named} (choose with --sheet).',)
