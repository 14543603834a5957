"""The cells of one sheet of an .xls, as the texts that a person sees.

Source: Microsoft's [MS-XLS], the records named below.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.binary.cell_texts import error_text, rk_number
from bulk_loader.spreadsheets.binary.compound_file import CompoundFileError
from bulk_loader.spreadsheets.binary.xls_records import CONTINUE, records
from bulk_loader.spreadsheets.cells import (
    UNREADABLE_CELL,
    Damaged,
    formula_without_value,
    truth,
)
from bulk_loader.spreadsheets.merges import MAX_MERGES, Merge
from bulk_loader.spreadsheets.references import ColumnSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.spreadsheets.binary.xls_book import Book
    from bulk_loader.spreadsheets.limits import Limits

_ROW, _COLINFO, _MERGECELLS = 0x0208, 0x007D, 0x00E5
_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
_LABEL, _RSTRING, _LABELSST, _STRING = 0x0204, 0x00D6, 0x00FD, 0x0207
_FILLED = {_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR, _LABEL, _RSTRING, _LABELSST}

_COLUMNS = 256  # of a sheet of Excel 97 to 2003
_HIDDEN_ROW = 0x20

# A result of a formula that is no number has these bytes at its end, and its kind in front.
_NO_NUMBER = b"\xff\xff"


@dataclass(slots=True)
class SheetContents:
    """What stands in a sheet.

    Attributes:
        rows: by number and position of the column, the texts.
        hidden_rows: their numbers.
    """

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: ColumnSet = field(default_factory=ColumnSet)


def has_data(book: Book, begin: int) -> bool:
    """Whether a sheet has any contents."""
    return any(kind in _FILLED for kind, _ in records(book.stream, begin))


def read_cells(book: Book, begin: int, limits: Limits) -> SheetContents:
    """All that stands in a sheet.

    Raises:
        CompoundFileError, struct.error, IndexError: it is broken.
    """
    contents = SheetContents()
    reader = _CellReader(book)
    for kind, bodies in _with_continuations(records(book.stream, begin)):
        _note(contents, kind, bodies[0])
        for row, position, text in reader.cells(kind, bodies):
            if position >= _COLUMNS:
                raise CompoundFileError("a cell is beyond the last column")
            if len(text) > limits.max_cell_length:
                raise CompoundFileError("one of its cells is longer than any cell of a list")
            if text:
                contents.rows.setdefault(row + 1, {})[position] = text
    return contents


def _note(contents: SheetContents, kind: int, body: bytes) -> None:
    """Take in a record that is no cell."""
    if kind == _ROW:
        if _u16(body, 12) & _HIDDEN_ROW:
            contents.hidden_rows.add(_u16(body, 0) + 1)
    elif kind == _COLINFO:
        if _u16(body, 8) & 1:
            contents.hidden_columns.add(_u16(body, 0), _u16(body, 2))
    elif kind == _MERGECELLS:
        contents.merges += _merges(body)
        if len(contents.merges) > MAX_MERGES:
            raise CompoundFileError(f"it has more than {MAX_MERGES:,} merged cells")


def _with_continuations(found: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, list[bytes]]]:
    """Each record with what continues it."""
    waiting: tuple[int, list[bytes]] | None = None
    for kind, body in found:
        if kind == CONTINUE and waiting:
            waiting[1].append(body)
            continue
        if waiting:
            yield waiting
        waiting = kind, [body]
    if waiting:
        yield waiting


def _merges(body: bytes) -> Iterator[str]:
    (count,) = struct.unpack_from("<H", body)
    for at in range(2, 2 + 8 * count, 8):
        top, bottom, left, right = struct.unpack_from("<HHHH", body, at)
        yield Merge.reference_of((top, left), (bottom, right))


class _CellReader:
    """Shows the cells of a sheet."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._shown = book.shown
        self._waiting = (0, 0, 0)  # row, column and style of the formula whose text comes next

    def cells(self, kind: int, bodies: list[bytes]) -> Iterator[tuple[int, int, str]]:
        """Row, position and text of each cell in a record."""
        body = bodies[0]
        if kind == _STRING:
            row, position, style = self._waiting
            yield row, position, self._shown.text(style, self._book.texts.text(bodies, 0, 2))
        elif kind == _MULRK:
            row, first = struct.unpack_from("<HH", body)
            for position, at in enumerate(range(4, len(body) - 7, 6), start=first):
                yield (
                    row,
                    position,
                    self._shown.number(_u16(body, at), rk_number(body[at + 2 : at + 6])),
                )
        elif kind in _FILLED:
            row, position, style = struct.unpack_from("<HHH", body)
            yield row, position, self._text(kind, style, bodies)
            if kind == _FORMULA:
                self._waiting = row, position, style

    def _text(self, kind: int, style: int, bodies: list[bytes]) -> str:
        body = bodies[0]
        if kind == _LABELSST:
            return self._shared(style, *struct.unpack_from("<I", body, 6))
        if kind in {_LABEL, _RSTRING}:
            return self._shown.text(style, self._book.texts.text(bodies, 6, 2))
        if kind == _RK:
            return self._shown.number(style, rk_number(body[6:10]))
        if kind == _BOOLERR:
            return error_text(body[6]) if body[7] else truth(str(body[6]))
        if kind == _FORMULA and body[12:14] == _NO_NUMBER:
            return _result(body)
        return self._shown.number(style, *struct.unpack_from("<d", body, 6))

    def _shared(self, style: int, place: int) -> str:
        if place >= len(self._book.strings):
            return Damaged(str(place), UNREADABLE_CELL)
        return self._shown.text(style, self._book.strings[place])


def _result(body: bytes) -> str:
    match body[6]:
        case 0:  # a text, which comes in a record of its own
            return formula_without_value("")
        case 1:
            return truth(str(body[8]))
        case 2:
            return error_text(body[8])
        case _:
            return ""


def _u16(body: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", body, at)[0])
