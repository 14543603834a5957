"""A text file is copied with other texts in some cells; all other bytes stay as they are."""

from __future__ import annotations

import csv
import hashlib
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bulk_loader.model import TextDialect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from bulk_loader.model import LeadTable
    from bulk_loader.spreadsheets.xlsx.edit.single_cells import NewTexts


class UnevenTextError(Exception):
    """The file can't be copied with certainty; args[0] is what it has, for "it has ..."."""


_BYTE_ORDER_MARK = "\ufeff"
_BLOCK_LINES = 256


def write_corrected_text(table: LeadTable, stored: Path, texts: NewTexts, file: BinaryIO) -> None:
    """Copy a text file, cell by cell where a row changes.

    A row that lacks cells at its end, by a habit of whoever wrote the file, and gets a text in one
    of them, is filled up; then all such rows are, so that the habit is none any more.

    Args:
        stored: where the bytes of the table stand.
        texts: as they are to stand between their delimiters, by row number and position.

    Raises:
        UnevenTextError: its rows can't be told apart for certain.
    """
    dialect = table.source.dialect or TextDialect()
    fills = _must_fill(table, stored, texts, dialect)
    encoder = io.TextIOWrapper(file, dialect.encoding, newline="", write_through=True)
    try:
        if dialect.has_bom:
            encoder.write(_BYTE_ORDER_MARK)
        pending: list[str] = []
        for number, written, cells in _aligned(table, stored, dialect):
            new = texts.get(number, {}) if cells else {}
            row = _Row(written, dialect) if new or (fills and cells) else None
            pending.append(row.with_texts(new, cells, fills=fills) if row else written)
            if len(pending) == _BLOCK_LINES:
                encoder.write("".join(pending))
                pending.clear()
        encoder.write("".join(pending))
        encoder.flush()
    finally:
        encoder.detach()


def _must_fill(table: LeadTable, stored: Path, texts: NewTexts, dialect: TextDialect) -> bool:
    """Whether a text goes where its row has no cell; and whether the file comes out as it went in."""
    digest, fills, last = hashlib.sha256(), False, 0
    if dialect.has_bom:
        digest.update(_BYTE_ORDER_MARK.encode(dialect.encoding))
    for number, written, cells in _aligned(table, stored, dialect):
        digest.update(written.encode(dialect.encoding))
        new = texts.get(number) if cells else None
        if new:
            last = number
            fills = fills or max(new) >= len(_Row(written, dialect).pieces)
    with stored.open("rb") as bytes_of_it:
        is_same = hashlib.file_digest(bytes_of_it, "sha256").digest() == digest.digest()
    if not is_same or last != max(texts):
        raise UnevenTextError("an encoding or rows that do not come back as they were")
    return fills


def _aligned(
    table: LeadTable, stored: Path, dialect: TextDialect
) -> Iterator[tuple[int, str, Sequence[str]]]:
    """Each row as it is written, with its number and the cells that it is read as.

    What is no row comes with the number 0 and without cells.

    Raises:
        UnevenTextError: the file has fewer rows than the table.
    """
    with _lines(stored, dialect) as lines:
        if dialect.has_sep_line:
            yield 0, next(lines, ""), ()
        rows = _written_rows(lines, dialect.delimiter)
        for number, cells in table.records():
            written = next(rows, None)
            if written is None:
                raise UnevenTextError("rows that can't be told apart for certain")
            yield number, written, cells
        yield from ((0, written, ()) for written in rows)


@contextmanager
def _lines(stored: Path, dialect: TextDialect) -> Iterator[Iterator[str]]:
    mark = _BYTE_ORDER_MARK.encode(dialect.encoding) if dialect.has_bom else b""
    with stored.open("rb") as file:
        file.seek(len(mark))
        with io.TextIOWrapper(file, dialect.encoding, newline="") as lines:
            yield lines


def _written_rows(lines: Iterator[str], delimiter: str) -> Iterator[str]:
    """The rows of a file with their line ends, told apart as its reader does it."""
    taken: list[str] = []

    def noted() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    reader = csv.reader(noted(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        try:
            next(reader)
        except StopIteration:
            break
        except csv.Error:  # a row that breaks the rules of quoting is one line
            pass
        yield "".join(taken)
    if taken:
        yield "".join(taken)


class _Row:
    """A row as it is written, in pieces that delimiters stand between.

    Raises:
        UnevenTextError: it breaks the rules of quoting.
    """

    def __init__(self, written: str, dialect: TextDialect) -> None:
        self._dialect = dialect
        body = written.rstrip("\r\n")
        self._end = written[len(body) :]
        self.pieces = list(_pieces(body, dialect.delimiter))

    def with_texts(self, new: Mapping[int, str], cells: Sequence[str], *, fills: bool) -> str:
        pieces = self.pieces
        if fills:
            pieces += [self._piece("")] * (len(cells) - len(pieces))
        for position, text in new.items():
            was_quoted = pieces[position].startswith('"')
            pieces[position] = self._piece(text, is_quoted=was_quoted)
        if pieces == [""]:
            pieces = ['""']
        return self._dialect.delimiter.join(pieces) + self._end

    def _piece(self, text: str, *, is_quoted: bool = False) -> str:
        needs = any(sign in text for sign in (self._dialect.delimiter, '"', "\r", "\n"))
        if is_quoted or needs or self._dialect.quotes_all:
            return '"' + text.replace('"', '""') + '"'
        return text


def _pieces(body: str, delimiter: str) -> Iterator[str]:
    at = 0
    while True:
        end = _end_of_quoted(body, at) if body.startswith('"', at) else at
        cut = body.find(delimiter, end)
        if end != at and cut not in (end, -1):
            raise UnevenTextError("text behind a closing quote")
        if cut < 0:
            yield body[at:]
            return
        yield body[at:cut]
        at = cut + len(delimiter)


def _end_of_quoted(body: str, start: int) -> int:
    """Behind the quote that closes the one at `start`."""
    at = body.find('"', start + 1)
    while at >= 0 and body.startswith('"', at + 1):
        at = body.find('"', at + 2)
    if at < 0:
        raise UnevenTextError("a quote that is not closed")
    return at + 1
