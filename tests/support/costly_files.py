"""Small files that once cost minutes, gigabytes or the process itself, each made by a function."""

from __future__ import annotations

import gzip
import struct
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.spreadsheets.raw_workbooks import MAIN, RawWorkbook, row, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

HEADER = row(1, "phone", "name")
LIST = HEADER + row(2, "0991234567", "Ana")
_SHEET, _STRINGS, _STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
_WHOLE_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><fills><fill/></fills>'
    '<cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_ROW = (
    "<table:table-row><table:table-cell><text:p>phone</text:p></table:table-cell></table:table-row>"
)
_ODS_LEAD = (
    "<table:table-row><table:table-cell><text:p>0991234567</text:p></table:table-cell>"
    "</table:table-row>"
)


def spaces_in_a_header(folder: Path) -> Path:
    """A header cell with white space in it without end."""
    header = row(1, "phone", f"{' ' * 120_000}x")
    return _xlsx(folder, RawWorkbook(header + row(2, "0991234567", "Ana")))


def spaces_before_strings(folder: Path) -> Path:
    """White space where the shared texts begin."""
    strings = f'{" " * 300_000}<x:sst xmlns:x="{MAIN}"/>'
    return _xlsx(folder, RawWorkbook(LIST, replaced={_STRINGS: strings}))


def spaces_before_a_prefixed_sheet(folder: Path) -> Path:
    """White space before a sheet in the other dialect."""
    part = (
        f'{" " * 300_000}<x:worksheet xmlns:x="{MAIN}"><sheetData>{LIST}</sheetData></x:worksheet>'
    )
    return _xlsx(folder, RawWorkbook(LIST, replaced={_SHEET: part}))


def an_active_table_named_again(folder: Path) -> Path:
    """Settings that begin to name the active table time and again."""
    names = 'config:name="ActiveTable" ' * 60_000
    return _ods(folder, _ODS_LEAD, settings=f"<s>{names}</s>")


def columns_in_an_instruction(folder: Path) -> Path:
    """Widths that begin and never end, where only a parser sees that they are none."""
    instruction = f"<?x {'<cols>' * 60_000}?>"
    return _xlsx(folder, RawWorkbook(LIST, before=instruction))


def fills_in_an_instruction(folder: Path) -> Path:
    """Fills that begin and never end, in the styles."""
    styles = f'<styleSheet xmlns="{MAIN}"><?x {"<fills>" * 60_000}?><cellXfs/></styleSheet>'
    return _xlsx(folder, RawWorkbook(LIST, replaced={_STYLES: styles}))


def a_name_without_end(folder: Path) -> Path:
    """A text of the workbook part in which a tag seems to begin again and again."""
    names = "definedName " * 60_000
    return _xlsx(folder, RawWorkbook(LIST, workbook=f"<extLst><ext>{names}</ext></extLst>"))


def hidden_columns(folder: Path) -> Path:
    """All columns, hidden time and again."""
    columns = '<col min="1" max="16384" hidden="1"/>' * 20_000
    return _xlsx(folder, RawWorkbook(LIST, before=f"<cols>{columns}</cols>"))


def merges_over_merges(folder: Path) -> Path:
    """All merges there may be, one over the other."""
    merges = "".join(f'<mergeCell ref="A2:B{3000 + at % 9}"/>' for at in range(90_000))
    rows = HEADER + "".join(row(at, "0991234567", "Ana") for at in range(2, 2000))
    book = RawWorkbook(rows, after=f"<mergeCells>{merges}</mergeCells>")
    return _xlsx(folder, book)


def cells_far_at_the_right(folder: Path) -> Path:
    """Rows with one cell each, nearly in Excel's last column."""
    rows = "".join(row(at, "0991234567", text(f"XEZ{at}", "x")) for at in range(1, 60_000))
    return _xlsx(folder, RawWorkbook(rows))


def one_endless_tag(folder: Path) -> Path:
    """A comment of many megabytes, which a parser looks at anew with all that comes."""
    book = RawWorkbook(LIST, before=f"<!--{' ' * 40_000_000}-->")
    return _xlsx(folder, book)


def formats_that_are_none(folder: Path) -> Path:
    """A condition that compares with no number, and a shift by 500 powers of ten."""
    cells = '<c r="B2" s="1"><v>7</v></c>', '<c r="C2" s="2"><v>7</v></c>'
    rows = row(1, "phone", "a", "b") + row(2, "0991234567", *cells)
    return _xlsx(folder, RawWorkbook(rows, formats=["[>1.2.3]0", "0" + "%" * 250]))


def another_part_of_zeros(folder: Path) -> Path:
    """A part that nobody reads, which the results would take along."""
    path = _xlsx(folder, RawWorkbook(LIST))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/picture.bin", bytes(90_000_000))
    return path


