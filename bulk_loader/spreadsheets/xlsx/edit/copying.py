"""A workbook is copied part by part; only one sheet and what belongs to it changes."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from bulk_loader.spreadsheets.package import Package
from bulk_loader.spreadsheets.xlsx.edit import properties
from bulk_loader.spreadsheets.xlsx.edit.fills import with_fills
from bulk_loader.spreadsheets.xlsx.edit.filters import with_wider_filter_name
from bulk_loader.spreadsheets.xlsx.edit.parts import Parts, certainly, find_parts, read_part
from bulk_loader.spreadsheets.xlsx.edit.sheet_edit import edited
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import SheetPart
from bulk_loader.spreadsheets.xlsx.edit.sheet_use import use_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.xlsx.edit.columns import NewColumns
    from bulk_loader.spreadsheets.xlsx.edit.sheet_edit import RowCells
    from bulk_loader.spreadsheets.xlsx.edit.sheet_use import SheetUse

# Sheets pack well at any level; 1 takes a third of the time of 6.
COMPRESSION_LEVEL = 1

# From here on the archive needs the fields of ZIP64, which must be known beforehand.
_LARGE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class WorkbookCopy:
    """A copy in the making: what changes is said first, then all but the sheet is written."""

    _package: Package
    _target: ZipFile
    _parts: Parts
    _changed: dict[str, bytes] = field(default_factory=dict)

    def use_of_sheet(self, header_row: int, width: int, positions: Sequence[int]) -> SheetUse:
        """Look through the sheet; see `use_of`.

        Raises:
            UneditableError: it can't be edited with certainty.
        """
        # The sheet is looked through and written with a budget of its own, as it is when it is
        # read, so that what was enough for the one is enough for the other.
        with (
            certainly(),
            Package(self._package.path, self._package.limits) as package,
            closing(package.chunks(self._parts.sheet)) as chunks,
        ):
            return use_of(SheetPart(chunks), header_row, width, positions)

    def add_fills(self, shades: Sequence[str]) -> int:
        """Add cell formats; see `with_fills`.

        Raises:
            UneditableError: the styles are not as spreadsheet programs write them.
        """
        styles, first = with_fills(read_part(self._package, self._parts.styles), shades)
        self._changed[self._parts.styles] = styles
        return first

    def set_property(self, value: str) -> None:
        """Add our document property, or exchange its value, where there is a place for it.

        Raises:
            UneditableError: a part is damaged or too large.
        """
        names = {properties.CONTENT_TYPES, properties.RELATIONS, properties.PART}
        known = [entry.filename for entry in self._package.entries if entry.filename in names]
        parts = {name: read_part(self._package, name) for name in known}
        self._changed.update(properties.with_property(parts, value))

    def write_all_but_sheet(self, columns: NewColumns) -> None:
        """Write the parts that can be written before the new cells are known.

        Raises:
            UneditableError: a part is damaged.
        """
        workbook = read_part(self._package, self._parts.workbook)
        if columns.has_new:
            workbook = with_wider_filter_name(workbook, self._parts.sheet_place, columns)
        changed = {**self._changed, self._parts.workbook: workbook}
        for entry in self._package.entries:
            name = entry.filename
            if name in changed:
                self._target.writestr(name, changed.pop(name))
            elif name != self._parts.sheet and not entry.is_dir():
                with certainly(), closing(self._package.chunks(name)) as chunks:
                    self._write(name, chunks)
        for name, content in changed.items():
            self._target.writestr(name, content)

    def write_sheet(self, columns: NewColumns, cells_of: Callable[[int], RowCells | None]) -> None:
        """Write the sheet with the new cells in it; see `edited`.

        Raises:
            SourceError: the sheet is not the one that was looked through.
        """
        with (
            Package(self._package.path, self._package.limits) as package,
            closing(package.chunks(self._parts.sheet)) as chunks,
        ):
            self._write(self._parts.sheet, edited(SheetPart(chunks), columns, cells_of))

    def _write(self, name: str, blocks: Iterable[bytes]) -> None:
        is_large = self._package.size(name) > _LARGE_BYTES
        with self._target.open(name, "w", force_zip64=is_large) as part:
            for block in blocks:
                part.write(block)


@contextmanager
def copied(
    path: Path, sheet: str, file: BinaryIO, limits: Limits, compression: int = ZIP_DEFLATED
) -> Iterator[WorkbookCopy]:
    """Begin a copy of a workbook in which this sheet is edited.

    Args:
        limits: on what the parts unpack to.

    Raises:
        UneditableError: the workbook can't be edited with certainty.
    """
    with certainly():
        package = Package(path, limits)
    with (
        package,
        ZipFile(file, "w", compression, compresslevel=COMPRESSION_LEVEL) as target,
    ):
        yield WorkbookCopy(package, target, find_parts(package, sheet))
