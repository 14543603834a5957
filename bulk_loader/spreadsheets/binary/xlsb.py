"""Excel's binary workbooks (.xlsb), streamed from their records: every cell as a person sees it."""

from __future__ import annotations

import struct
from contextlib import closing
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Self

from bulk_loader.model import FileFormat
from bulk_loader.spreadsheets.binary.cell_texts import error_text, rk_number
from bulk_loader.spreadsheets.binary.xlsb_records import (
    RecordError,
    read_cell_texts,
    read_listing,
    read_strings,
    records,
    whole_records,
    wide_text,
)
from bulk_loader.spreadsheets.blocks import blocks_of
from bulk_loader.spreadsheets.cells import (
    UNREADABLE_CELL,
    Damaged,
    formula_without_value,
    truth,
)
from bulk_loader.spreadsheets.markup import require_few
from bulk_loader.spreadsheets.merges import Merge
from bulk_loader.spreadsheets.package import Package
from bulk_loader.spreadsheets.references import ColumnSet

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path

    from bulk_loader.spreadsheets.binary.cell_texts import CellTexts
    from bulk_loader.spreadsheets.blocks import Block, SheetRow
    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.workbooks import Sheet
    from bulk_loader.spreadsheets.xlsx.listing import Listing

_ROW, _COLUMNS, _MERGE = 0, 60, 176
_END_OF_ROWS = 146
_HIDDEN_ROW = 0x10  # of the flags of a row, as of its 12th byte


class _Kind(IntEnum):
    """Records of cells."""

    BLANK = 1
    RK = 2
    ERROR = 3
    TRUTH = 4
    REAL = 5
    TEXT = 6
    SHARED = 7
    FORMULA_TEXT = 8
    FORMULA_NUMBER = 9
    FORMULA_TRUTH = 10
    FORMULA_ERROR = 11
    RICH_TEXT = 62


_SHORT = range(12, 19)
"""The first seven kinds once more, without their column: it follows that of the cell before."""

_CELLS = frozenset((*_Kind, *_SHORT))


@dataclass(slots=True)
class XlsbSheet:
    """Where the rows of a sheet are, and how they are read.

    Attributes:
        merges: references of merged cells, known once all rows were read; so are the columns.
    """

    path: Path
    limits: Limits
    name: str
    part: str
    reader: CellReader
    merges: list[str] = field(default_factory=list)
    hidden: ColumnSet = field(default_factory=ColumnSet)

    def blocks(self) -> Generator[Block, None, None]:
        """All rows with contents."""
        self.merges.clear()
        self.hidden.clear()
        with (
            Package(self.path, self.limits) as package,
            package.translated(self.part),
            whole_records(),
            closing(records(package, self.part)) as found,
        ):
            yield from blocks_of(self._rows(found))

    @property
    def hidden_columns(self) -> Sequence[int]:
        """Positions of hidden columns."""
        return self.hidden.positions

    def _rows(self, found: Iterator[tuple[int, bytes]]) -> Iterator[SheetRow]:
        number, is_hidden, position = 0, False, -1
        texts: list[str] = []
        for kind, data in found:
            if kind in _CELLS:
                position, text = self.reader.cell(kind, data, position)
                if text:
                    texts += [""] * (position + 1 - len(texts))
                    texts[position] = text
                continue
            if kind in {_ROW, _END_OF_ROWS}:
                if texts:
                    yield number, is_hidden, texts
                texts, position = [], -1
            if kind == _ROW:
                number = struct.unpack_from("<I", data)[0] + 1
                is_hidden = bool(data[11] & _HIDDEN_ROW)
            else:
                self._note(kind, data)
        if texts:
            yield number, is_hidden, texts

    def _note(self, kind: int, data: bytes) -> None:
        if kind == _COLUMNS:
            first, last, _, _, flags = struct.unpack_from("<IIIIH", data)
            if flags & 1:
                self.hidden.add(first, last)
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<IIII", data)
            if right >= self.limits.max_columns:
                raise RecordError("it merges cells beyond the last column")
            self.merges.append(Merge.reference_of((top, left), (bottom, right)))
            require_few(self.merges, "merged cells")


