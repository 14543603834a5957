"""Old workbooks (.xls), of Excel 5 and later: every cell as a person sees it."""

from __future__ import annotations

import struct
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from bulk_loader.model import FileFormat
from bulk_loader.spreadsheets.binary.compound_file import SIGNATURE, CompoundFile, CompoundFileError
from bulk_loader.spreadsheets.binary.xls_book import read_book
from bulk_loader.spreadsheets.binary.xls_cells import SheetContents, has_data, read_cells
from bulk_loader.spreadsheets.blocks import blocks_of
from bulk_loader.spreadsheets.limits import OverBudgetError, over_budget_error
from bulk_loader.spreadsheets.package import refused
from bulk_loader.spreadsheets.workbooks import unknown_sheet

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path

    from bulk_loader.spreadsheets.binary.xls_book import Book, ListedSheet
    from bulk_loader.spreadsheets.blocks import Block, SheetRow
    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.workbooks import Sheet


@dataclass(slots=True)
class XlsSheet:
    """Where the cells of a sheet are.

    Attributes:
        contents: of the last reading.
    """

    path: Path
    limits: Limits
    book: Book
    listed: ListedSheet
    contents: SheetContents = field(default_factory=SheetContents)

    @property
    def name(self) -> str:
        """As the spreadsheet program shows it."""
        return self.listed.name

    def blocks(self) -> Generator[Block, None, None]:
        """All rows with contents; their records may stand in any order."""
        with _translated(self.path):
            self.contents = read_cells(self.book, self.listed.begin, self.limits)
        yield from blocks_of(self._rows())
        self.contents.rows.clear()

    @property
    def merges(self) -> Sequence[str]:
        """References of merged cells."""
        return self.contents.merges

    @property
    def hidden_columns(self) -> Sequence[int]:
        """Positions of hidden columns."""
        return self.contents.hidden_columns.positions

    def _rows(self) -> Iterator[SheetRow]:
        for number, cells in sorted(self.contents.rows.items()):
            texts = [""] * (max(cells) + 1)
            for position, text in cells.items():
                texts[position] = text
            yield number, number in self.contents.hidden_rows, texts


@dataclass(frozen=True, slots=True)
class XlsWorkbook:
    """A workbook whose formats and shared texts are known."""

    path: Path
    limits: Limits
    book: Book
    format: FileFormat = FileFormat.XLS
    notes: tuple[str, ...] = ()

    @classmethod
    def open(cls, path: Path, limits: Limits) -> Self:
        """Read all but the sheets.

        Raises:
            SourceError: the file is no such workbook, is protected or broken.
        """
        with _translated(path):
            book = read_book(_stream(path.read_bytes()), limits.spender(path))
        if book.is_protected:
            raise refused(
                path,
                "it is protected with a password",
                "Open it in a spreadsheet program, take the password off, and save it.",
            )
        if not book.sheets:
            raise refused(path, "it has no sheet with cells")
        return cls(path, limits, book)

    def sheet(self, name: str | None) -> XlsSheet:
        """The sheet of that name; else the active one, else the first that is not hidden."""
        return XlsSheet(self.path, self.limits, self.book, self._listed(name))

    def others(self, sheet: Sheet) -> list[str]:
        """Names of the other sheets with any contents."""
        return [
            listed.name
            for listed in self.book.sheets
            if listed.name != sheet.name and has_data(self.book, listed.begin)
        ]

    def _listed(self, name: str | None) -> ListedSheet:
        sheets = self.book.sheets
        if name is None:
            visible = [sheet for sheet in sheets if not sheet.is_hidden] or sheets
            return next((sheet for sheet in visible if sheet.place == self.book.active), visible[0])
        for sheet in sheets:
            if sheet.name == name:
                return sheet
        raise unknown_sheet(name, [sheet.name for sheet in sheets])


def _stream(content: bytes) -> bytes:
    """The records of a workbook, taken out of their container where they have one."""
    if not content.startswith(SIGNATURE):
        return content
    stream = CompoundFile(content).stream("Workbook", "Book")
    if stream is None:
        raise CompoundFileError("there is no workbook in it")
    return stream


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OverBudgetError as error:
        raise over_budget_error(path, error) from error
    except CompoundFileError as error:
        raise refused(path, str(error)) from error
    except (struct.error, IndexError) as error:
        raise refused(path, "a record of it is cut short") from error
