"""The results file of a workbook: a copy with every sheet, format and formula, and three columns."""

from __future__ import annotations

import hashlib
import io
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED

from bulk_loader.errors import SourceError
from bulk_loader.model import RESULT_COLUMNS
from bulk_loader.results.edition import Edition
from bulk_loader.results.marking import fault_condition
from bulk_loader.results.places import WIDTHS, Places
from bulk_loader.results.shades import FAULT, LOOKS, RowStyles, status_styles
from bulk_loader.results.stamps import MAX_STAMP_BYTES
from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.references import MAX_COLUMNS
from bulk_loader.spreadsheets.xlsx.edit.cell_markup import MAX_CELL_LENGTH
from bulk_loader.spreadsheets.xlsx.edit.columns import NewCell, NewColumns
from bulk_loader.spreadsheets.xlsx.edit.copying import copied
from bulk_loader.spreadsheets.xlsx.edit.finish import Finish
from bulk_loader.spreadsheets.xlsx.edit.heights import lines_of
from bulk_loader.spreadsheets.xlsx.edit.notes import ForeignNotesError
from bulk_loader.spreadsheets.xlsx.edit.parts import certainly
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import UneditableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bulk_loader.model import Source, Status
    from bulk_loader.results.rows import Accounting
    from bulk_loader.spreadsheets.xlsx.edit.copying import WorkbookCopy
    from bulk_loader.spreadsheets.xlsx.edit.sheet_edit import RowCells
    from bulk_loader.spreadsheets.xlsx.edit.sheet_use import SheetUse

# Nearly all results of a file are among a few: accepted, or one of the usual faults.
_REMEMBERED = 1024


class _Nowhere(io.RawIOBase):
    """Takes all that is written, and keeps nothing."""

    def writable(self) -> bool:
        return True

    def write(self, written: bytes, /) -> int:  # type: ignore[override]  # zipfile gives bytes
        return len(written)


def require_editable(source: Source) -> None:
    """Write the whole copy, without any outcome and to nowhere, to know that it can be written.

    Raises:
        UneditableError: it can't.
        SourceError: the workbook is not the one that was read before.
    """
    stamp = "x" * MAX_STAMP_BYTES
    with _begun(source, cast("BinaryIO", _Nowhere()), Edition(), stamp, ZIP_STORED) as planned:
        planned.copy.write_all_but_sheet(planned.columns, planned.finish)
        header = planned.header
        with certainly():
            planned.copy.write_sheet(
                planned.columns,
                lambda row: header if row == source.header_row else None,
                planned.finish,
            )


