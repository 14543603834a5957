"""A plain workbook of texts, for inputs whose format can't be written or edited."""

from __future__ import annotations

import io
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.xml.constants import XLSM, XLSX

from bulk_loader.model import RESULT_COLUMNS, FileFormat
from bulk_loader.results.marking import fault_condition
from bulk_loader.results.places import ADDED_HEADER_NOTE, WIDTHS, Places
from bulk_loader.results.shades import FAULT, LOOKS, RowStyles, status_styles
from bulk_loader.spreadsheets.references import column_letters
from bulk_loader.spreadsheets.xlsx.edit.cell_markup import MAX_CELL_LENGTH, number_cell, text_cell
from bulk_loader.spreadsheets.xlsx.edit.conditions import with_condition
from bulk_loader.spreadsheets.xlsx.edit.filters import with_filter_name
from bulk_loader.spreadsheets.xlsx.edit.first_sheet import (
    PART,
    BookParts,
    first_sheet,
    relations_of_book,
    with_first_sheet,
)
from bulk_loader.spreadsheets.xlsx.edit.heights import height_of, lines_of
from bulk_loader.spreadsheets.xlsx.edit.looks import with_conditional_look, with_looks
from bulk_loader.spreadsheets.xlsx.edit.note_links import (
    places_of,
    relations_of,
    with_links,
    with_notes_link,
)
from bulk_loader.spreadsheets.xlsx.edit.notes import NoteParts, with_notes
from bulk_loader.spreadsheets.xlsx.edit.properties import CONTENT_TYPES, with_property
from bulk_loader.spreadsheets.xlsx.edit.views import with_active_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openpyxl.worksheet.worksheet import Worksheet

    from bulk_loader.model import LeadTable, Source, Status
    from bulk_loader.results.edition import Edition
    from bulk_loader.results.rows import Accounting, ResultRow

# Excel's own rules for the name of a sheet; LibreOffice has others.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MAX_NAME_LENGTH = 31

# Numbers of the cell formats, in the order in which `_format` makes them.
_TEXT, _HEADER = 1, 2

# What a phone number or a name takes.
_USUAL_WIDTH = 18
_NO_WIDTHS: Mapping[int, float] = MappingProxyType({})

SHEET = "xl/worksheets/sheet1.xml"
_BOOK = "xl/workbook.xml"
_BOOK_RELATIONS = relations_of_book(_BOOK)
_STYLES = "xl/styles.xml"
END_OF_ROWS = b"</sheetData>"
_DIMENSION = re.compile(rb"<dimension[^<>]*>")


def write_plain_workbook(
    table: LeadTable, accounting: Accounting, file: BinaryIO, edition: Edition
) -> tuple[str, ...]:
    """Write a workbook with one sheet of texts: the user's cells as they read, and the results.

    Rows keep their numbers, except below an added header. Memory does not grow with the rows:
    openpyxl makes all but them, and they are streamed in between, seven times as fast as by it.

    Returns:
        Notes, one sentence each.

    Raises:
        ResultsError: the results do not fit the rows.
    """
    source, places = table.source, Places.beside(table.source.columns)
    parts, styles = _parts(source, places)
    if edition.stamp is not None:
        parts |= with_property(parts, edition.stamp.to_json())
    _finish(parts, source, places, edition)
    head, _, tail = parts.pop(SHEET).partition(END_OF_ROWS)
    writer = _RowWriter(places, edition, styles)
    book, *others = (parts.pop(name) for name in (_BOOK, _BOOK_RELATIONS, CONTENT_TYPES))
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
        with archive.open(SHEET, "w", force_zip64=True) as sheet:
            # How far the cells reach is a hint only, and not known yet.
            sheet.write(_DIMENSION.sub(b"", head))
            for rows in _rows(table, accounting, writer):
                sheet.write(rows.encode())
            cells = _filtered(source, writer)
            sheet.write(b'</sheetData><autoFilter ref="%b"/>' % cells.encode())
            sheet.write(tail)
        book = with_filter_name(book, 0, sheet_name(source), cells)
        for part, content in _summed_up(BookParts(book, *others), edition).items():
            archive.writestr(part, content)
    return () if table.source.header_row else (ADDED_HEADER_NOTE,)


def _parts(source: Source, places: Places) -> tuple[dict[str, bytes], dict[Status, RowStyles]]:
    """The parts of such a workbook, by name, and its cell formats; its sheet has no rows yet."""
    book = Workbook()
    book.calculation.fullCalcOnLoad = False
    book.properties.creator = "bulk-loader"
    sheet = book.worksheets[0]
    sheet.title = sheet_name(source)
    sheet.freeze_panes = f"A{_frozen(source) + 1}"
    widths = dict(zip(places.positions, WIDTHS, strict=True))
    format_texts(sheet, places.width + len(places.added), widths)
    written = io.BytesIO()
    book.save(written)
    with ZipFile(written) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    fit_extension(parts, source)
    parts[_STYLES], first = with_looks(parts[_STYLES], LOOKS)
    return parts, status_styles(first)


def fit_extension(parts: dict[str, bytes], source: Source) -> None:
    """Have the parts say of what kind the workbook is: Excel opens only what its extension says."""
    if source.format is FileFormat.XLSM:
        parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(XLSX.encode(), XLSM.encode())


