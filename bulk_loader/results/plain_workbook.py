"""A plain workbook of texts, for inputs whose format can't be written or edited."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.xml.constants import XLSM, XLSX

from bulk_loader.model import RESULT_COLUMNS, FileFormat
from bulk_loader.results.places import ADDED_HEADER_NOTE, WIDTHS, Places
from bulk_loader.results.shades import SHADES, status_styles
from bulk_loader.spreadsheets.references import column_letters
from bulk_loader.spreadsheets.xlsx.edit.cell_markup import MAX_CELL_LENGTH, number_cell, text_cell
from bulk_loader.spreadsheets.xlsx.edit.properties import CONTENT_TYPES, with_property

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from bulk_loader.model import LeadTable, Source
    from bulk_loader.results.rows import Accounting, ResultRow
    from bulk_loader.results.stamps import Stamp

# Excel's own rules for the name of a sheet; LibreOffice has others.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MAX_NAME_LENGTH = 31

# Numbers of the cell formats, in the order in which `_look` makes them.
_TEXT, _HEADER, _FIRST_STATUS = 1, 2, 3

# What a phone number or a name takes.
_USUAL_WIDTH = 18

_SHEET = "xl/worksheets/sheet1.xml"
_DIMENSION = re.compile(r"<dimension[^<>]*>")


def write_plain_workbook(
    table: LeadTable, accounting: Accounting, file: BinaryIO, stamp: Stamp | None = None
) -> tuple[str, ...]:
    """Write a workbook with one sheet of texts: the user's cells as they read, and the results.

    Rows keep their numbers, except below an added header. Memory does not grow with the rows:
    openpyxl makes all but them, and they are streamed in between, seven times as fast as by it.

    Returns:
        Notes, one sentence each.

    Raises:
        ResultsError: the results do not fit the rows.
    """
    places = Places.beside(table.source.columns)
    parts = _parts(table.source, places)
    head, _, tail = parts.pop(_SHEET).decode().partition("</sheetData>")
    if stamp is not None:
        parts |= with_property(parts, stamp.to_json())
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
        with archive.open(_SHEET, "w", force_zip64=True) as sheet:
            # How far the cells reach is a hint only, and not known yet.
            sheet.write(_DIMENSION.sub("", head).encode())
            for rows in _sheet_data(table, accounting, places):
                sheet.write(rows.encode())
            sheet.write(tail.encode())
    return () if table.source.header_row else (ADDED_HEADER_NOTE,)


def _parts(source: Source, places: Places) -> dict[str, bytes]:
    """The parts of such a workbook, by name; its sheet has no rows yet."""
    book = Workbook()
    book.calculation.fullCalcOnLoad = False
    book.properties.creator = "bulk-loader"
    sheet = book.worksheets[0]
    sheet.title = _NOT_IN_NAMES.sub(" ", source.sheet or "")[:_MAX_NAME_LENGTH] or "Sheet1"
    sheet.freeze_panes = f"A{_frozen(source) + 1}"
    _look(sheet, places)
    written = io.BytesIO()
    book.save(written)
    with ZipFile(written) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if source.format is FileFormat.XLSM:  # Excel opens it only where this fits its extension
        parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(XLSX.encode(), XLSM.encode())
    return parts


def _look(sheet: Worksheet, places: Places) -> None:
    """Make the cell formats, and the widths of the columns, which are formatted as text."""
    plain, bold = Font(name="Calibri", size=11), Font(name="Calibri", size=11, bold=True)
    looks = [(plain, None), (bold, None), *((plain, shade) for shade in SHADES)]
    numbers = []
    for which, (font, shade) in enumerate(looks, 1):
        cell = sheet.cell(1, which)
        cell.number_format, cell.font = "@", font
        if shade:
            cell.fill = PatternFill("solid", fgColor=shade)
        numbers.append(cell.style_id)
    assert numbers == list(range(_TEXT, _FIRST_STATUS + len(SHADES)))
    sheet.delete_rows(1)
    widths = dict(zip(places.positions, WIDTHS, strict=True))
    for position in range(places.width + len(places.added)):
        column = sheet.column_dimensions[column_letters(position)]
        column.number_format = "@"
        column.width = widths.get(position, _USUAL_WIDTH)


def _frozen(source: Source) -> int:
    return source.header_row or 1


def _sheet_data(table: LeadTable, accounting: Accounting, places: Places) -> Iterator[str]:
    """The rows, and the filter over them."""
    writer = _RowWriter(places)
    yield from _rows(table, accounting, writer)
    frozen = _frozen(table.source)
    last_column = column_letters(places.width + len(places.added) - 1)
    yield (f'</sheetData><autoFilter ref="A{frozen}:{last_column}{max(frozen, writer.last_row)}"/>')


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
            yield writer.other(row, cells)
    accounting.close()


class _RowWriter:
    """Rows as XML.

    Attributes:
        last_row: number of the row that was written last.
    """

    def __init__(self, places: Places) -> None:
        self.last_row = 0
        self._places = places
        self._styles = status_styles(_FIRST_STATUS)

    def header(self, row: int, cells: list[str]) -> str:
        return self._row(row, self._cells(row, self._places.fill(cells, RESULT_COLUMNS), _HEADER))

    def lead(self, row: int, cells: list[str], result: ResultRow) -> str:
        style = self._styles[result.status]
        code, status, error = result.cells
        xml = self._cells(row, self._places.fill(cells, None), _TEXT)
        first, second, third = self._places.positions
        xml[first] = number_cell(f"{column_letters(first)}{row}", style, code)
        xml[second] = text_cell(f"{column_letters(second)}{row}", style, status)
        xml[third] = text_cell(f"{column_letters(third)}{row}", style, error[:MAX_CELL_LENGTH])
        return self._row(row, xml)

    def other(self, row: int, cells: list[str]) -> str:
        return self._row(row, self._cells(row, cells, _TEXT))

    def _row(self, number: int, cells: list[str]) -> str:
        self.last_row = number
        return f'<row r="{number}">{"".join(cells)}</row>'

    @staticmethod
    def _cells(row: int, texts: list[str], style: int) -> list[str]:
        return [
            text_cell(f"{column_letters(position)}{row}", style, text) if text else ""
            for position, text in enumerate(texts)
        ]