def write_edited_workbook(
    source: Source, accounting: Accounting, file: BinaryIO, edition: Edition
) -> tuple[str, ...]:
    """Copy the workbook part by part; only its sheet and what belongs to that changes.

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
    stamp = None if edition.stamp is None else edition.stamp.to_json()
    with _begun(source, file, edition, stamp) as planned:
        copy, columns = planned.copy, planned.columns
        cells_of = _cells_of(accounting, source.header_row, planned, edition)
        copy.write_all_but_sheet(columns, planned.finish)
        try:
            copy.write_sheet(columns, cells_of, planned.finish)
        except SourceError as error:
            raise _changed_error(source) from error
        accounting.close()
        if edition.summary is not None and planned.has_summary:
            copy.write_first_sheet(edition.summary())
    return planned.notes


@dataclass(frozen=True, slots=True)
class _Planned:
    """A copy whose changes are known.

    Attributes:
        columns: where the three go.
        header: the cells of the header.
        styles: numbers of the cell formats.
        finish: what the sheet gets besides.
        notes: what is to be said of it, one sentence each.
        has_summary: there is room for the sheet that sums the run up.
    """

    copy: WorkbookCopy
    columns: NewColumns
    header: RowCells
    styles: Mapping[Status, RowStyles]
    finish: Finish
    notes: tuple[str, ...]
    has_summary: bool


@contextmanager
def _begun(
    source: Source,
    file: BinaryIO,
    edition: Edition,
    stamp: str | None,
    compression: int = ZIP_DEFLATED,
) -> Iterator[_Planned]:
    """Begin the copy, and look at all that can be foreseen."""
    if not source.header_row or source.sheet is None:
        raise UneditableError("no header")
    if not source.path.is_file():
        raise UneditableError("come through standard input")
    _require_unchanged(source)
    limits = Limits().times(source.file_limit)
    with copied(source.path, source.sheet, file, limits, compression) as copy:
        places, use = _used(copy, source)
        columns = _columns(places, use, source.header_row)
        styles = status_styles(copy.add_looks(LOOKS))
        finish, notes = _finish(copy, source, places, use, edition)
        has_summary = edition.summary is not None and copy.add_first_sheet()
        if edition.summary is not None and not has_summary:
            notes += (_NO_SUMMARY,)
        if stamp is not None:
            copy.set_property(stamp)
        header = _header(places, use)
        yield _Planned(copy, columns, header, styles, finish, notes, has_summary)


def _require_unchanged(source: Source) -> None:
    with source.path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != source.digest:
            raise _changed_error(source)


def _changed_error(source: Source) -> SourceError:
    return SourceError(
        f"{source.path.name} was changed while the run went on,",
        "so the outcomes may not stand beside their own leads any more. Put it back as it was.",
    )


def _used(copy: WorkbookCopy, source: Source) -> tuple[Places, SheetUse]:
    """Where the three columns go, and what else stands in the sheet.

    New columns stand at the right of everything that is used from the header on downwards.
    """
    named = Places.beside(source.columns)
    use = copy.use_of_sheet(source.header_row, named.width, named.positions)
    places = Places.beside(source.columns, use.width)
    if max(places.positions) >= MAX_COLUMNS:
        raise UneditableError("no room for three more columns")
    return places, use


def _columns(places: Places, use: SheetUse, header_row: int) -> NewColumns:
    widths = {places.positions[which]: WIDTHS[which] for which in places.added}
    return NewColumns(header_row, places.width, places.positions, widths, is_clear=use.is_clear)


def _finish(
    copy: WorkbookCopy, source: Source, places: Places, use: SheetUse, edition: Edition
) -> tuple[Finish, tuple[str, ...]]:
    """What the sheet gets besides: only the first time what its author may have taken away since."""
    is_first = len(places.added) == len(places.positions)
    is_bare = is_first and not use.is_arranged and use.last_row > source.header_row
    condition = fault_condition(places, source.header_row, copy.add_conditional_look(FAULT))
    notes: tuple[str, ...] = ()
    link = None
    try:
        link = copy.replace_notes(edition.placed_notes(source.columns))
    except ForeignNotesError:
        notes = (_NO_NOTES,) if edition.notes else ()
    return Finish(use.last_row if is_bare else 0, condition, link), notes


_NO_SUMMARY = (
    "The results have no summary sheet, since the workbook has a sheet of its name, or is written in "
    "a way that none can be added to for certain."
)
_NO_NOTES = (
    "No notes were put at the faulty cells, since the sheet has notes, buttons or pictures of a kind "
    "that they can't be put among; the cells are coloured, and dialer_error says what is wrong."
)


def _header(places: Places, use: SheetUse) -> RowCells:
    """Names for the new columns; those that are there have theirs."""
    return tuple(
        NewCell(name, use.header_style) if which in places.added else None
        for which, name in enumerate(RESULT_COLUMNS)
    )


def _cells_of(
    accounting: Accounting, header_row: int, planned: _Planned, edition: Edition
) -> Callable[[int], RowCells | None]:
    """The new cells of a row: of the header, of a lead in the colour of its status, or none."""

    @lru_cache(_REMEMBERED)
    def cells(status: Status, error: str) -> RowCells:
        style, (result, word) = planned.styles[edition.looks_like(status)], edition.words(status)
        return (
            NewCell(result, style.short, is_number=bool(result)),
            NewCell(word, style.short),
            NewCell(error[:MAX_CELL_LENGTH], style.long, lines=lines_of(error, WIDTHS[-1])),
        )

    def cells_of(row: int) -> RowCells | None:
        if row == header_row:
            return planned.header
        result = accounting.result_of(row)
        return None if result is None else cells(result.status, result.error)

    return cells_of