def format_texts(sheet: Worksheet, width: int, widths: Mapping[int, float] = _NO_WIDTHS) -> None:
    """Make the cell formats of texts, and the widths of the columns, which are formatted so.

    Args:
        width: number of columns.
        widths: of some of them, by position.
    """
    for number, is_bold in ((_TEXT, False), (_HEADER, True)):
        cell = sheet.cell(1, number)
        cell.number_format, cell.font = "@", Font(name="Calibri", size=11, bold=is_bold)
        assert cell.style_id == number
    sheet.delete_rows(1)
    for position in range(width):
        column = sheet.column_dimensions[column_letters(position)]
        column.number_format = "@"
        column.width = widths.get(position, _USUAL_WIDTH)


def _finish(parts: dict[str, bytes], source: Source, places: Places, edition: Edition) -> None:
    """Put the marks of faulty cells into the parts, and the notes at them."""
    parts[_STYLES], look = with_conditional_look(parts[_STYLES], FAULT)
    head, end, tail = parts[SHEET].partition(END_OF_ROWS)
    condition = fault_condition(places, _frozen(source), look)
    tail = with_condition(end + tail, b"", condition) or tail
    if notes := edition.placed_notes(source.columns, shift=0 if source.header_row else 1):
        spots = places_of(SHEET, {})
        parts[spots.comments], parts[spots.boxes] = with_notes(NoteParts(), notes)
        linked = with_links(None, parts[CONTENT_TYPES], spots)
        assert linked is not None  # openpyxl writes them as everybody does
        parts[relations_of(SHEET)], parts[CONTENT_TYPES] = linked
        tail = with_notes_link(tail, b"", spots.identifiers[1]) or tail
    parts[SHEET] = head + tail


def _frozen(source: Source) -> int:
    return source.header_row or 1


def _summed_up(parts: BookParts, edition: Edition) -> dict[str, bytes]:
    """The parts that tell of the sheets, and the one that sums the run up where it is wanted."""
    named = (_BOOK, _BOOK_RELATIONS, CONTENT_TYPES)
    added = with_first_sheet(parts) if edition.summary is not None else None
    if edition.summary is None or added is None:
        return dict(zip(named, parts, strict=True))
    book = with_active_sheet(added.workbook, 1)
    sheet = first_sheet(edition.summary())
    return {**dict(zip(named, (book, *added[1:]), strict=True)), PART: sheet}


def _filtered(source: Source, writer: _RowWriter) -> str:
    """Reference of the filter, once all rows are written."""
    frozen, places = _frozen(source), writer.places
    last_column = column_letters(places.width + len(places.added) - 1)
    return f"A{frozen}:{last_column}{max(frozen, writer.last_row)}"


def sheet_name(source: Source) -> str:
    """That of the source, as far as Excel takes it."""
    return _NOT_IN_NAMES.sub(" ", source.sheet or "")[:_MAX_NAME_LENGTH] or "Sheet1"


def _rows(table: LeadTable, accounting: Accounting, writer: _RowWriter) -> Iterator[str]:
    header_row = table.source.header_row
    shift = 0 if header_row else 1
    if shift:
        yield writer.header(1, list(table.source.columns))
    for number, cells in table.records():
        row = number + shift
        if number == header_row:
            yield writer.header(row, cells)
        elif result := accounting.result_of(number):
            yield writer.lead(row, cells, result)
        elif any(cells):
            # What is no lead below the header was hidden, and left out; a retry must leave it out, too.
            yield writer.other(row, cells, is_hidden=number > (header_row or 0))
    accounting.close()


class _RowWriter:
    """Rows as XML.

    Attributes:
        last_row: number of the row that was written last.
    """

    def __init__(
        self, places: Places, edition: Edition, styles: Mapping[Status, RowStyles]
    ) -> None:
        self.last_row = 0
        self.places = places
        self._edition = edition
        self._styles = styles

    def header(self, row: int, cells: list[str]) -> str:
        return self._row(row, self._cells(row, self.places.fill(cells, RESULT_COLUMNS), _HEADER))

    def lead(self, row: int, cells: list[str], result: ResultRow) -> str:
        style = self._styles[self._edition.looks_like(result.status)]
        code, status, error = self._edition.cells(result)
        xml = self._cells(row, self.places.fill(cells, None), _TEXT)
        first, second, third = self.places.positions
        written = number_cell if code else text_cell
        xml[first] = written(f"{column_letters(first)}{row}", style.short, code)
        xml[second] = text_cell(f"{column_letters(second)}{row}", style.short, status)
        xml[third] = text_cell(f"{column_letters(third)}{row}", style.long, error[:MAX_CELL_LENGTH])
        lines = lines_of(error, WIDTHS[-1])
        return self._row(row, xml, f' ht="{height_of(lines):g}"' if lines > 1 else "")

    def other(self, row: int, cells: list[str], *, is_hidden: bool) -> str:
        return self._row(row, self._cells(row, cells, _TEXT), ' hidden="1"' if is_hidden else "")

    def _row(self, number: int, cells: list[str], look: str = "") -> str:
        self.last_row = number
        return f'<row r="{number}"{look}>{"".join(cells)}</row>'

    @staticmethod
    def _cells(row: int, texts: list[str], style: int) -> list[str]:
        return [
            text_cell(f"{column_letters(position)}{row}", style, text) if text else ""
            for position, text in enumerate(texts)
        ]
