"""A workbook that can't be edited is copied as a plain one of texts, with some of them others.

What its cells can't be known to say for sure must not become sure by being copied: such a cell is
an error in the copy, until somebody types what it is to say.
"""

from __future__ import annotations

import io
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from bulk_loader.results.plain_workbook import (
    END_OF_ROWS,
    SHEET,
    fit_extension,
    format_texts,
    sheet_name,
)
from bulk_loader.spreadsheets.references import column_letters
from bulk_loader.spreadsheets.xlsx.edit.cell_markup import text_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.model import LeadBatch, LeadTable
    from bulk_loader.spreadsheets.xlsx.edit.single_cells import NewTexts

_TEXT = 1  # number of the cell format, as `format_texts` makes it


def write_plain_copy(table: LeadTable, texts: NewTexts, file: BinaryIO, unsure: str) -> None:
    """Write a workbook with one sheet: every row with its number, every cell as it reads.

    A row below the header that is no lead, such as a hidden one that is left out, is hidden.

    Args:
        unsure: the error that a damaged cell shows.
    """
    parts = _parts(table)
    head, _, tail = parts.pop(SHEET).partition(END_OF_ROWS)
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
        with archive.open(SHEET, "w", force_zip64=True) as sheet:
            sheet.write(head)
            for row in _rows(table, texts, unsure):
                sheet.write(row.encode())
            sheet.write(END_OF_ROWS + tail)


def _parts(table: LeadTable) -> dict[str, bytes]:
    source, book, written = table.source, Workbook(), io.BytesIO()
    book.calculation.fullCalcOnLoad = False
    sheet = book.worksheets[0]
    sheet.title = sheet_name(source)
    format_texts(sheet, len(source.columns))
    if source.header_row:
        sheet.freeze_panes = f"A{source.header_row + 1}"
    book.save(written)
    with ZipFile(written) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    fit_extension(parts, source)
    before, _, after = parts[SHEET].partition(b"<dimension")
    parts[SHEET] = before + after.partition(b">")[2]  # how far the cells reach is a hint only
    return parts


def _rows(table: LeadTable, texts: NewTexts, unsure: str) -> Iterator[str]:
    header_row, columns = table.source.header_row, table.source.columns
    leads = _Leads(table)
    for number, cells in table.records():
        is_lead, damaged = leads.at(number) if number > header_row else (True, ())
        new = texts.get(number, {})
        written = dict(enumerate(cells))
        markup = {at: _text(at, number, text) for at, text in (written | dict(new)).items() if text}
        for at in map(columns.index, damaged):
            if at not in new:
                markup[at] = _error(at, number, unsure)
        hidden = "" if is_lead else ' hidden="1"'
        yield f'<row r="{number}"{hidden}>{"".join(markup[at] for at in sorted(markup))}</row>'


def _text(position: int, row: int, text: str) -> str:
    return text_cell(f"{column_letters(position)}{row}", _TEXT, text)


def _error(position: int, row: int, error: str) -> str:
    return f'<c r="{column_letters(position)}{row}" s="{_TEXT}" t="e"><v>{error}</v></c>'


class _Leads:
    """Which rows are leads, and which of their cells are damaged; asked for from the top down."""

    def __init__(self, table: LeadTable) -> None:
        self._coming = chain.from_iterable(map(_with_damages, table.batches()))
        self._next = next(self._coming, None)

    def at(self, number: int) -> tuple[bool, Sequence[str]]:
        if self._next is None or self._next[0] != number:
            return False, ()
        _, damages = self._next
        self._next = next(self._coming, None)
        return True, damages


def _with_damages(batch: LeadBatch) -> Iterator[tuple[int, Sequence[str]]]:
    """The numbers of the leads, each with the columns of its damaged cells."""
    found: dict[int, list[str]] = {}
    for damage in batch.damages:
        if damage.column is not None:
            found.setdefault(damage.row, []).append(damage.column)
    return ((row, found.get(row, ())) for row in batch.frame.index.tolist())
