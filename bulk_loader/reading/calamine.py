"""Workbooks of the kinds .xls and .xlsb, through the library of the same name.

It gives stored values without their looks. For .xls these are read beside it; in the others a
note says what can't be seen, and .xlsx is the kind in which nothing is lost.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeAlias

import python_calamine

from bulk_loader.errors import SourceError
from bulk_loader.model import FileFormat, Source
from bulk_loader.reading.blocks import blocks_of
from bulk_loader.reading.cells import UNSEEN_FORMAT, Damaged, general
from bulk_loader.reading.compound_file import CompoundFileError
from bulk_loader.reading.headers import labels
from bulk_loader.reading.merges import Merge, merges_below
from bulk_loader.reading.serials import clock
from bulk_loader.reading.sheet_outline import look_through, other_sheets, unknown_sheet
from bulk_loader.reading.sheet_table import SheetTable
from bulk_loader.reading.xls_looks import SheetLooks, XlsLooks, read_looks
from bulk_loader.reading.xlsb_styles import changes_numbers
from bulk_loader.reading.xlsx_package import Package

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from bulk_loader.reading.blocks import Block, SheetRow
    from bulk_loader.reading.options import ReadingOptions

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
class CalamineSheet:
    """Where the rows of a sheet are.

    Attributes:
        looks: what the library leaves out; nothing where that is not known.
        has_unseen_formats: what a number shows is not known.
    """

    path: Path
    name: str
    max_columns: int
    looks: SheetLooks
    has_unseen_formats: bool = False

    def blocks(self) -> Generator[Block, None, None]:
        """All rows down to the last one with contents.

        Raises:
            SourceError: the workbook can't be read.
        """
        with _opened(self.path) as workbook:
            yield from blocks_of(self._rows(workbook.get_sheet_by_name(self.name)))

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


def open_calamine(
    path: Path, file_format: FileFormat, digest: str, options: ReadingOptions
) -> SheetTable:
    """Look through a whole sheet of a workbook.

    Raises:
        SourceError: the file is no workbook of that kind, or a broken one.
    """
    has_unseen_formats = False
    if file_format is FileFormat.XLSB:
        with Package(path, options.limits) as package:
            package.check_size()
            has_unseen_formats = changes_numbers(package)
    looks = read_looks(path.read_bytes()) if file_format is FileFormat.XLS else None
    with _opened(path) as workbook:
        name = _chosen_sheet(workbook, options.sheet, looks.active if looks else 0)
        others = [
            other for other in workbook.sheet_names if other != name and _has_data(workbook, other)
        ]
        references = _merges(workbook, name)
    found = _sheet_looks(path, looks, name)
    sheet = CalamineSheet(path, name, options.limits.max_columns, found, has_unseen_formats)
    outline = look_through(sheet, options.header_row, options.limits)
    merges = merges_below(references, outline.header_row)
    source = Source(
        path=path.absolute(),
        format=file_format,
        digest=digest,
        columns=labels(outline.header, outline.width),
        leads=outline.leads_under(options.hidden),
        header_row=outline.header_row,
        sheet=name,
        notes=(
            *other_sheets(name, others),
            *outline.decisions(merges, found.hidden_columns, options.hidden),
            *(() if looks else (_LIMITED.format(kind=file_format),)),
            *((_UNSEEN_FORMATS,) if has_unseen_formats else ()),
        ),
    )
    return SheetTable(source, sheet, merges, options.hidden)


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
