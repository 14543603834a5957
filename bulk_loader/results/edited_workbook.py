"""The results file of a workbook: a copy with every sheet, format and formula, and three columns."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO

from bulk_loader.errors import SourceError
from bulk_loader.model import RESULT_COLUMNS
from bulk_loader.results.places import WIDTHS, Places
from bulk_loader.results.shades import SHADES, status_styles
from bulk_loader.spreadsheets.references import MAX_COLUMNS
from bulk_loader.spreadsheets.xlsx.edit.cell_markup import MAX_CELL_LENGTH
from bulk_loader.spreadsheets.xlsx.edit.columns import NewCell, NewColumns
from bulk_loader.spreadsheets.xlsx.edit.copying import copied
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import UneditableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bulk_loader.model import Source, Status
    from bulk_loader.results.rows import Accounting
    from bulk_loader.results.stamps import Stamp
    from bulk_loader.spreadsheets.xlsx.edit.copying import WorkbookCopy
    from bulk_loader.spreadsheets.xlsx.edit.sheet_edit import RowCells
    from bulk_loader.spreadsheets.xlsx.edit.sheet_use import SheetUse

# Nearly all results of a file are among a few: accepted, or one of the usual faults.
_REMEMBERED = 1024


def write_edited_workbook(
    source: Source, accounting: Accounting, file: BinaryIO, stamp: Stamp | None = None
) -> tuple[str, ...]:
    """Copy the workbook part by part; only its sheet, its styles and the filter's name change.

    The stamp becomes a document property.

    Nothing is taken out of `accounting` before all that can be foreseen is looked at, so that
    another way of writing can still be tried after an `UneditableError`.

    Returns:
        Notes, one sentence each.

    Raises:
        UneditableError: the workbook can't be edited with certainty.
        ResultsError: the results do not fit the rows.
        SourceError: the workbook is not the one that was read before.
    """
    if not source.header_row or source.sheet is None:
        raise UneditableError("no header")
    if not source.path.is_file():
        raise UneditableError("come through standard input")
    _require_unchanged(source)
    with copied(source.path, source.sheet, file) as copy:
        columns, header = _planned(copy, source)
        styles = status_styles(copy.add_fills(SHADES))
        if stamp is not None:
            copy.set_property(stamp.to_json())
        copy.write_all_but_sheet(columns)
        try:
            copy.write_sheet(columns, _cells_of(accounting, source.header_row, header, styles))
        except SourceError as error:
            raise _changed_error(source) from error
        accounting.close()
    return ()


def _require_unchanged(source: Source) -> None:
    with source.path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != source.digest:
            raise _changed_error(source)


def _changed_error(source: Source) -> SourceError:
    return SourceError(
        f"{source.path.name} was changed while the run went on,",
        "so the outcomes may not stand beside their own leads any more. Put it back as it was.",
    )


def _planned(copy: WorkbookCopy, source: Source) -> tuple[NewColumns, RowCells]:
    """Where the three columns go, and the cells of the header.

    New columns stand at the right of everything that is used from the header on downwards.
    """
    named = Places.beside(source.columns)
    use = copy.use_of_sheet(source.header_row, named.width, named.positions)
    places = Places.beside(source.columns, use.width)
    if max(places.positions) >= MAX_COLUMNS:
        raise UneditableError("no room for three more columns")
    widths = {places.positions[which]: WIDTHS[which] for which in places.added}
    columns = NewColumns(
        source.header_row, places.width, places.positions, widths, is_clear=use.is_clear
    )
    return columns, _header(places, use)


def _header(places: Places, use: SheetUse) -> RowCells:
    """Names for the new columns; those that are there have theirs."""
    return tuple(
        NewCell(name, use.header_style) if which in places.added else None
        for which, name in enumerate(RESULT_COLUMNS)
    )


def _cells_of(
    accounting: Accounting, header_row: int, header: RowCells, styles: Mapping[Status, int]
) -> Callable[[int], RowCells | None]:
    """The new cells of a row: of the header, of a lead in the colour of its status, or none."""

    @lru_cache(_REMEMBERED)
    def cells(status: Status, error: str) -> RowCells:
        style = styles[status]
        return (
            NewCell(status.result, style, is_number=True),
            NewCell(status, style),
            NewCell(error[:MAX_CELL_LENGTH], style),
        )

    def cells_of(row: int) -> RowCells | None:
        if row == header_row:
            return header
        result = accounting.result_of(row)
        return None if result is None else cells(result.status, result.error)

    return cells_of
