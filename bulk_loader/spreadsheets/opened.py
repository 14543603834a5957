"""An opened workbook, whatever its format: what the rest of the program asks of one.

A new format implements these two protocols in a folder of its own, and has one line in
`open_workbook`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias, assert_never

from bulk_loader.errors import SourceError
from bulk_loader.model import FileFormat

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path
    from typing import Literal

    from bulk_loader.spreadsheets.blocks import Block
    from bulk_loader.spreadsheets.limits import Limits

    WorkbookFormat: TypeAlias = Literal[
        FileFormat.XLSX, FileFormat.XLSM, FileFormat.XLS, FileFormat.XLSB, FileFormat.ODS
    ]


class ReadAgainError(Exception):
    """A sheet turned out not to be what it looked like; from now on it is read in another way."""


class Sheet(Protocol):
    """One sheet of cells."""

    @property
    def name(self) -> str:
        """As the spreadsheet program shows it."""

    def blocks(self) -> Generator[Block, None, None]:
        """The rows in the order of the sheet; opens the file anew.

        Rows without contents may be missing. A hidden row is one that is hidden by hand, by a
        filter or by a folded group.

        Raises:
            SourceError: the sheet is broken, or passes a limit.
            ReadAgainError: only at the first reading: what was given is not to be used; ask once
                more.
        """

    @property
    def merges(self) -> Sequence[str]:
        """References of merged cells, such as `A2:A5`; known once all blocks were read."""

    @property
    def hidden_columns(self) -> Sequence[int]:
        """Positions of hidden columns; known once all blocks were read."""


class Workbook(Protocol):
    """What was found out about a workbook before its rows are read."""

    @property
    def format(self) -> FileFormat:
        """By its content."""

    @property
    def notes(self) -> Sequence[str]:
        """What can't be seen in a workbook of this kind, one sentence each."""

    def sheet(self, name: str | None) -> Sheet:
        """The sheet of that name; for None the one that was in front when the file was saved.

        Raises:
            SourceError: there is no such sheet, or none at all.
        """

    def others(self, sheet: Sheet) -> Sequence[str]:
        """Names of the other sheets with any contents."""


def open_workbook(path: Path, file_format: WorkbookFormat, limits: Limits) -> Workbook:
    """Open a workbook; only the reader of its format is imported.

    Raises:
        SourceError: it is no workbook of that format, a broken one, or passes a limit.
    """
    match file_format:
        case FileFormat.XLSX | FileFormat.XLSM:
            from bulk_loader.spreadsheets.xlsx.opened import XlsxWorkbook  # noqa: PLC0415

            return XlsxWorkbook.open(path, limits)
        case FileFormat.ODS:
            from bulk_loader.spreadsheets.ods.opened import OdsWorkbook  # noqa: PLC0415

            return OdsWorkbook.open(path, limits)
        case FileFormat.XLS | FileFormat.XLSB:
            from bulk_loader.spreadsheets.binary.opened import BinaryWorkbook  # noqa: PLC0415

            return BinaryWorkbook.open(path, file_format, limits)
        case _:
            assert_never(file_format)


def unknown_sheet(name: str, names: list[str]) -> SourceError:
    """The error for a sheet that a workbook does not have."""
    known = ", ".join(f'"{known}"' for known in names)
    return SourceError(
        f'There is no sheet "{name}".',
        f"The workbook has: {known}.",
        "Give one of these names with --sheet.",
    )
