"""The parts of an .xlsb: records of a kind and a length, streamed from their archive.

Source: Microsoft's specification [MS-XLSB], "Record", and the records named below.
"""

from __future__ import annotations

import struct
from contextlib import closing, contextmanager
from sys import getsizeof
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.binary.cell_texts import CellTexts
from bulk_loader.spreadsheets.markup import MAX_ELEMENT_BYTES, MarkupError, require_few
from bulk_loader.spreadsheets.serials import Calendar
from bulk_loader.spreadsheets.xlsx.listing import Listed, Listing, read_parts

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from bulk_loader.spreadsheets.package import Package

_BUNDLE_SHEET, _BOOK_VIEW, _BOOK_PROPERTIES, _CALCULATION = 156, 158, 153, 157
_SHARED_TEXT = 19
_FORMAT, _CELL_STYLE, _BEGIN_CELL_STYLES, _END_CELL_STYLES = 44, 47, 617, 618

_MORE = 0x80  # of a byte: the number goes on in the next one
_NO_TEXT = 0xFFFFFFFF
_HEAD = struct.Struct("<HI")  # of a format: its number, and the length of its code


class RecordError(MarkupError):
    """Records that are broken, cut short or of an unknown kind; a clause for a user."""


def records(package: Package, part: str) -> Generator[tuple[int, bytes], None, None]:
    """Kind and data of each record of a part.

    Raises:
        RecordError: a record is cut short.
        SourceError: the archive is broken, or passes a limit.
    """
    with closing(package.chunks(part)) as chunks:
        yield from _cut(chunks)


def _cut(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    waiting = b""
    for chunk in chunks:
        waiting += chunk
        at = 0
        while (head := _head(waiting, at)) is not None:
            kind, begin, end = head
            if end - begin > MAX_ELEMENT_BYTES:
                raise RecordError("a single record of it takes megabytes")
            if end > len(waiting):
                break
            yield kind, waiting[begin:end]
            at = end
        waiting = waiting[at:]
    if waiting:
        raise RecordError("its last record is cut short")


def _head(content: bytes, at: int) -> tuple[int, int, int] | None:
    """Kind of the record there, and where its data begin and end; None where more is needed.

    The kind takes one or two bytes, the length one to four, each of seven bits.
    """
    try:
        kind = content[at]
        at += 1
        if kind & _MORE:
            kind = kind & 0x7F | (content[at] & 0x7F) << 7
            at += 1
        length = 0
        for shift in (0, 7, 14, 21):
            byte = content[at]
            at += 1
            length |= (byte & 0x7F) << shift
            if not byte & _MORE:
                break
    except IndexError:
        return None
    return kind, at, at + length


@contextmanager
def whole_records() -> Iterator[None]:
    """Say of a record that is shorter than its kind demands that it is."""
    try:
        yield
    except (struct.error, IndexError) as error:
        raise RecordError("a record of it is shorter than it must be") from error


def wide_text(data: bytes, at: int) -> tuple[str, int]:
    """A text after the number of its characters, and where it ends; "" for none.

    Raises:
        RecordError: it is longer than its record.
    """
    (count,) = struct.unpack_from("<I", data, at)
    if count == _NO_TEXT:
        return "", at + 4
    end = at + 4 + 2 * count
    if end > len(data):
        raise RecordError("a text is longer than its record")
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def read_listing(package: Package) -> Listing:
    """The sheets and parts of an .xlsb.

    Raises:
        SourceError: the file is no workbook, or a broken one.
    """
    workbook, references = read_parts(package)
    active = 0
    names: list[str] = []
    with package.translated(workbook.part), whole_records():
        for kind, data in records(package, workbook.part):
            if kind == _BUNDLE_SHEET:
                identifier, end = wide_text(data, 8)
                names.append(wide_text(data, end)[0])
                require_few(names, "sheets")
                sheet_kind, target = references.get(identifier, ("", ""))
                if sheet_kind == "worksheet":
                    sheet = Listed(names[-1], target, len(names) - 1, is_hidden=any(data[:4]))
                    workbook.sheets.append(sheet)
            elif kind == _BOOK_VIEW:
                (active,) = struct.unpack_from("<I", data, 24)
            elif kind == _BOOK_PROPERTIES and data[0] & 1:
                workbook.calendar = Calendar.FROM_1904
            elif kind == _CALCULATION and len(data) > 24:  # noqa: PLR2004 (where its flags stand)
                workbook.recalculates = bool(data[24] & 1)
    workbook.active = names[active] if active < len(names) else None
    return workbook


def read_strings(package: Package, part: str | None) -> list[str]:
    """All shared texts in their order; none where the workbook has no such part.

    Raises:
        SourceError: the part is broken, or costs too much.
    """
    strings: list[str] = []
    if part is None or not package.has(part):
        return strings
    with package.translated(part), whole_records():
        for kind, data in records(package, part):
            if kind == _SHARED_TEXT:
                text, _ = wide_text(data, 1)
                package.spender.keep(getsizeof(text) + 8)
                strings.append(text)
    return strings


def read_cell_texts(package: Package, part: str | None, calendar: Calendar) -> CellTexts:
    """How the cells of each style are shown.

    Raises:
        SourceError: the part is broken.
    """
    numbers: list[int] = []
    codes: dict[int, str] = {}
    is_in_cell_styles = False
    if part is not None and package.has(part):
        with package.translated(part), whole_records():
            for kind, data in records(package, part):
                if kind == _FORMAT:
                    number, _ = _HEAD.unpack_from(data)
                    codes[number] = wide_text(data, 2)[0]
                    require_few(codes, "number formats")
                elif kind in {_BEGIN_CELL_STYLES, _END_CELL_STYLES}:
                    is_in_cell_styles = kind == _BEGIN_CELL_STYLES
                elif kind == _CELL_STYLE and is_in_cell_styles:
                    numbers.append(struct.unpack_from("<HH", data)[1])
                    require_few(numbers, "cell formats")
    return CellTexts(numbers, codes, calendar)
