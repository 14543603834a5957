"""A workbook is copied part by part; only one sheet and what belongs to it changes."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from bulk_loader.spreadsheets.package import Package
from bulk_loader.spreadsheets.xlsx.edit import properties
from bulk_loader.spreadsheets.xlsx.edit.filters import with_filter_name, with_wider_filter_name
from bulk_loader.spreadsheets.xlsx.edit.finish import Finish
from bulk_loader.spreadsheets.xlsx.edit.first_sheet import (
    PART,
    BookParts,
    first_sheet,
    relations_of_book,
    with_first_sheet,
)
from bulk_loader.spreadsheets.xlsx.edit.looks import with_conditional_look, with_looks
from bulk_loader.spreadsheets.xlsx.edit.note_links import (
    CONTENT_TYPES,
    places_of,
    relations_of,
    with_links,
    without_links,
)
from bulk_loader.spreadsheets.xlsx.edit.notes import ForeignNotesError, NoteParts, with_notes
from bulk_loader.spreadsheets.xlsx.edit.parts import (
    MAX_PART_BYTES,
    Parts,
    certainly,
    find_parts,
    read_part,
)
from bulk_loader.spreadsheets.xlsx.edit.sheet_edit import edited
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import SheetPart
from bulk_loader.spreadsheets.xlsx.edit.sheet_use import use_of
from bulk_loader.spreadsheets.xlsx.edit.views import behind, with_active_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.xlsx.edit.columns import NewColumns
    from bulk_loader.spreadsheets.xlsx.edit.looks import Look
    from bulk_loader.spreadsheets.xlsx.edit.note_links import NotePlaces
    from bulk_loader.spreadsheets.xlsx.edit.notes import Note
    from bulk_loader.spreadsheets.xlsx.edit.sheet_edit import RowCells
    from bulk_loader.spreadsheets.xlsx.edit.sheet_use import SheetUse

# Sheets pack well at any level; 1 takes a third of the time of 6.
COMPRESSION_LEVEL = 1

# From here on the archive needs the fields of ZIP64, which must be known beforehand.
LARGE_BYTES = 1 << 30

_AS_IT_IS = Finish()


@dataclass(frozen=True, slots=True)
class WorkbookCopy:
    """A copy in the making: what changes is said first, then all but the sheet is written."""

    _package: Package
    _target: ZipFile
    _parts: Parts
    _changed: dict[str, bytes] = field(default_factory=dict)
    _dropped: set[str] = field(default_factory=set)

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

    def add_looks(self, looks: Sequence[Look]) -> int:
        """Add cell formats; see `with_looks`.

        Raises:
            UneditableError: the styles are not as spreadsheet programs write them.
        """
        styles, first = with_looks(self._current(self._parts.styles), looks)
        self._changed[self._parts.styles] = styles
        return first

    def add_conditional_look(self, look: Look) -> int:
        """Add a look for a condition; see `with_conditional_look`.

        Raises:
            UneditableError: the styles are not as spreadsheet programs write them.
        """
        styles, number = with_conditional_look(self._current(self._parts.styles), look)
        self._changed[self._parts.styles] = styles
        return number

    def replace_notes(self, notes: Sequence[Note]) -> str | None:
        """Put these notes at the sheet, in place of those of ours that are there.

        Returns:
            What `Finish.notes` is then.

        Raises:
            ForeignNotesError: what stands there can't be added to for certain.
            UneditableError: a part is damaged.
        """
        sheet = self._parts.sheet
        with certainly():
            places = places_of(sheet, self._package.references(sheet))
        before = NoteParts()
        if not places.are_new:
            before = self._notes_at(places)
        after = with_notes(before, notes)
        if after == before:
            return None
        if after.is_empty:
            return self._drop_notes(places)
        if places.are_new:
            self._link_notes(places)
        self._changed.update({places.comments: after.comments, places.boxes: after.boxes})
        return places.identifiers[1] if places.are_new else None

    def _notes_at(self, places: NotePlaces) -> NoteParts:
        """What stands there, where it is of a usual size."""
        package, parts = self._package, (places.comments, places.boxes)
        if not all(package.has(part) and package.size(part) <= MAX_PART_BYTES for part in parts):
            raise ForeignNotesError
        return NoteParts(*map(self._current, parts))

    def _drop_notes(self, places: NotePlaces) -> str:
        names = relations_of(self._parts.sheet)
        relations, types = self._current(names), self._current(CONTENT_TYPES)
        relations, types = without_links(relations, types, places)
        self._changed.update({names: relations, CONTENT_TYPES: types})
        self._dropped.update((places.comments.lower(), places.boxes.lower()))
        return ""

    def _link_notes(self, places: NotePlaces) -> None:
        names = relations_of(self._parts.sheet)
        relations = self._current(names) if self._package.has(names) else None
        linked = with_links(relations, self._current(CONTENT_TYPES), places)
        if linked is None:
            raise ForeignNotesError
        self._changed.update(dict(zip((names, CONTENT_TYPES), linked, strict=True)))

    @property
    def _place(self) -> int:
        """Number of the sheet among all, with a new one before it or without."""
        is_new = relations_of_book(self._parts.workbook) in self._changed
        return self._parts.sheet_place + is_new

    def _current(self, name: str) -> bytes:
        """A small part as it is by now."""
        return self._changed.get(name) or read_part(self._package, name)

    def add_first_sheet(self) -> bool:
        """Make room for a sheet of ours before all others, where there is none yet.

        Returns:
            Whether `write_first_sheet` is to be called, last of all; not where a sheet of that name
            stands in a workbook that we have not written.

        Raises:
            UneditableError: a part is damaged or too large.
        """
        if self._parts.summary:
            if not self._has_our_property():
                return False
            self._dropped.add(self._parts.summary.lower())
            return True
        names = self._parts.workbook, relations_of_book(self._parts.workbook), CONTENT_TYPES
        if not all(map(self._package.has, names)) or self._package.has(PART):
            return False
        added = with_first_sheet(BookParts(*map(self._current, names)))
        if added is None:
            return False
        self._changed.update(zip(names, added, strict=True))
        return True

    def _has_our_property(self) -> bool:
        part = properties.PART
        return self._package.has(part) and properties.is_ours(self._current(part))

    def write_first_sheet(self, rows: Iterable[tuple[str, str]]) -> None:
        """Write what stands in it, once it is known."""
        self._target.writestr(self._parts.summary or PART, first_sheet(rows))

    def set_property(self, value: str) -> None:
        """Add our document property, or exchange its value, where there is a place for it.

        Raises:
            UneditableError: a part is damaged or too large.
        """
        names = {properties.CONTENT_TYPES, properties.RELATIONS, properties.PART}
        known = [entry.filename for entry in self._package.entries if entry.filename in names]
        parts = {name: self._current(name) for name in known}
        self._changed.update(properties.with_property(parts, value))

    def write_all_but_sheet(self, columns: NewColumns, finish: Finish = _AS_IT_IS) -> None:
        """Write the parts that can be written before the new cells are known.

        Raises:
            UneditableError: a part is damaged.
        """
        workbook, place = self._current(self._parts.workbook), self._place
        if columns.has_new:
            workbook = with_wider_filter_name(workbook, place, columns)
        if cells := finish.filtered(columns):
            workbook = with_filter_name(workbook, place, self._parts.sheet_name, cells)
        if self._parts.is_behind or place != self._parts.sheet_place:
            workbook = with_active_sheet(workbook, place)
        changed = {**self._changed, self._parts.workbook: workbook}
        for entry in self._package.entries:
            name = entry.filename
            if name in changed:
                self._target.writestr(name, changed.pop(name))
            elif name.lower() in self._dropped or entry.is_dir():
                continue
            elif name != self._parts.sheet:
                with certainly(), closing(self._package.chunks(name)) as chunks:
                    is_other = name in self._parts.others
                    self._write(name, _sent_behind(chunks) if is_other else chunks)
        for name, content in changed.items():
            self._target.writestr(name, content)

    def write_sheet(
        self,
        columns: NewColumns,
        cells_of: Callable[[int], RowCells | None],
        finish: Finish = _AS_IT_IS,
    ) -> None:
        """Write the sheet with the new cells in it, in front of the others; see `edited`.

        Raises:
            SourceError: the sheet is not the one that was looked through.
        """
        with (
            Package(self._package.path, self._package.limits) as package,
            closing(package.chunks(self._parts.sheet)) as chunks,
        ):
            finish = replace(finish, is_in_front=self._parts.is_behind)
            self._write(self._parts.sheet, edited(SheetPart(chunks), columns, cells_of, finish))

    def _write(self, name: str, blocks: Iterable[bytes]) -> None:
        is_large = self._package.size(name) > LARGE_BYTES
        with self._target.open(name, "w", force_zip64=is_large) as part:
            for block in blocks:
                part.write(block)


def _sent_behind(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield behind(next(chunks, b""))
    yield from chunks


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
