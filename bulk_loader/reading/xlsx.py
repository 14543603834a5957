"""Excel workbooks (.xlsx, .xlsm), streamed from their own XML: every cell as a person sees it."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulk_loader.model import FileFormat, Source
from bulk_loader.reading.headers import labels
from bulk_loader.reading.markup import UnusualMarkupError
from bulk_loader.reading.merges import merges_below
from bulk_loader.reading.sheet_outline import look_through, other_sheets
from bulk_loader.reading.sheet_table import SheetTable
from bulk_loader.reading.xlsx_cells import CellReader
from bulk_loader.reading.xlsx_package import Package
from bulk_loader.reading.xlsx_rewriting import Surroundings, any_pieces
from bulk_loader.reading.xlsx_rows import plain_pieces
from bulk_loader.reading.xlsx_strings import read_strings
from bulk_loader.reading.xlsx_styles import read_styles
from bulk_loader.reading.xlsx_workbook import read_workbook

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from bulk_loader.reading.blocks import Block
    from bulk_loader.reading.limits import Limits
    from bulk_loader.reading.options import ReadingOptions
    from bulk_loader.reading.sheet_outline import Outline
    from bulk_loader.reading.xlsx_workbook import Sheet, Workbook

_MACROS = "xl/vbaProject.bin"
_CONTENT = re.compile(rb"<(?:\w+:)?(?:v|is)[ >]")


@dataclass(frozen=True, slots=True)
class XlsxSheet:
    """Where the rows of a sheet are, and how they are read.

    Attributes:
        reader: shows the cells.
        around: what the sheet says besides its rows, once it has been read to its end.
        is_plain: the sheet is in the dialect of XML that `plain_pieces` understands.
    """

    path: Path
    limits: Limits
    part: str
    reader: CellReader
    around: Surroundings
    is_plain: bool = True

    def blocks(self) -> Generator[Block, None, None]:
        """All rows with contents.

        Raises:
            SourceError: the sheet is broken.
            UnusualMarkupError: it is not plain after all.
        """
        self.around.clear()
        pieces_of = plain_pieces if self.is_plain else any_pieces
        with (
            Package(self.path, self.limits) as package,
            package.translated(f"the part {self.part}"),
            closing(package.chunks(self.part)) as chunks,
        ):
            for piece in pieces_of(chunks, self.around):
                yield from self.reader.blocks(piece)


def open_xlsx(path: Path, digest: str, options: ReadingOptions) -> SheetTable:
    """Look through a whole sheet of a workbook.

    Raises:
        SourceError: the file is no workbook, is broken, or must not be sent without the user's
            word on its hidden rows.
    """
    with Package(path, options.limits) as package:
        workbook = read_workbook(package)
        chosen = workbook.sheet(package, options.sheet)
        others = _others_with_data(package, workbook, chosen)
        reader = _cell_reader(package, workbook)
        file_format = FileFormat.XLSM if package.has(_MACROS) else FileFormat.XLSX
    sheet = XlsxSheet(path, options.limits, chosen.part, reader, Surroundings())
    sheet, outline = _outlined(sheet, options.header_row)
    merges = merges_below(sheet.around.merges, outline.header_row)
    hidden_columns = sheet.around.hidden_positions
    decisions = outline.decisions(merges, hidden_columns, options.hidden)
    source = Source(
        path=path.absolute(),
        format=file_format,
        digest=digest,
        columns=labels(outline.header, outline.width),
        leads=outline.leads_under(options.hidden),
        header_row=outline.header_row,
        sheet=chosen.name,
        notes=(*other_sheets(chosen.name, others), *decisions),
    )
    return SheetTable(source, sheet, merges, options.hidden)


def _cell_reader(package: Package, workbook: Workbook) -> CellReader:
    return CellReader(
        read_strings(package, workbook.strings),
        read_styles(package, workbook.styles, workbook.calendar),
        recalculates=workbook.recalculates,
        limits=package.limits,
    )


def _outlined(sheet: XlsxSheet, header_row: int | None) -> tuple[XlsxSheet, Outline]:
    """Look through the sheet in the fast way, or in the exact way where that is not enough."""
    try:
        return sheet, look_through(sheet, header_row, sheet.limits)
    except UnusualMarkupError:
        exact = replace(sheet, is_plain=False)
        return exact, look_through(exact, header_row, sheet.limits)


def _others_with_data(package: Package, workbook: Workbook, chosen: Sheet) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets
        if sheet is not chosen and package.has(sheet.part) and _has_data(package, sheet)
    ]


def _has_data(package: Package, sheet: Sheet) -> bool:
    before = b""
    for chunk in package.chunks(sheet.part):
        if _CONTENT.search(before + chunk):
            return True
        before = chunk[-64:]
    return False