@dataclass(frozen=True, slots=True)
class CellReader:
    """Shows the cells of a workbook.

    Attributes:
        strings: the shared texts.
        recalculates: stored results of formulas may be placeholders.
    """

    strings: Sequence[str]
    shown: CellTexts
    recalculates: bool
    limits: Limits

    def cell(self, kind: int, data: bytes, before: int) -> tuple[int, str]:
        """Position and text of a cell.

        Args:
            before: position of the cell before it in its row; -1 for none.

        Raises:
            RecordError: it is beyond the last column, or too long.
        """
        if kind in _SHORT:
            position, value = before + 1, data[4:]
            kind -= _SHORT[0] - _Kind.BLANK
            style = int.from_bytes(data[:3], "little")
        else:
            (position,) = struct.unpack_from("<I", data)
            value = data[8:]
            style = int.from_bytes(data[4:7], "little")
        if position >= self.limits.max_columns:
            raise RecordError(
                f"it has more than the {self.limits.max_columns:,} columns of a sheet"
            )
        text = self._text(kind, style, value)
        if len(text) > self.limits.max_cell_length:
            raise RecordError("one of its cells is longer than any cell of a list")
        return position, text

    def _text(self, kind: int, style: int, value: bytes) -> str:
        text = ""
        match kind:
            case _Kind.RK:
                text = self.shown.number(style, rk_number(value[:4]))
            case _Kind.REAL | _Kind.FORMULA_NUMBER:
                (number,) = struct.unpack_from("<d", value)
                # Programs that don't compute store 0, and ask for computing.
                is_placeholder = kind == _Kind.FORMULA_NUMBER and self.recalculates and not number
                text = (
                    formula_without_value("")
                    if is_placeholder
                    else self.shown.number(style, number)
                )
            case _Kind.ERROR | _Kind.FORMULA_ERROR:
                text = error_text(value[0])
            case _Kind.TRUTH | _Kind.FORMULA_TRUTH:
                text = truth(str(value[0]))
            case _Kind.TEXT | _Kind.FORMULA_TEXT:
                text = self.shown.text(style, wide_text(value, 0)[0])
            case _Kind.RICH_TEXT:
                text = self.shown.text(style, wide_text(value, 1)[0])
            case _Kind.SHARED:
                text = self._shared(style, *struct.unpack_from("<I", value))
            case _:
                pass
        return text

    def _shared(self, style: int, place: int) -> str:
        if place >= len(self.strings):
            return Damaged(str(place), UNREADABLE_CELL)
        return self.shown.text(style, self.strings[place])


@dataclass(frozen=True, slots=True)
class XlsbWorkbook:
    """A workbook whose formats and shared texts are known."""

    path: Path
    limits: Limits
    listing: Listing
    reader: CellReader
    format: FileFormat = FileFormat.XLSB
    notes: tuple[str, ...] = ()

    @classmethod
    def open(cls, path: Path, limits: Limits) -> Self:
        """Read all but the sheets.

        Raises:
            SourceError: the file is no such workbook, a broken one, or passes a limit.
        """
        with Package(path, limits) as package:
            listing = read_listing(package)
            listing.require_sheets(package)
            reader = CellReader(
                read_strings(package, listing.strings),
                read_cell_texts(package, listing.styles, listing.calendar),
                listing.recalculates,
                limits,
            )
        return cls(path, limits, listing, reader)

    def sheet(self, name: str | None) -> XlsbSheet:
        """The sheet of that name, else the active one, else the first that is not hidden."""
        listed = self.listing.sheet(name)
        return XlsbSheet(self.path, self.limits, listed.name, listed.part, self.reader)

    def others(self, sheet: Sheet) -> list[str]:
        """Names of the other sheets with any contents."""
        with Package(self.path, self.limits) as package:
            return [
                listed.name
                for listed in self.listing.sheets
                if listed.name != sheet.name and _has_data(package, listed.part)
            ]


def _has_data(package: Package, part: str) -> bool:
    if not package.has(part):
        return False
    with package.translated(part), closing(records(package, part)) as found:
        return any(kind in _CELLS and kind not in {_Kind.BLANK, _SHORT[0]} for kind, _ in found)
