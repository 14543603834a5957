"""What an .xls says about the whole workbook: its sheets, formats, shared texts and calendar.

Source: Microsoft's [MS-XLS], the records named below.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from sys import getsizeof
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.binary.cell_texts import CellTexts
from bulk_loader.spreadsheets.binary.compound_file import CompoundFileError
from bulk_loader.spreadsheets.binary.xls_records import (
    BOF,
    CONTINUE,
    Texts,
    records,
    shared_texts,
)
from bulk_loader.spreadsheets.serials import Calendar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.spreadsheets.limits import Spender

_CODEPAGE, _DATEMODE, _FORMAT, _XF = 0x0042, 0x0022, 0x041E, 0x00E0
_BOUNDSHEET, _WINDOW1, _SST, _FILEPASS = 0x0085, 0x003D, 0x00FC, 0x002F
_BIFF8, _BIFF5 = 0x0600, 0x0500

_HIDDEN = 3  # bits of the state of a sheet


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """A sheet of cells; charts and macro sheets are none.

    Attributes:
        begin: of its records in the stream.
        place: number among the sheets of any kind, from 0 on.
    """

    name: str
    begin: int
    place: int
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Book:
    """What holds for all sheets.

    Attributes:
        active: place of the sheet that was in front when the file was saved.
        strings: the shared texts.
        is_protected: only a password opens it.
    """

    stream: bytes
    texts: Texts
    shown: CellTexts
    sheets: Sequence[ListedSheet]
    strings: Sequence[str]
    active: int
    is_protected: bool


def read_book(stream: bytes, spender: Spender) -> Book:
    """Read the records that stand before those of the sheets.

    Raises:
        CompoundFileError, struct.error: they are broken, or of a version before Excel 5.
        OverBudgetError: they cost too much.
    """
    kind, version = struct.unpack_from("<H2xH", stream)
    if kind != BOF or version not in {_BIFF8, _BIFF5}:
        raise CompoundFileError("it is of a version before Excel 5, or of none that is known")
    reader = _Reader(Texts(is_narrow=version == _BIFF5))
    before = 0
    for kind, body in records(stream, 0):
        if kind == CONTINUE and before == _SST:
            reader.shared.append(body)
            continue
        if kind == _FILEPASS:  # what follows is encrypted
            reader.is_protected = True
            break
        reader.note(kind, body)
        before = kind
    return reader.book(stream, spender)


class _Reader:
    """Gathers what the records say."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.shared: list[bytes] = []
        self.is_protected = False
        self._sheets: list[ListedSheet] = []
        self._listed = self._active = 0
        self._calendar = Calendar.FROM_1900
        self._numbers: list[int] = []
        self._codes: dict[int, str] = {}

    def note(self, kind: int, body: bytes) -> None:
        """Take in a record."""
        if kind == _CODEPAGE:
            self.texts.use_code_page(_u16(body, 0))
        elif kind == _DATEMODE and body[:1] == b"\x01":
            self._calendar = Calendar.FROM_1904
        elif kind == _FORMAT:
            count_bytes = 1 if self.texts.is_narrow else 2
            self._codes[_u16(body, 0)] = self.texts.text([body], 2, count_bytes)
        elif kind == _XF:
            self._numbers.append(_u16(body, 2))
        elif kind == _WINDOW1:
            self._active = _u16(body, 10)
        elif kind == _SST:
            self.shared = [body]
        elif kind == _BOUNDSHEET:
            begin, state, sheet_kind = struct.unpack_from("<IBB", body)
            if sheet_kind == 0:
                name = self.texts.text([body], 6, 1)
                self._sheets.append(
                    ListedSheet(name, begin, self._listed, is_hidden=bool(state & _HIDDEN))
                )
            self._listed += 1

    def book(self, stream: bytes, spender: Spender) -> Book:
        """What was found."""
        strings: list[str] = []
        for text in shared_texts(self.shared) if self.shared else ():
            spender.keep(getsizeof(text))
            strings.append(text)
        return Book(
            stream,
            self.texts,
            CellTexts(self._numbers, self._codes, self._calendar),
            self._sheets,
            strings,
            self._active,
            self.is_protected,
        )


def _u16(body: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", body, at)[0])
