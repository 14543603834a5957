"""The sheets of a workbook, for who is to choose one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.reading.sniffing import find_format
from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.workbooks import WorkbookFormat

if TYPE_CHECKING:
    from pathlib import Path


def sheet_names(path: Path) -> tuple[str, ...]:
    """Those with any contents, that in front when the file was saved first; none for other files.

    Raises:
        SourceError: it is no list of leads, or is broken.
        OSError: it can't be read.
    """
    found = find_format(path, Limits())
    if not isinstance(found, WorkbookFormat):
        return ()
    workbook = found.open(path, Limits())
    front = workbook.sheet(None)
    return front.name, *workbook.others(front)
