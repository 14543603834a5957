"""Excel workbooks (.xlsx, .xlsm), streamed from their own XML: every cell as a person sees it."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from bulk_loader.model import FileFormat
from bulk_loader.spreadsheets.markup import UnusualMarkupError
from bulk_loader.spreadsheets.package import Package
from bulk_loader.spreadsheets.workbooks import SUMMARY_SHEET, ReadAgainError
from bulk_loader.spreadsheets.xlsx.cell_reader import CellReader
from bulk_loader.spreadsheets.xlsx.listing import read_listing
from bulk_loader.spreadsheets.xlsx.rewriting import Surroundings, any_pieces
from bulk_loader.spreadsheets.xlsx.rows import plain_pieces
from bulk_loader.spreadsheets.xlsx.strings import read_strings
from bulk_loader.spreadsheets.xlsx.styles import read_styles

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from bulk_loader.spreadsheets.blocks import Block
    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.workbooks import Sheet
    from bulk_loader.spreadsheets.xlsx.listing import Listed, Listing

_MACROS = "xl/vbaProject.bin"
_CONTENT = re.compile(rb"<(?:\w+:)?(?:v|is)[ >]")


@dataclass(slots=True)
class XlsxSheet:
    """Where the rows of a sheet are, and how they are read.

    Attributes:
        reader: shows the cells.
        around: what the sheet says besides its rows, once it has been read to its end.
        is_plain: the sheet is in the dialect of XML that `plain_pieces` understands.
    """

    path: Path
    limits: Limits
    name: str
    part: str
    reader: CellReader
    around: Surroundings = field(default_factory=Surroundings)
    is_plain: bool = True

    def blocks(self) -> Generator[Block, None, None]:
        """All rows with contents; in the exact way where the fast one is not enough."""
        self.around.clear()
        pieces_of = plain_pieces if self.is_plain else any_pieces
        with (
            Package(self.path, self.limits) as package,
            package.translated(self.part),
            closing(package.chunks(self.part)) as chunks,
        ):
            try:
                for piece in pieces_of(chunks, self.around):
                    yield from self.reader.blocks(piece)
            except UnusualMarkupError as error:
                self.is_plain = False
                raise ReadAgainError from error

    @property
    def merges(self) -> Sequence[str]:
        """References of merged cells."""
        return self.around.merges

    @property
    def hidden_columns(self) -> Sequence[int]:
        """Positions of hidden columns."""
        return self.around.hidden_columns.positions


@dataclass(frozen=True, slots=True)
class XlsxWorkbook:
    """A workbook whose formats and shared texts are known."""

    path: Path
    limits: Limits
    format: FileFormat
    listing: Listing
    reader: CellReader
    notes: tuple[str, ...] = ()

    @classmethod
    def open(cls, path: Path, limits: Limits) -> Self:
        """Read all but the sheets.

        Raises:
            SourceError: the file is no workbook, or is broken.
        """
        with Package(path, limits) as package:
            listing = read_listing(package)
            listing.require_sheets(package)
            reader = CellReader(
                read_strings(package, listing.strings),
                read_styles(package, listing.styles, listing.calendar),
                recalculates=listing.recalculates,
                limits=limits,
            )
            file_format = FileFormat.XLSM if package.has(_MACROS) else FileFormat.XLSX
        return cls(path, limits, file_format, listing, reader)

    def sheet(self, name: str | None) -> XlsxSheet:
        """The sheet of that name, else the active one, else the first that is not hidden."""
        listed = self.listing.sheet(name)
        return XlsxSheet(self.path, self.limits, listed.name, listed.part, self.reader)

    def others(self, sheet: Sheet) -> list[str]:
        """Names of the other sheets with any contents."""
        with Package(self.path, self.limits) as package:
            return [
                listed.name
                for listed in self.listing.sheets
                if listed.name not in (sheet.name, SUMMARY_SHEET) and _has_data(package, listed)
            ]


def _has_data(package: Package, listed: Listed) -> bool:
    if not package.has(listed.part):
        return False
    before = b""
    for chunk in package.chunks(listed.part):
        if _CONTENT.search(before + chunk):
            return True
        before = chunk[-64:]
    return False
