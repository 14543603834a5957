"""Workbooks of binary records, put together record by record."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING

from tests.support.costly_files import biff, compound_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

BIFF5, BIFF8 = 0x0500, 0x0600

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of an .xlsb."""
    return _sevens(kind) + _sevens(len(data)) + data


def wide(text: str) -> bytes:
    """A text as an .xlsb has it."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def row(number: int, *cells: bytes, is_hidden: bool = False) -> bytes:
    """A row of an .xlsb with its cells."""
    flags = bytes([0x10 if is_hidden else 0])
    head = struct.pack("<IIHB", number - 1, 0, 255, 0) + flags + bytes(13)
    return record(0, head) + b"".join(cells)


def cell(kind: int, position: int, value: bytes = b"", style: int = 0) -> bytes:
    """A cell of an .xlsb."""
    return record(kind, struct.pack("<II", position, style) + value)


def short_cell(kind: int, value: bytes = b"", style: int = 0) -> bytes:
    """A cell without its column, as SheetJS writes all but the first of a row."""
    return record(kind + 11, struct.pack("<I", style) + value)


def text(position: int, value: str, style: int = 0) -> bytes:
    """A cell with its text inside."""
    return cell(6, position, wide(value), style)


def xlsb_styles(*codes: str) -> bytes:
    """Formats of an .xlsb; style 1 has the first one."""
    listed = b"".join(
        record(44, struct.pack("<H", at) + wide(code)) for at, code in enumerate(codes, 170)
    )
    named = record(626) + record(47, struct.pack("<HH", 0xFFFF, 9) + bytes(12)) + record(627)
    numbers = (0, *range(170, 170 + len(codes)))
    cells = [record(47, struct.pack("<HH", 0, number) + bytes(12)) for number in numbers]
    return listed + named + record(617, b"\2\0\0\0") + b"".join(cells) + record(618)


def write_xlsb(
    path: Path,
    rows: bytes,
    *,
    formats: Sequence[str] = (),
    strings: Sequence[str] = (),
    around: bytes = b"",
    book: bytes = b"",
    sheets: Sequence[tuple[str, str]] = (("Leads", "worksheet"),),
    replaced: Mapping[str, bytes | None] | None = None,
) -> Path:
    """An .xlsb, always with the same bytes.

    Args:
        rows: of its first sheet.
        around: records behind the rows.
        book: records of the workbook before its sheets.
        sheets: names and kinds.
    """
    named = [(name, kind, f"sheets/sheet{at}.bin") for at, (name, kind) in enumerate(sheets)]
    targets = [("styles", "styles.bin"), ("sharedStrings", "sharedStrings.bin")]
    targets += [(kind, target) for _, kind, target in named]
    links = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets)
    )
    root = f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.bin"/>'
    listed = b"".join(
        record(156, struct.pack("<II", 0, at) + wide(f"r{at + 2}") + wide(name))
        for at, (name, _, _) in enumerate(named)
    )
    items = b"".join(record(19, b"\0" + wide(item)) for item in strings)
    others = {f"xl/{target}": record(129) + record(130) for _, _, target in named[1:]}
    main = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    parts: dict[str, bytes | None] = {
        "[Content_Types].xml": (
            f'<Types><Override PartName="/xl/workbook.bin" ContentType="{main}"/></Types>'.encode()
        ),
        "_rels/.rels": f"<Relationships>{root}</Relationships>".encode(),
        "xl/_rels/workbook.bin.rels": f"<Relationships>{links}</Relationships>".encode(),
        "xl/workbook.bin": record(131) + book + record(143) + listed + record(144) + record(132),
        "xl/styles.bin": xlsb_styles(*formats),
        "xl/sharedStrings.bin": record(159, bytes(8)) + items + record(160),
        "xl/sheets/sheet0.bin": record(129)
        + record(145)
        + rows
        + record(146)
        + around
        + record(130),
        **others,
        **(replaced or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content)
    return path


def old_number(row: int, position: int, value: float, style: int = 0) -> bytes:
    """A number of an .xls; its row counts from 1."""
    return biff(0x0203, struct.pack("<HHHd", row - 1, position, style, value))


def old_text(row: int, position: int, value: str, encoding: str = "utf-16-le") -> bytes:
    """A text of an .xls: one byte a character for `latin-1`, else of that code page or two bytes."""
    head = struct.pack("<HHHH", row - 1, position, 0, len(value.encode(encoding)))
    if encoding == "utf-16-le":
        head = head[:6] + struct.pack("<HB", len(value), 1)
    elif encoding == "latin-1":
        head += b"\0"
    return biff(0x0204, head + value.encode(encoding))


def xls_styles(*codes: str, version: int = BIFF8) -> bytes:
    """Formats of an .xls; style 1 has the first one."""
    wide_head, narrow_head = struct.Struct("<HHB"), struct.Struct("<HB")
    listed = b"".join(
        biff(
            0x041E,
            (
                wide_head.pack(at, len(code), 0)
                if version == BIFF8
                else narrow_head.pack(at, len(code))
            )
            + code.encode("latin-1"),
        )
        for at, code in enumerate(codes, 170)
    )
    numbers = (0, *range(170, 170 + len(codes)))
    return listed + b"".join(biff(0x00E0, struct.pack("<HH", 0, at) + bytes(16)) for at in numbers)


def write_xls(
    path: Path,
    cells: bytes,
    *,
    book: bytes = b"",
    version: int = BIFF8,
    kinds: Sequence[int] = (0,),
) -> Path:
    """An .xls, always with the same bytes.

    Args:
        cells: records of its first sheet; further ones are empty.
        book: records before those that list the sheets.
        kinds: of its sheets; 0 has cells, 2 is a chart.
    """
    end = biff(0x000A, b"")
    names = [f"Sheet{at}".encode() for at in range(1, len(kinds) + 1)]
    flag = b"\0" if version == BIFF8 else b""
    begin = _begin(version, 5) + book
    place = len(begin) + sum(4 + 7 + len(flag) + len(name) for name in names) + len(end)
    listed, sheets = b"", b""
    for name, kind, content in zip(names, kinds, [cells, *[b""] * len(kinds)], strict=False):
        head = struct.pack("<IBBB", place + len(sheets), 0, kind, len(name))
        listed += biff(0x0085, head + flag + name)
        sheets += _begin(version, 0x10) + content + end
    stream = begin + listed + end + sheets
    called = "BOOK" if version == BIFF5 else "Workbook"
    path.write_bytes(compound_file(stream.ljust(4096, b"\0"), called))
    return path


def _begin(version: int, kind: int) -> bytes:
    return biff(0x0809, struct.pack("<HHHH", version, kind, 0, 0) + bytes(8))


def _sevens(number: int) -> bytes:
    low, more = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _sevens(more) if more else bytes([low])
