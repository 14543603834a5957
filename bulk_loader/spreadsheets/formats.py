"""All formats: what differs between them is asked of their entries, and of nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import FileFormat
from bulk_loader.spreadsheets.binary.format import XLS, XLSB
from bulk_loader.spreadsheets.ods.format import ODS
from bulk_loader.spreadsheets.workbooks import TextFormat
from bulk_loader.spreadsheets.xlsx.format import XLSM, XLSX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.spreadsheets.workbooks import WorkbookFormat

TEXT = TextFormat(FileFormat.CSV, (".csv", ".tsv", ".txt"))
"""What is no workbook; read and written by the folders and modules named `text`."""

WORKBOOKS: tuple[WorkbookFormat, ...] = (XLSB, XLSM, XLSX, ODS, XLS)
"""A file with the marks of several is of the first; none that a program wrote has them."""

FORMATS: Mapping[FileFormat, TextFormat | WorkbookFormat] = {
    TEXT.name: TEXT,
    **{workbook.name: workbook for workbook in WORKBOOKS},
}
"""One entry for every `FileFormat`."""
