"""The formats .xlsx and .xlsm: Excel workbooks of XML, without macros and with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import FileFormat
from bulk_loader.spreadsheets.workbooks import Container, WorkbookFormat

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.workbooks import Workbook


def _open(path: Path, limits: Limits) -> Workbook:
    from bulk_loader.spreadsheets.xlsx.workbook import XlsxWorkbook  # noqa: PLC0415

    return XlsxWorkbook.open(path, limits)


XLSM = WorkbookFormat(
    FileFormat.XLSM,
    Container.ZIP,
    (b"ms-excel.sheet.macroEnabled.main", b"ms-excel.template.macroEnabled.main"),
    _open,
    results_suffixes=(".xlsm",),
    is_editable=True,
)

XLSX = WorkbookFormat(
    FileFormat.XLSX,
    Container.ZIP,
    (b"spreadsheetml.sheet.main", b"spreadsheetml.template.main"),
    _open,
    # A plain copy of a workbook with macros is named as that was.
    results_suffixes=(".xlsx", ".xlsm"),
    is_editable=True,
)
