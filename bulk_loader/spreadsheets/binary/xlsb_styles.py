"""Whether an .xlsb shows numbers in other ways than by their digits.

The library that reads such workbooks gives numbers without their formats. Which formats there
are stands in one small part; which cell has which is not looked up.

Source: Microsoft's specification [MS-XLSB], "Record", "BrtFmt", "BrtXF".
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.number_formats import built_in, parsed
from bulk_loader.spreadsheets.serials import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.spreadsheets.number_formats import NumberFormat
    from bulk_loader.spreadsheets.package import Package

STYLES = "xl/styles.bin"

_FORMAT, _CELL_STYLE, _BEGIN_CELL_STYLES, _END_CELL_STYLES = 44, 47, 617, 618
_HEAD = struct.Struct("<HI")  # of a format: its number, and the length of its code
_PARENT_AND_FORMAT = struct.Struct("<HH")

# Phone numbers and keys of customers as they are stored; a format that is none shows them so.
_SAMPLES = ("7", "991234567", "59899123456")


def changes_numbers(package: Package) -> bool:
    """Whether some cell may show zeros in front, a `+` or other signs that its number lacks."""
    if not package.has(STYLES):
        return False
    codes: dict[int, str] = {}
    used: set[int] = set()
    is_in_cell_styles = False
    for kind, data in _records(b"".join(package.chunks(STYLES))):
        if kind == _FORMAT and len(data) >= _HEAD.size:
            number, length = _HEAD.unpack_from(data)
            codes[number] = data[_HEAD.size :][: 2 * length].decode("utf-16-le", "replace")
        elif kind in {_BEGIN_CELL_STYLES, _END_CELL_STYLES}:
            is_in_cell_styles = kind == _BEGIN_CELL_STYLES
        elif kind == _CELL_STYLE and is_in_cell_styles and len(data) >= _PARENT_AND_FORMAT.size:
            used.add(_PARENT_AND_FORMAT.unpack_from(data)[1])
    return any(_changes(number, codes.get(number)) for number in used)


def _changes(number: int, code: str | None) -> bool:
    calendar = Calendar.FROM_1900
    number_format = built_in(number, calendar) if code is None else parsed(code, calendar)
    if _is_date(number_format):  # a number in such a cell comes as a date
        return False
    shown = map(number_format.renderer(), _SAMPLES)
    return any(text != sample for text, sample in zip(shown, _SAMPLES, strict=True))


def _is_date(number_format: NumberFormat) -> bool:
    return number_format.sections[0].moment is not None


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and data of each record; both its kind and its length are numbers of 7 bits a byte."""
    at = 0
    while at < len(content):
        kind, at = _number(content, at, most=2)
        length, at = _number(content, at, most=4)
        yield kind, content[at : at + length]
        at += length


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of at most so many bytes, and where it ends."""
    number = 0
    for place, byte in enumerate(content[at : at + most]):
        number |= (byte & 0x7F) << 7 * place
        at += 1
        if byte < 0x80:  # noqa: PLR2004 (the highest bit says that there is more)
            break
    return number, at
