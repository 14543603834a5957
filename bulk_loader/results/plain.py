"""A plain workbook of texts, for inputs whose format can't be written or edited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from bulk_loader.model import RESULT_COLUMNS, FileFormat
from bulk_loader.results import properties, styles
from bulk_loader.results.cells import MAX_CELL_LENGTH, number_cell, text_cell
from bulk_loader.results.places import ADDED_HEADER_NOTE, Places
from bulk_loader.results.sheet_edit import WIDTHS
from bulk_loader.spreadsheets.references import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.model import LeadTable, Source
    from bulk_loader.results.rows import Accounting, ResultRow
    from bulk_loader.results.stamps import Stamp

# Excel's own rules for the name of a sheet; LibreOffice has others.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MAX_NAME_LENGTH = 31

# Numbers of the cell formats in `_STYLES`, in their order.
_TEXT, _HEADER, _FIRST_STATUS = 1, 2, 3

# What a phone number or a name takes.
_USUAL_WIDTH = 18

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"

# Excel opens a workbook only where this agrees with its extension.
_MAIN_TYPES = {
    FileFormat.XLSM: "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
}

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="6"><fill><patternFill patternType="none"/></fill>'
    f'<fill><patternFill patternType="gray125"/></fill>{styles.fills()}</fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    f'<xf numFmtId="{styles.TEXT_FORMAT}" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/>'
    f'<xf numFmtId="{styles.TEXT_FORMAT}" fontId="1" fillId="0" borderId="0" applyNumberFormat="1"'
    f' applyFont="1"/>{styles.formats(first_fill=2)}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)

_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{_RELATIONS_TYPE}"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{{main_type}}"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{{stamp}}</Types>'
)

_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>{{stamp}}</Relationships>'
)

_PARTS = {
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": _STYLES,
}


def write_plain_workbook(
    table: LeadTable, accounting: Accounting, file: BinaryIO, stamp: Stamp | None = None
) -> tuple[str, ...]:
    """Write a workbook with one sheet of texts: the user's cells as they read, and the results.

    Rows keep their numbers, except below an added header. Memory does not grow with the rows.

    Returns:
        Notes, one sentence each.

    Raises:
        ResultsError: the results do not fit the rows.
    """
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in _small_parts(table.source, stamp):
            archive.writestr(part, _DECLARATION + content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for row in _sheet(table, accounting):
                sheet.write(row.encode())
    return () if table.source.header_row else (ADDED_HEADER_NOTE,)


def _small_parts(source: Source, stamp: Stamp | None) -> Iterator[tuple[str, str]]:
    main_type = _MAIN_TYPES.get(source.format, f"{_TYPE}.sheet.main+xml")
    override = properties.OVERRIDE if stamp else ""
    yield properties.CONTENT_TYPES, _CONTENT_TYPES.format(main_type=main_type, stamp=override)
    yield properties.RELATIONS, _RELATIONS.format(stamp=properties.RELATIONSHIP if stamp else "")
    if stamp is not None:
        yield properties.PART, properties.properties_part(stamp.to_json())
    yield from _PARTS.items()
    name = quoteattr(_NOT_IN_NAMES.sub(" ", source.sheet or "")[:_MAX_NAME_LENGTH] or "Sheet1")
    sheets = f'<sheets><sheet name={name} sheetId="1" r:id="rId1"/></sheets>'
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{sheets}</workbook>',
    )


def _sheet(table: LeadTable, accounting: Accounting) -> Iterator[str]:
    source = table.source
    places = Places.beside(source.columns)
    frozen = source.header_row or 1
    yield (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{frozen}" topLeftCell="A{frozen + 1}" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews>'
        f"<cols>{_widths(places)}</cols><sheetData>"
    )
    writer = _RowWriter(places)
    yield from _rows(table, accounting, writer)
    last_column = column_letters(places.width + len(places.added) - 1)
    yield (
        f'</sheetData><autoFilter ref="A{frozen}:{last_column}{max(frozen, writer.last_row)}"/>'
        "</worksheet>"
    )


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
        self._styles = styles.status_styles(_FIRST_STATUS)

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


def _widths(places: Places) -> str:
    by_position = dict.fromkeys(range(places.width + len(places.added)), _USUAL_WIDTH)
    by_position |= dict(zip(places.positions, WIDTHS, strict=True))
    return "".join(
        f'<col min="{position + 1}" max="{position + 1}" width="{width}" style="{_TEXT}" '
        'customWidth="1"/>'
        for position, width in by_position.items()
    )
