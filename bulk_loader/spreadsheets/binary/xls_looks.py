"""What an .xls workbook says about its cells besides their values: formats, errors, hidden rows.

The library that reads the values leaves these out, and without them a phone number shown as
`0991234567` would lose its zero. Source: Microsoft's [MS-XLS], the records named below.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.binary.compound_file import CompoundFile, CompoundFileError
from bulk_loader.spreadsheets.cells import error
from bulk_loader.spreadsheets.references import ColumnSet
from bulk_loader.spreadsheets.serials import Calendar
from bulk_loader.spreadsheets.xlsx.styles import Styles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BOF, _EOF, _BIFF8 = 0x0809, 0x000A, 0x0600
_DATEMODE, _FORMAT, _XF, _BOUNDSHEET, _WINDOW1 = 0x0022, 0x041E, 0x00E0, 0x0085, 0x003D
_ROW, _COLINFO = 0x0208, 0x007D
_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205

_COLUMNS = 256  # of a sheet of Excel 97 to 2003

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


@dataclass(slots=True)
class SheetLooks:
    """How one sheet shows its cells.

    Attributes:
        texts: by row number and position of the column, the texts of cells that show something
            else than their bare value.
        hidden_rows: row numbers.
        hidden_columns: those that nobody sees.
    """

    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: ColumnSet = field(default_factory=ColumnSet)


class XlsLooks:
    """The looks of a whole workbook.

    Attributes:
        active: place of the sheet that was in front when the file was saved.
    """

    def __init__(self, stream: bytes) -> None:
        self.active = 0
        self._stream = stream
        self._places: dict[str, int] = {}
        calendar = Calendar.FROM_1900
        numbers: list[int] = []
        codes: dict[int, str] = {}
        for kind, body in _records(stream, 0):
            if kind == _DATEMODE and body[:1] == b"\x01":
                calendar = Calendar.FROM_1904
            elif kind == _FORMAT:
                codes[_u16(body, 0)] = _text(body[2:], 2)
            elif kind == _XF:
                numbers.append(_u16(body, 2))
            elif kind == _WINDOW1:
                self.active = _u16(body, 10)
            elif kind == _BOUNDSHEET:
                self._places[_text(body[6:], 1)] = struct.unpack_from("<I", body)[0]
        self._styles = Styles(numbers, codes, calendar)
        self._renderers: dict[int, Callable[[str], str] | None] = {}

    def sheet(self, name: str) -> SheetLooks:
        """The looks of one sheet; none for a name that the workbook does not have.

        Raises:
            CompoundFileError: the sheet is broken.
        """
        looks = SheetLooks()
        if name not in self._places:
            return looks
        try:
            for kind, body in _records(self._stream, self._places[name]):
                self._note(looks, kind, body)
        except (struct.error, IndexError) as cut_short:
            raise CompoundFileError("a record is cut short") from cut_short
        return looks

    def _note(self, looks: SheetLooks, kind: int, body: bytes) -> None:
        if kind == _ROW:
            if _u16(body, 12) & 0x20:
                looks.hidden_rows.add(_u16(body, 0) + 1)
        elif kind == _COLINFO:
            if _u16(body, 8) & 1:
                looks.hidden_columns.add(_u16(body, 0), _u16(body, 2))
        else:
            for position, text in self._cells(kind, body):
                if position >= _COLUMNS:
                    raise CompoundFileError("a cell is beyond the last column")
                looks.texts.setdefault(_u16(body, 0) + 1, {})[position] = text

    def _cells(self, kind: int, body: bytes) -> Iterator[tuple[int, str]]:
        """Positions and texts of the cells in a record that do not show their bare value."""
        if kind == _NUMBER:
            yield from self._number(_u16(body, 2), _u16(body, 4), _double(body[6:14]))
        elif kind == _RK:
            yield from self._number(_u16(body, 2), _u16(body, 4), _rk(body[6:10]))
        elif kind == _MULRK:
            first = _u16(body, 2)
            for place, at in enumerate(range(4, len(body) - 7, 6)):
                yield from self._number(first + place, _u16(body, at), _rk(body[at + 2 : at + 6]))
        elif kind == _FORMULA:
            yield from self._result(_u16(body, 2), _u16(body, 4), body[6:14])
        elif kind == _BOOLERR and body[7:8] == b"\x01":
            yield _u16(body, 2), error(_ERRORS.get(body[6], "#ERROR"))

    def _result(self, position: int, style: int, result: bytes) -> Iterator[tuple[int, str]]:
        if result[6:8] != b"\xff\xff":
            yield from self._number(position, style, _double(result))
        elif result[:1] == b"\x02":
            yield position, error(_ERRORS.get(result[2], "#ERROR"))

    def _number(self, position: int, style: int, value: float) -> Iterator[tuple[int, str]]:
        if style not in self._renderers:
            shown = self._styles.number_format(style)
            self._renderers[style] = None if shown.is_general else shown.renderer()
        renderer = self._renderers[style]
        if renderer is not None:
            yield position, renderer(repr(value))


def read_looks(content: bytes) -> XlsLooks | None:
    """The looks of a workbook; None for versions before Excel 97, and where it is damaged."""
    try:
        stream = CompoundFile(content).stream("Workbook")
        if stream is None or _u16(stream, 0) != _BOF or _u16(stream, 4) != _BIFF8:
            return None
        return XlsLooks(stream)
    except (CompoundFileError, struct.error):
        return None


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of a workbook, without those of charts inside."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, body


def _u16(body: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", body, at)[0])


def _double(body: bytes) -> float:
    return float(struct.unpack("<d", body)[0])


def _rk(body: bytes) -> float:
    """A number in four bytes: the top of a double, or an integer, perhaps in hundredths."""
    (packed,) = struct.unpack("<i", body)
    if packed & 2:
        number = float(packed >> 2)
    else:
        number = _double(b"\0\0\0\0" + struct.pack("<i", packed & ~3))
    return number / 100 if packed & 1 else number


def _text(body: bytes, count_bytes: int) -> str:
    """A text after its length in one or two bytes, and a flag for two bytes a character."""
    count = int.from_bytes(body[:count_bytes], "little")
    is_wide = body[count_bytes : count_bytes + 1] == b"\x01"
    begin = count_bytes + 1
    if is_wide:
        return body[begin : begin + 2 * count].decode("utf-16-le", "replace")
    return body[begin : begin + count].decode("latin-1")
