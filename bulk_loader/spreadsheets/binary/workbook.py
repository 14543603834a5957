"""Workbooks of the kinds .xls and .xlsb, through the library of the same name.

It gives stored values without their looks. For .xls these are read beside it; in the others a
note says what can't be seen, and .xlsx is the kind in which nothing is lost.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from bulk_loader.errors import SourceError
from bulk_loader.model import FileFormat
from bulk_loader.spreadsheets.binary.compound_file import CompoundFileError
from bulk_loader.spreadsheets.binary.library import Library, unreadable
from bulk_loader.spreadsheets.binary.xls_looks import SheetLooks, XlsLooks, read_looks
from bulk_loader.spreadsheets.binary.xlsb_styles import changes_numbers
from bulk_loader.spreadsheets.blocks import blocks_of
from bulk_loader.spreadsheets.cells import UNSEEN_FORMAT, Damaged, general
from bulk_loader.spreadsheets.merges import Merge
from bulk_loader.spreadsheets.package import Package
from bulk_loader.spreadsheets.serials import clock
from bulk_loader.spreadsheets.workbooks import unknown_sheet

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path

    from bulk_loader.spreadsheets.binary.library import LibrarySheet
    from bulk_loader.spreadsheets.blocks import Block, SheetRow
    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.workbooks import Sheet

Value: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
"""What the library makes of a cell; "" for an empty one."""

_LIMITED = (
    "In a file of the kind .{kind}, error cells read as empty, and hidden or filtered rows can't be "
    "told from others: they are leads too. Save it as .xlsx to be sure of each cell."
)

_UNSEEN_FORMATS = (
    "The workbook has number formats that may add zeros or signs, and which cells have them can't "
    "be seen: leads that use a cell stored as a number are invalid. Save it as .xlsx."
)


@dataclass(frozen=True, slots=True)
class BinarySheet:
    """Where the rows of a sheet are.

    Attributes:
        looks: what the library leaves out; nothing where that is not known.
        has_unseen_formats: what a number shows is not known.
    """

    library: Library
    listed: LibrarySheet
    looks: SheetLooks
    merges: Sequence[str]
    has_unseen_formats: bool = False

    def blocks(self) -> Generator[Block, None, None]:
        """All rows with contents."""
        with closing(self.library.rows(self.listed)) as answers:
            yield from blocks_of(self._rows(answers))

    @property
    def name(self) -> str:
        """As the spreadsheet program shows it."""
        return self.listed.name

    @property
    def hidden_columns(self) -> Sequence[int]:
        """Positions of hidden columns, as far as they are known."""
        return self.looks.hidden_columns.positions

    def _rows(self, answers: Iterator[Any]) -> Iterator[SheetRow]:
        width, first = next(answers)
        if width > self.library.limits.max_columns:
            raise unreadable(self.library.path, f"it has {width:,} columns")
        text = _uncertain_text if self.has_unseen_formats else _text
        # Cells come from the first filled column of the sheet on.
        left = [""] * first
        # A row of errors alone has no contents for the library.
        unread = sorted(self.looks.texts, reverse=True)
        for number, values in chain.from_iterable(answers):
            while unread and unread[-1] < number:
                yield self._with_looks(unread.pop(), [])
            if unread and unread[-1] == number:
                unread.pop()
            row = left + [value if isinstance(value, str) else text(value) for value in values]
            yield self._with_looks(number, row)
        while unread:
            yield self._with_looks(unread.pop(), [])

    def _with_looks(self, number: int, row: list[str]) -> SheetRow:
        for position, shown in self.looks.texts.get(number, {}).items():
            row += [""] * (position + 1 - len(row))
            row[position] = shown
        return number, number in self.looks.hidden_rows, row


@dataclass(frozen=True, slots=True)
class BinaryWorkbook:
    """A workbook whose sheets are known.

    Attributes:
        looks: what the library leaves out of an .xls; None for an .xlsb.
        has_unseen_formats: what a number shows is not known.
    """

    path: Path
    limits: Limits
    format: FileFormat
    looks: XlsLooks | None = None
    has_unseen_formats: bool = False

    @classmethod
    def open_xls(cls, path: Path, limits: Limits) -> Self:
        """Read what the library leaves out of an old workbook.

        Raises:
            SourceError: the file is no such workbook, or a broken one.
        """
        return cls(path, limits, FileFormat.XLS, read_looks(path.read_bytes()))

    @classmethod
    def open_xlsb(cls, path: Path, limits: Limits) -> Self:
        """Find out whether all that numbers show is known.

        Raises:
            SourceError: the file is no such workbook, a broken one, or passes a limit.
        """
        with Package(path, limits) as package:
            package.check_size()
            unseen = changes_numbers(package)
        return cls(path, limits, FileFormat.XLSB, has_unseen_formats=unseen)

    @property
    def notes(self) -> Sequence[str]:
        """What can't be seen."""
        limited = () if self.looks else (_LIMITED.format(kind=self.format),)
        return (*limited, *((_UNSEEN_FORMATS,) if self.has_unseen_formats else ()))

    def sheet(self, name: str | None) -> BinarySheet:
        """The sheet of that name, else the active one, else the first that is not hidden."""
        library = Library(self.path, self.limits)
        chosen = _chosen_sheet(library.sheets(), name, self.looks.active if self.looks else 0)
        merges = [Merge.reference_of(*ends) for ends in library.merges(chosen)]
        looks = _sheet_looks(self.path, self.looks, chosen.name)
        return BinarySheet(library, chosen, looks, merges, self.has_unseen_formats)

    def others(self, sheet: Sheet) -> list[str]:
        """Names of the other sheets with any contents."""
        library = Library(self.path, self.limits)
        others = [other for other in library.sheets() if other.name != sheet.name]
        filled = library.filled(others)
        return [other.name for other, is_full in zip(others, filled, strict=True) if is_full]


def _sheet_looks(path: Path, looks: XlsLooks | None, name: str) -> SheetLooks:
    try:
        return looks.sheet(name) if looks else SheetLooks()
    except CompoundFileError as error:
        raise unreadable(path, str(error)) from error


def _chosen_sheet(listed: Sequence[LibrarySheet], name: str | None, active: int) -> LibrarySheet:
    sheets = [sheet for sheet in listed if sheet.has_cells]
    if name is not None:
        for sheet in sheets:
            if sheet.name == name:
                return sheet
        raise unknown_sheet(name, [sheet.name for sheet in sheets])
    shown = [sheet for sheet in sheets if sheet.is_visible] or sheets
    if not shown:
        raise SourceError("The workbook has no sheet with cells.", remedy="Save it with one sheet.")
    in_front = listed[active] if active < len(listed) else shown[0]
    return in_front if in_front in shown else shown[0]


def _uncertain_text(value: Value) -> str:
    text = _text(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # With a mark, as the plain results file of such a workbook has texts, and its bare digits
    # would be a phone number like any other when that file is sent again.
    return Damaged(f"{text} ?", UNSEEN_FORMAT) if is_number else text


def _text(value: Value) -> str:
    match value:
        case bool():
            return str(value).upper()
        case int() | float():
            return general(repr(value))
        case datetime():
            return value.replace(microsecond=0).isoformat(" ")
        case time():
            return value.replace(microsecond=0).isoformat()
        case timedelta():
            return clock(round(value.total_seconds()))
        case _:
            return str(value)