def spaces_by_number(folder: Path) -> Path:
    """Cells of spaces that are stored as their number."""
    spaces = '<text:s text:c="131072"/>' * 20_000
    cell = f"<table:table-cell><text:p>{spaces}</text:p></table:table-cell>"
    return _ods(folder, f"<table:table-row>{cell}</table:table-row>")


def cells_of_spaces(folder: Path) -> Path:
    """Many such cells, none of them too long."""
    cell = '<table:table-cell><text:p><text:s text:c="131000"/></text:p></table:table-cell>'
    return _ods(folder, f"<table:table-row>{cell * 30}</table:table-row>" * 900)


def one_row_for_millions(folder: Path) -> Path:
    """A row that is stored once for nine million."""
    lead = _ODS_LEAD.replace("table-row>", 'table-row table:number-rows-repeated="9000000">', 1)
    return _ods(folder, lead)


def spans_beyond_counting(folder: Path) -> Path:
    """A merge over more columns than a name could be made for."""
    spans = f'table:number-columns-spanned="{"9" * 4000}"'
    return _ods(folder, _ODS_LEAD.replace("<table:table-cell>", f"<table:table-cell {spans}>"))


def cells_far_apart(folder: Path) -> Path:
    """Two cells of an .xlsb at two ends of the sheet."""
    return xlsb(folder, [FAR_APART])


def sheets_with_far_cells(folder: Path) -> Path:
    """Twenty sheets of an .xls, each with cells at two ends."""
    cells = biff(0x0203, struct.pack("<HHHd", 0, 0, 0, 1.0)) + biff(
        0x0203, struct.pack("<HHHd", 65_535, 16_383, 0, 1.0)
    )
    return _xls(folder, [cells] * 20)


def texts_that_are_not_there(folder: Path) -> Path:
    """An .xls that promises two thousand million texts."""
    texts = biff(0x00FC, struct.pack("<II", 2_147_483_647, 2_147_483_647))
    cells = [biff(0x0203, struct.pack("<HHHd", at, 0, 0, 991234567.0)) for at in range(2)]
    return _xls(folder, [b"".join(cells)], texts)


def a_directory_in_a_circle(folder: Path) -> Path:
    """An .xls whose directory goes on where it began."""
    content = bytearray(compound_file(bytes(4096)))
    content[512 + 4 : 512 + 8] = struct.pack("<I", 1)
    path = folder / "leads.xls"
    path.write_bytes(content + "Workbook".encode("utf-16-le"))
    return path


def many_columns_packed(folder: Path) -> Path:
    """A packed text file of 16,000 columns that hold next to nothing."""
    header = ",".join(["phone", *(f"c{at}" for at in range(1, 16_000))])
    lead = "0991234567" + "," * 15_999
    path = folder / "leads.csv.gz"
    path.write_bytes(gzip.compress("\n".join([header, *[lead] * 3000]).encode(), 6))
    return path


def one_line(folder: Path) -> Path:
    """A text file that is one line."""
    path = folder / "leads.csv"
    path.write_bytes(b"x" * 60_000_000)
    return path


def a_million_columns(folder: Path) -> Path:
    """A text file whose rows are four million delimiters."""
    path = folder / "leads.csv"
    path.write_bytes((b"," * 4_000_000 + b"\n") * 15)
    return path


def a_quote_that_is_never_closed(folder: Path) -> Path:
    """A text file that is one cell of short lines."""
    path = folder / "leads.csv"
    path.write_bytes(b'phone\n"' + b"0991234567\n" * 5_000_000)
    return path


