"""The results file of a text file: same encoding, delimiter, quotes and line ends."""

from __future__ import annotations

import codecs
import csv
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from bulk_loader.formulas import guard
from bulk_loader.model import RESULT_COLUMNS, Status, TextDialect
from bulk_loader.results.edition import OF_A_RUN
from bulk_loader.results.places import ADDED_HEADER_NOTE, Places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from bulk_loader.model import LeadTable
    from bulk_loader.results.edition import Edition
    from bulk_loader.results.rows import Accounting

_BYTE_ORDER_MARK = "\ufeff"

_BLOCK_LINES = 256

# For signs that have no letter or sign of ASCII at their root.
_LIKE = {
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
}


def write_text(
    table: LeadTable, accounting: Accounting, file: BinaryIO, edition: Edition = OF_A_RUN
) -> tuple[str, ...]:
    """Write the rows of the table with the results beside them.

    Every row keeps its number, a blank one too, and every cell its text; what a spreadsheet
    program would run as a formula is guarded, in all rows alike. A row with fewer cells than
    the header has columns is filled up so that its result stands in place. Where it is invalid,
    its columns may be shifted: a cell that says so is put behind it, so that the row stays
    damaged until a person has looked at it.

    Returns:
        Notes, one sentence each.
    """
    dialect = table.source.dialect or TextDialect()
    lines = _Lines(file, dialect)
    # csv quotes a line break only where it is part of the line end: so it is given both.
    writer = csv.writer(
        lines,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_ALL if dialect.quotes_all else csv.QUOTE_MINIMAL,
        lineterminator="\r\n",
    )
    write_row = writer.writerow
    for cells in _rows(table, accounting, dialect.encoding, edition):
        # Nearly every cell begins with a letter or digit, and is not even to be asked about.
        write_row([guard(cell) if cell and not cell[0].isalnum() else cell for cell in cells])
    lines.flush()
    return () if table.source.header_row else (ADDED_HEADER_NOTE,)


def _rows(
    table: LeadTable, accounting: Accounting, encoding: str, edition: Edition
) -> Iterator[Sequence[str]]:
    header_row = table.source.header_row
    places = Places.beside(table.source.columns)
    if not header_row:
        yield places.fill(table.source.columns, RESULT_COLUMNS)
    following = 1
    for number, cells in table.records():
        for _ in range(following, number):
            yield ()
        following = number + 1
        if number == header_row:
            # Empty cells behind the last column would become columns beside the results.
            yield places.fill(cells[: places.width], RESULT_COLUMNS)
        elif result := accounting.result_of(number):
            code, status, error = edition.cells(result)
            values = code, status, error and _writable(error, encoding)
            yield _with_result(cells, result.status, places, values)
        elif number < header_row or not cells:
            yield cells
        else:
            yield places.fill(cells, None)
    accounting.close()


def _with_result(
    cells: list[str], status: Status, places: Places, values: Sequence[str]
) -> Sequence[str]:
    row = places.fill(cells, values)
    if len(cells) < places.width and status is Status.INVALID:
        row.append(
            f"only {len(cells)} of {places.width} cells: correct the row and empty this cell"
        )
    return row


class _Lines:
    """Takes lines that end in CR LF; writes them as the dialect has them, many at a time."""

    def __init__(self, file: BinaryIO, dialect: TextDialect) -> None:
        self._file = file
        self._encode = codecs.getincrementalencoder(dialect.encoding)().encode
        self._line_end = dialect.line_end
        self._pending: list[str] = []
        # Without a mark, a wide encoding is only guessed; with one, every program reads it.
        if dialect.has_bom or dialect.encoding.startswith(("utf-16", "utf-32")):
            file.write(self._encode(_BYTE_ORDER_MARK))
        if dialect.has_sep_line:
            self.write(f"sep={dialect.delimiter}\r\n")

    def write(self, line: str) -> None:
        self._pending.append(line[:-2])
        if len(self._pending) == _BLOCK_LINES:
            self.flush()

    def flush(self) -> None:
        if self._pending:
            block = self._line_end.join([*self._pending, ""])
            self._file.write(self._encode(block))
            self._pending.clear()


# The same fault stands beside thousands of leads.
@lru_cache(maxsize=1024)
def _writable(error: str, encoding: str) -> str:
    """The error on one line, in characters that the encoding has, as close as can be.

    On one line, since a line break in a row with cells too many would look like a lost quote.
    """
    sentence = " ".join(error.split())
    if _fits(sentence, encoding):
        return sentence
    return "".join(
        character if _fits(character, encoding) else _folded(character) for character in sentence
    )


def _folded(character: str) -> str:
    root = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return root or _LIKE.get(character, "_")


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
