"""The formats .xls and .xlsb: Excel workbooks of binary records, the old ones and the new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import FileFormat
from bulk_loader.spreadsheets.workbooks import Container, WorkbookFormat

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.workbooks import Workbook


def _open_xls(path: Path, limits: Limits) -> Workbook:
    from bulk_loader.spreadsheets.binary.xls import XlsWorkbook  # noqa: PLC0415

    return XlsWorkbook.open(path, limits)


def _open_xlsb(path: Path, limits: Limits) -> Workbook:
    from bulk_loader.spreadsheets.binary.xlsb import XlsbWorkbook  # noqa: PLC0415

    return XlsbWorkbook.open(path, limits)


XLS = WorkbookFormat(
    FileFormat.XLS,
    Container.COMPOUND_FILE,
    ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")),
    _open_xls,
)

XLSB = WorkbookFormat(
    FileFormat.XLSB, Container.ZIP, (b"ms-excel.sheet.binary.macroEnabled.main",), _open_xlsb
)
