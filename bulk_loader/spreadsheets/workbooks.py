"""What the rest of the program asks of a workbook and of a format, whatever they are.

A new format implements `Workbook` and `Sheet` in a folder of its own, has a `WorkbookFormat` in its
module `format`, and a line in `bulk_loader/spreadsheets/formats.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from bulk_loader.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from bulk_loader.model import FileFormat
    from bulk_loader.spreadsheets.blocks import Block
    from bulk_loader.spreadsheets.limits import Limits


class ReadAgainError(Exception):
    """A sheet turned out not to be what it looked like; from now on it is read in another way."""


SUMMARY_SHEET = "bulk-loader summary"
"""Name of a sheet of ours in results, which sums a run up; it is no list, whichever is in front."""


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


class Container(Enum):
    """What holds a workbook together; no other program need know that it is one."""

    ZIP = auto()
    COMPOUND_FILE = auto()


@dataclass(frozen=True, slots=True)
class TextFormat:
    """Rows of text.

    Attributes:
        suffixes: of names that promise it, and that its results file may have; the usual one first.
    """

    name: FileFormat
    suffixes: tuple[str, ...]

    @property
    def results_suffixes(self) -> tuple[str, ...]:
        """What its results file may be called, the usual suffix first."""
        return self.suffixes


@dataclass(frozen=True, slots=True)
class WorkbookFormat:
    """A kind of workbooks.

    Attributes:
        marks: bytes, one of which tells it from others in its container: in the content type of
            the main part of a ZIP, as the name of a stream in a compound file.
        open: opens a workbook; imports its reader only then. Raises `SourceError` for one that
            is of another format or broken, or that passes a limit.
        results_suffixes: what its results file may be called, the usual suffix first.
        is_editable: its results file can be a copy with columns put in; else it is a new .xlsx.
    """

    name: FileFormat
    container: Container
    marks: tuple[bytes, ...]
    open: Callable[[Path, Limits], Workbook]
    results_suffixes: tuple[str, ...] = (".xlsx",)
    is_editable: bool = False

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Of names that promise it."""
        return (f".{self.name}",)


def unknown_sheet(name: str, names: list[str]) -> SourceError:
    """The error for a sheet that a workbook does not have."""
    known = ", ".join(f'"{known}"' for known in names)
    return SourceError(
        f'There is no sheet "{name}".',
        f"The workbook has: {known}.",
        "Give one of these names with --sheet.",
    )
