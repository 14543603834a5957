"""The format .ods: OpenDocument spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import FileFormat
from bulk_loader.spreadsheets.workbooks import Container, WorkbookFormat

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.workbooks import Workbook


def _open(path: Path, limits: Limits) -> Workbook:
    from bulk_loader.spreadsheets.ods.workbook import OdsWorkbook  # noqa: PLC0415

    return OdsWorkbook.open(path, limits)


ODS = WorkbookFormat(FileFormat.ODS, Container.ZIP, (b"vnd.oasis.opendocument.spreadsheet",), _open)
