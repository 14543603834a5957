"""One look through a whole text file, so that all is said before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from bulk_loader.errors import SourceError
from bulk_loader.reading.batching import is_lead
from bulk_loader.reading.headers import filled_width
from bulk_loader.reading.text import formulas as text_formulas
from bulk_loader.reading.text.short_rows import ShortBlocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.reading.batching import Row
    from bulk_loader.reading.tally import Tally
    from bulk_loader.reading.text.records import Records
    from bulk_loader.spreadsheets.limits import Spender

_CELLS_AT_ONCE = 50_000  # are counted together, as that is faster


@dataclass(frozen=True, slots=True)
class TextSurvey:
    """What only the whole file tells.

    Attributes:
        width: columns that have a name or, in some row, a text.
        leads: rows below the header that are leads.
        has_short_blocks: short rows lack only empty cells at their end, by a habit of Excel.
        has_text_formulas: some cells are texts written as formulas.
    """

    width: int
    leads: int
    has_short_blocks: bool
    has_text_formulas: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said before anything is sent."""
        blocks = "Cells that Excel left out at the end of blocks of 16 rows are read as empty."
        found = (self.has_short_blocks, blocks), (self.has_text_formulas, text_formulas.NOTE)
        return tuple(note for is_found, note in found if is_found)


def survey_text(
    records: Records, header_row: int, header: list[str], spender: Spender, tally: Tally
) -> TextSurvey:
    """Read all records and count.

    Args:
        records: of the whole file, fresh.
        header_row: 0 where the file has no header.
        header: as `header_cells` returns it.
        spender: of the file.
        tally: is told of each lead.

    Raises:
        OverBudgetError: its rows have more cells than a file of its weight may.
        SourceError: the file can't be told apart into rows.
    """
    width, leads, number = filled_width(header), 0, header_row
    short_blocks, full = ShortBlocks(header_row), len(header)
    has_text_formulas, runs_on, waiting = False, None, 0
    for number, cells in below_header(records, header_row):
        waiting += len(cells)
        if waiting > _CELLS_AT_ONCE:
            spender.cells(waiting)
            waiting = 0
        if len(cells) != full:
            short_blocks.add(number, len(cells))
        if records.damages:
            records.damages.clear()
        elif not is_lead(cells):
            continue
        leads += 1
        tally.add(number, cells)
        if records.may_have_text_formulas and not has_text_formulas:
            has_text_formulas = any(map(text_formulas.is_text, cells))
        if len(cells) != width:
            width = max(width, filled_width(cells[:full]))
            if records.line_count > 1 and _is_miscounted(cells, width):
                runs_on = runs_on or _runs_on(number, records.line_count)
    has_short_blocks = short_blocks.is_habit(number)
    if runs_on and not has_short_blocks:
        raise runs_on
    return TextSurvey(width, leads, has_short_blocks, has_text_formulas)


def below_header(records: Records, header_row: int) -> Iterator[Row]:
    """The rows below the header; what is wrong above and in it matters to no lead."""
    rows = iter(records)
    for _ in islice(rows, header_row):
        records.damages.clear()
    return rows


def header_cells(records: Records, header_row: int) -> list[str]:
    """The cells of the header; empty ones, as many as the first whole row has, for row 0.

    Raises:
        SourceError: the file has no such row, or it is blank or damaged.
    """
    if header_row == 0:
        return [""] * _first_width(records)
    cells = next(below_header(records, header_row - 1), (header_row, None))[1]
    if records.damages:
        damage = records.damages[0]
        raise SourceError(f"The header in row {header_row} {damage.fault}", remedy=damage.remedy)
    if not cells or not filled_width(cells):
        raise SourceError(
            f"The file has no header in row {header_row}.",
            "The file ends above that row." if cells is None else "That row is blank.",
            "Give the number that the spreadsheet program shows beside the header: --header-row N.",
        )
    return cells


def _first_width(records: Records) -> int:
    for _, cells in records:
        if any(cells) and not records.damages:
            return len(cells)
        records.damages.clear()
    return 0


def blank_error(rows: int) -> SourceError:
    """For a file in which there is nothing to read."""
    return SourceError(
        "The file has no text.",
        f"Its first {rows} rows are blank, or it has none.",
        "Check that it is the right file, and export the list again.",
    )


def _is_miscounted(cells: list[str], width: int) -> bool:
    return len(cells) < width or filled_width(cells) > width


def _runs_on(number: int, lines: int) -> SourceError:
    return SourceError(
        f"Row {number} has a quoted cell over {lines} lines, and other cells than the header has columns.",
        "A quote is missing or too many there, so that other rows may be lost in that one.",
        "Look at the row in a text editor, mend its quotes, and run the same command again.",
    )
