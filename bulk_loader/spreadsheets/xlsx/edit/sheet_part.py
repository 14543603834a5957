"""A sheet's XML, taken apart as it streams by: head, rows, tail.

Only the tags of rows and cells are looked at, and all else goes to the results file byte for
byte. That is exact where `use_of` found no comments, CDATA sections or DTDs: `<` then
stands nowhere but at the start of a tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.markup import MAX_ELEMENT_BYTES
from bulk_loader.spreadsheets.references import MAX_LETTERS, column_position

if TYPE_CHECKING:
    from collections.abc import Iterator

# The filter stands among the first things behind the rows.
_TAIL_BYTES = 1 << 20

# Widths of all 16,384 columns take about 1.5 MB; nothing else of size stands before the rows.
_MAX_HEAD_BYTES = 4 << 20

_ROOT = re.compile(rb"<((?:[\w.-]++:)?)worksheet[\s>]")
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?+\s*+<\?xml\s[^<>?]*+\?>")


def row_pattern(prefix: bytes) -> bytes:
    """A pattern of the start tag of a row, with its number."""
    # The number that is found first is the one: no other is looked for where the tag has no end.
    return rb'<%brow(?>\s(?:[^<>]*?\s)?r="(\d{1,7})")[^<>]*+>' % re.escape(prefix)


def is_plain_markup(markup: bytes) -> bool:
    """Whether `<` stands nowhere but at the start of a tag, except in an XML declaration."""
    declaration = _DECLARATION.match(markup)
    begin = declaration.end() if declaration else 0
    return b"<!" not in markup and markup.find(b"<?", begin) < 0


class UneditableError(Exception):
    """The workbook can't be edited with certainty; args[0] is what it has, for "it has ..."."""


class SheetPart:
    """One pass over the XML of a sheet; head, rows and tail, in this order, give it back whole.

    Attributes:
        prefix: of the element names, such as `x:`; mostly empty.
        head: everything up to the first row.
        cell_start: how a cell begins, up to its reference.
        row_end: the end tag of a row.

    Raises:
        UneditableError: from every method, where head, rows and tail can't be told apart.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""
        self.prefix, self.head = self._read_head()
        self.cell_start = b'<%bc r="' % self.prefix
        self.row_end = b"</%brow>" % self.prefix

    def _read_head(self) -> tuple[bytes, bytes]:
        text = b""
        while len(text) <= _MAX_HEAD_BYTES and (chunk := next(self._chunks, b"")):
            text += chunk
            root = _ROOT.search(text)
            rows = root and re.search(rb"<%bsheetData\s*+>" % re.escape(root[1]), text)
            if root and rows:
                self._rest = text[rows.end() :]
                return root[1], text[: rows.end()]
        raise UneditableError("a sheet without rows")

    def blocks(self) -> Iterator[bytes]:
        """Whole rows, many at a time; together all rows, in their order."""
        row_start, data_end = b"<%brow " % self.prefix, b"</%bsheetData>" % self.prefix
        seen = 0  # of the rest, which may be one long row
        while (end := self._rest.find(data_end, seen)) < 0:
            cut = self._rest.rfind(row_start, seen)
            if cut > 0:
                yield self._rest[:cut]
                self._rest = self._rest[cut:]
            seen = max(len(self._rest) - len(data_end), 0)
            chunk = next(self._chunks, b"")
            if not chunk or len(self._rest) > MAX_ELEMENT_BYTES:
                raise UneditableError("a sheet that ends before its end")
            self._rest += chunk
        yield self._rest[:end]
        self._rest = self._rest[end:]

    def rows(self) -> Iterator[tuple[int, bytes, bytes, bytes]]:
        """Row number, start tag (with what stands before it), cells and end tag of each row.

        The end tag is empty where the start tag ends the row; what stands behind the last row
        of a block comes with the row number 0.
        """
        row_tag = re.compile(row_pattern(self.prefix))
        for block in self.blocks():
            for piece in block.split(self.row_end):
                at = 0
                while tag := row_tag.search(piece, at):
                    start, at = piece[at : tag.end()], tag.end()
                    if not start.endswith(b"/>"):
                        yield int(tag[1]), start, piece[at:], self.row_end
                        break
                    yield int(tag[1]), start, b"", b""
                else:
                    yield 0, piece[at:], b"", b""

    def tail(self) -> Iterator[bytes]:
        """What follows the rows, in blocks; the first is at least 1 MiB where there is as much."""
        while len(self._rest) < _TAIL_BYTES and (chunk := next(self._chunks, b"")):
            self._rest += chunk
        yield self._rest
        yield from self._chunks

    def cut(self, cells: bytes, first: int) -> tuple[bytes, list[tuple[int, bytes]]]:
        """The cells of a row left of the column `first`, and the others with their positions."""
        right: list[tuple[int, bytes]] = []
        end = len(cells)
        while (at := cells.rfind(self.cell_start, 0, end)) >= 0:
            at_letters = at + len(self.cell_start)
            letters = cells[at_letters : at_letters + MAX_LETTERS].decode().rstrip('0123456789"')
            position = column_position(letters)
            if position < first:
                break
            right.append((position, cells[at:end]))
            end = at
        right.reverse()
        return cells[:end], right
