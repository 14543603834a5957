"""What the library finds in a workbook, asked for in a process of its own."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bulk_loader.errors import SourceError
from bulk_loader.spreadsheets.binary import child
from bulk_loader.spreadsheets.limits import ALLOW_MORE

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from bulk_loader.spreadsheets.limits import Limits

# The library holds 24 bytes for each cell between the first and the last, and all texts. A list of
# 60,000 rows takes some 40 MB beside the 60 MB of an empty process.
_FREE_BYTES = 400_000_000
_PER_BYTE = 40

# Nothing else bounds a file whose parts lead back to each other. 5 MB are read in a second.
_FREE_SECONDS = 20
_SECONDS_PER_MB = 2


@dataclass(frozen=True, slots=True)
class LibrarySheet:
    """A sheet as the workbook lists it, `place` counted from 0."""

    place: int
    name: str
    has_cells: bool
    is_visible: bool


@dataclass(frozen=True, slots=True)
class Library:
    """The library, and the file that it reads."""

    path: Path
    limits: Limits

    def sheets(self) -> list[LibrarySheet]:
        """All sheets in their order.

        Raises:
            SourceError: here and in all others, the file is broken or costs too much.
        """
        return [LibrarySheet(place, *found) for place, found in enumerate(self._answers("sheets"))]

    def filled(self, sheets: Sequence[LibrarySheet]) -> list[bool]:
        """Whether each of these sheets has any contents; one that costs too much has."""
        found: list[bool] = []
        try:
            found.extend(self._answers("filled", *sheets))
        except SourceError:
            found += [True] * (len(sheets) - len(found))
        return found

    def merges(self, sheet: LibrarySheet) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """The first and the last cell of each merge, by row and column from 0."""
        return list(self._answers("merges", sheet))

    def rows(self, sheet: LibrarySheet) -> Generator[Any, None, None]:
        """First the width of a sheet and its first filled column; then rows, some at a time."""
        return self._answers("rows", sheet)

    def _answers(self, wanted: str, *sheets: LibrarySheet) -> Generator[Any, None, None]:
        size = self.path.stat().st_size
        most_bytes = int((_FREE_BYTES + _PER_BYTE * size) * self.limits.factor)
        most_seconds = int((_FREE_SECONDS + _SECONDS_PER_MB * size / 1e6) * self.limits.factor)
        process = subprocess.Popen(  # noqa: S603 - our own program, and what it is given are no options
            [
                sys.executable, "-P", child.__file__,
                self.path.absolute(), str(most_bytes), str(most_seconds), wanted,
                *(str(sheet.place) for sheet in sheets),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )  # fmt: skip
        assert process.stdout is not None
        try:
            while True:
                try:
                    kind, content = pickle.load(process.stdout)  # noqa: S301 - by our own program
                except (EOFError, pickle.UnpicklingError) as error:
                    raise _too_much(self.path, most_bytes) from error
                if kind == child.END:
                    return
                if kind != child.VALUE:
                    raise _refused(self.path, kind, content)
                yield content
        finally:
            process.kill()
            process.stdout.close()
            process.wait()


def _refused(path: Path, kind: str, why: str) -> SourceError:
    if kind == child.PASSWORD:
        return SourceError(
            f"{path} is protected with a password.",
            "Its content can't be read without it.",
            "Open it in a spreadsheet program, take the password off, and save it.",
        )
    return unreadable(path, why)


def _too_much(path: Path, most_bytes: int) -> SourceError:
    return SourceError(
        f"{path} can't be read as a workbook.",
        "It is broken, or has cells so far apart that they take more than "
        f"{most_bytes // 1_000_000:,} MB of memory.",
        f"Open it in a spreadsheet program, save it as .xlsx, and try again; {ALLOW_MORE}",
    )


def unreadable(path: Path, why: str) -> SourceError:
    """The error for a workbook that is broken, and how."""
    return SourceError(
        f"{path} can't be read as a workbook.",
        f"It may be broken or cut short ({why}).",
        "Open it in a spreadsheet program, save it as .xlsx, and try again.",
    )
