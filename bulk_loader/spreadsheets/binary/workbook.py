"""Workbooks of the kinds .xls and .xlsb, through the library of the same name.

It gives stored values without their looks. For .xls these are read beside it; in the others a
note says what can't be seen, and .xlsx is the kind in which nothing is lost.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self, TypeAlias

import python_calamine

from bulk_loader.errors import SourceError
from bulk_loader.model import FileFormat
from bulk_loader.spreadsheets.binary.compound_file import CompoundFileError
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

    path: Path
    name: str
    max_columns: int
    looks: SheetLooks
    merges: Sequence[str]
    has_unseen_formats: bool = False

    def blocks(self) -> Generator[Block, None, None]:
        """All rows down to the last one with contents."""
        with _opened(self.path) as workbook:
            yield from blocks_of(self._rows(workbook.get_sheet_by_name(self.name)))

    @property
    def hidden_columns(self) -> Sequence[int]:
        """Positions of hidden columns, as far as they are known."""
        return self.looks.hidden_columns

    def _rows(self, sheet: python_calamine.CalamineSheet) -> Iterator[SheetRow]:
        if sheet.total_width > self.max_columns:
            raise _unreadable(self.path, f"it has {sheet.total_width:,} columns")
        text = _uncertain_text if self.has_unseen_formats else _text
        # Rows come from the first one of the sheet on, but cells from the first filled column.
        left = [""] * (sheet.start[1] if sheet.start else 0)
        hidden, looks = self.looks.hidden_rows, self.looks.texts
        for number, values in enumerate(sheet.iter_rows(), start=1):
            row = left + [value if isinstance(value, str) else text(value) for value in values]
            for position, shown in looks.get(number, {}).items():
                row += [""] * (position + 1 - len(row))
                row[position] = shown
            yield number, number in hidden, row


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
        with _opened(self.path) as workbook:
            chosen = _chosen_sheet(workbook, name, self.looks.active if self.looks else 0)
            merges = _merges(workbook, chosen)
        looks = _sheet_looks(self.path, self.looks, chosen)
        return BinarySheet(
            self.path, chosen, self.limits.max_columns, looks, merges, self.has_unseen_formats
        )

    def others(self, sheet: Sheet) -> list[str]:
        """Names of the other sheets with any contents."""
        with _opened(self.path) as workbook:
            names = [name for name in workbook.sheet_names if name != sheet.name]
            return [name for name in names if _has_data(workbook, name)]


def _sheet_looks(path: Path, looks: XlsLooks | None, name: str) -> SheetLooks:
    try:
        return looks.sheet(name) if looks else SheetLooks()
    except CompoundFileError as error:
        raise _unreadable(path, str(error)) from error


def _chosen_sheet(workbook: python_calamine.CalamineWorkbook, name: str | None, active: int) -> str:
    listed = workbook.sheets_metadata
    sheets = [sheet for sheet in listed if sheet.typ is python_calamine.SheetTypeEnum.WorkSheet]
    names = [sheet.name for sheet in sheets]
    if name is not None:
        if name not in names:
            raise unknown_sheet(name, names)
        return name
    visible = python_calamine.SheetVisibleEnum.Visible
    shown = [sheet.name for sheet in sheets if sheet.visible is visible] or names
    if not shown:
        raise SourceError("The workbook has no sheet with cells.", remedy="Save it with one sheet.")
    in_front = listed[active].name if active < len(listed) else ""
    return in_front if in_front in shown else shown[0]


def _has_data(workbook: python_calamine.CalamineWorkbook, name: str) -> bool:
    return workbook.get_sheet_by_name(name).start is not None


def _merges(workbook: python_calamine.CalamineWorkbook, name: str) -> list[str]:
    """References of merged cells, for the kinds in which the library finds them."""
    ranges = workbook.get_sheet_by_name(name).merged_cell_ranges or []
    return [Merge.reference_of(first, last) for first, last in ranges]


@contextmanager
def _opened(path: Path) -> Iterator[python_calamine.CalamineWorkbook]:
    """The opened workbook, with the library's errors translated."""
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            yield workbook
    except python_calamine.PasswordError as error:
        raise SourceError(
            f"{path} is protected with a password.",
            "Its content can't be read without it.",
            "Open it in a spreadsheet program, take the password off, and save it.",
        ) from error
    except python_calamine.CalamineError as error:
        raise _unreadable(path, str(error)) from error
    except BaseException as error:
        # A panic of the library's Rust code is no Exception, and its class can't be imported.
        if type(error).__name__ == "PanicException":
            raise _unreadable(path, str(error)) from error
        raise


def _unreadable(path: Path, why: str) -> SourceError:
    return SourceError(
        f"{path} can't be read as a workbook.",
        f"It may be broken or cut short ({why}).",
        "Open it in a spreadsheet program, save it as .xlsx, and try again.",
    )


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