def record(kind: int, data: bytes) -> bytes:
    """A record of an .xlsb; its kind takes two bytes from 128 on."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(data)]) + data


FAR_APART = ((0, 0, "phone"), (1_048_575, 16_383, "x"))
"""Row, column and text of two cells."""


def xlsb(folder: Path, sheets: Sequence[Iterable[tuple[int, int, str]]]) -> Path:
    """An .xlsb whose sheets, `Sheet1` and so on, have these cells: row, column, text."""
    path = folder / "leads.xlsb"
    places = range(1, len(sheets) + 1)
    links = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.bin"/>'
        for at in places
    )
    root = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.bin"/>'
    listed = b"".join(
        record(156, struct.pack("<II", 0, at) + _wide(f"r{at}") + _wide(f"Sheet{at}"))
        for at in places
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "ms-excel.sheet.binary.macroEnabled.main")
        archive.writestr("_rels/.rels", f"<Relationships>{root}</Relationships>")
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{links}</Relationships>")
        book = (record(131, b""), record(143, b""), listed, record(144, b""), record(132, b""))
        archive.writestr("xl/workbook.bin", b"".join(book))
        for at, cells in zip(places, sheets, strict=True):
            archive.writestr(f"xl/worksheets/sheet{at}.bin", _xlsb_sheet(cells))
    return path


def _xlsb_sheet(cells: Iterable[tuple[int, int, str]]) -> bytes:
    rows = b"".join(
        record(0, struct.pack("<II", row, 0) + bytes(17))
        + record(6, struct.pack("<II", column, 0) + _wide(value))
        for row, column, value in cells
    )
    size = record(148, struct.pack("<IIII", 0, 1_048_575, 0, 16_383))
    before = record(129, b"") + size + record(145, b"")
    return before + rows + record(146, b"") + record(130, b"")


def _wide(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def biff(kind: int, data: bytes) -> bytes:
    """A record of an .xls."""
    return struct.pack("<HH", kind, len(data)) + data


def _begin(kind: int) -> bytes:
    return biff(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))


def _xls(folder: Path, sheets: Iterable[bytes], texts: bytes = b"") -> Path:
    end = biff(0x000A, b"")
    parts = [_begin(0x10) + cells + end for cells in sheets]
    listed = [
        struct.pack("<IHBB", 0, 0, 6, 0) + f"Sheet{at:02}"[-6:].encode()
        for at, _ in enumerate(parts)
    ]
    place = len(_begin(5)) + sum(4 + len(entry) for entry in listed) + len(texts) + len(end)
    places = []
    for part in parts:
        places.append(place)
        place += len(part)
    bound = b"".join(
        biff(0x0085, struct.pack("<I", at) + entry[4:])
        for at, entry in zip(places, listed, strict=True)
    )
    stream = _begin(5) + bound + texts + end + b"".join(parts)
    path = folder / "leads.xls"
    path.write_bytes(compound_file(stream.ljust(8192, b"\0")))
    return path


def compound_file(stream: bytes, name: str = "Workbook") -> bytes:
    """A container with one stream, of 4,096 bytes at least."""
    sectors = -(-len(stream) // 512)
    none, last, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain = [table, last, *range(3, sectors + 2), last]
    assert len(chain) <= 128
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", bytes.fromhex("D0CF11E0A1B11AE1"), 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, last, 0, last, 0,
    ) + struct.pack("<109I", 0, *[none] * 108)  # fmt: skip
    entries = _entry("Root Entry", 5, last, 0, 1) + _entry(name, 2, 2, len(stream), none)
    fat = struct.pack("<128I", *chain, *[none] * (128 - len(chain)))
    return header + fat + entries.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    none = 0xFFFFFFFF
    encoded = (name + "\0").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, none, none, child)
        + bytes(36) + struct.pack("<III", start, size, 0)
    )  # fmt: skip


def _xlsx(folder: Path, book: RawWorkbook) -> Path:
    """With styles that a results file can be made from, unless it has formats of its own."""
    if not book.formats:
        book = replace(book, replaced={_STYLES: _WHOLE_STYLES, **book.replaced})
    return book.write(folder / "leads.xlsx")


def _ods(folder: Path, rows: str, settings: str = "") -> Path:
    path = folder / "leads.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _MIME)
        names = "".join(f' xmlns:{name}="{name}"' for name in ("office", "table", "text", "config"))
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>"
            f'<table:table table:name="A">{_ODS_ROW}{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        if settings:
            archive.writestr("settings.xml", settings)
    return path


KINDS: dict[str, tuple[Callable[[Path], Path], str]] = {
    made.__name__: (made, answer)
    for made, answer in (
        (spaces_in_a_header, "1 lead"),
        (spaces_before_strings, "1 lead"),
        (spaces_before_a_prefixed_sheet, "1 lead; a plain workbook"),
        (an_active_table_named_again, "1 lead; a plain workbook"),
        (columns_in_an_instruction, "1 lead; a plain workbook"),
        (fills_in_an_instruction, "1 lead; a plain workbook"),
        (a_name_without_end, "1 lead"),
        (hidden_columns, "1 lead"),
        (merges_over_merges, "1998 leads"),
        (cells_far_at_the_right, "cells"),
        (one_endless_tag, "single tag"),
        (formats_that_are_none, "1 lead; a plain workbook"),
        (another_part_of_zeros, "1 lead; a plain workbook"),
        (spaces_by_number, "unpacks to more than"),
        (cells_of_spaces, "unpacks to more than"),
        (one_row_for_millions, "mere repetitions"),
        (spans_beyond_counting, "1 lead; a plain workbook"),
        (cells_far_apart, "column XFD, far right"),
        (sheets_with_far_cells, "beyond the last column"),
        (texts_that_are_not_there, "1 lead; a plain workbook"),
        (a_directory_in_a_circle, "inner directory is broken"),
        (many_columns_packed, "cells"),
        (one_line, "longer than"),
        (a_million_columns, "cells"),
        (a_quote_that_is_never_closed, "longer than"),
    )
}
"""By name, what makes the file, and a part of what becomes of it."""
