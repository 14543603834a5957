"""The rows of an OpenDocument spreadsheet, streamed in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.markup import (
    MarkupError,
    SafeParser,
    check_depth,
    local_name,
    require_few,
)
from bulk_loader.spreadsheets.merges import MAX_MERGES, Merge
from bulk_loader.spreadsheets.ods.cell_text import cell_text
from bulk_loader.spreadsheets.references import ColumnSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bulk_loader.spreadsheets.blocks import SheetRow
    from bulk_loader.spreadsheets.limits import Spender

_CELLS = frozenset({"table-cell", "covered-table-cell"})
# What stands inside a cell, but not as its text: comments, pictures, tables of their own.
_BESIDES = frozenset({"annotation", "frame", "custom-shape", "table", "detective"})
_HIDDEN = frozenset({"collapse", "filter"})

# A few bytes may stand for a hundred thousand spaces, so the rows of many are not gathered.
_PIECE_BYTES = 16_384

# No table has more columns or rows; repeated empty ones reach to its end.
_MOST_COUNTED = 16_777_216


class TableReader:
    """Reads through the content of a spreadsheet, once.

    Args:
        name: of the table whose rows are wanted; None for none of them.
        spender: of the file; its limits hold for rows and columns.

    Attributes:
        tables: names of all tables that were met, and whether each has any contents.
        merges: references of merged cells in the wanted table.
        hidden_columns: positions of hidden columns in the wanted table.
    """

    def __init__(self, name: str | None, spender: Spender) -> None:
        self.tables: dict[str, bool] = {}
        self.merges: list[str] = []
        self.hidden_columns = ColumnSet()
        self._wanted = name
        self._spender = spender
        self._limits = spender.limits
        self._around: list[str] = []
        self._aside = 0  # depth inside of something that is no text of a cell
        self._table = ""
        self._columns = 0
        self._number = 1
        self._row: dict[str, str] = {}
        self._texts: list[str] = []
        self._position = 0
        self._cell: dict[str, str] | None = None
        self._shown: list[str] = []
        self._has_paragraph = False
        self._length = 0
        self._row_length = 0
        self._rows: list[tuple[SheetRow, int]] = []

    def rows(self, chunks: Iterable[bytes]) -> Iterator[SheetRow]:
        """The rows of the wanted table; one that is stored once for several comes as often.

        Raises:
            MarkupError: the content is broken, or passes a limit.
        """
        parser = SafeParser(self._start, self._end, self._text)
        for chunk in chunks:
            for at in range(0, len(chunk), _PIECE_BYTES):
                parser.feed(chunk[at : at + _PIECE_BYTES])
                yield from self._taken()
        parser.close()

    def _taken(self) -> Iterator[SheetRow]:
        rows, self._rows = self._rows, []
        for (number, is_hidden, texts), times in rows:
            for copy in range(times):
                yield number + copy, is_hidden, texts

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        self._around.append(local)
        check_depth(len(self._around))
        if self._aside or (self._cell is not None and local in _BESIDES):
            self._aside += 1
        elif self._cell is not None:
            self._begin_in_cell(local, attributes)
        elif local in _CELLS:
            self._cell = _by_local_names(attributes)
            self._shown, self._has_paragraph, self._length = [], False, 0
        elif local == "table-row":
            self._row, self._texts, self._position = _by_local_names(attributes), [], 0
            self._row_length = 0
        elif local == "table-column":
            self._note_column(_by_local_names(attributes))
        elif local == "table":
            self._table = _by_local_names(attributes).get("name", "")
            self.tables[self._table] = False
            require_few(self.tables, "tables")
            self._number, self._columns = 1, 0

    def _end(self, _name: str) -> None:
        local = self._around.pop()
        if self._aside:
            self._aside -= 1
        elif local in _CELLS and self._cell is not None:
            self._add_cell(self._cell)
            self._cell = None
        elif local == "table-row" and self._cell is None:
            self._add_row()

    def _begin_in_cell(self, local: str, attributes: dict[str, str]) -> None:
        match local:
            case "p":
                if self._shown:
                    self._show("\n")
                self._has_paragraph = True
            case "line-break":
                self._show("\n")
            case "tab":
                self._show("\t")
            case "s":
                count = _count(_by_local_names(attributes).get("c"))
                count = min(count, self._limits.max_cell_length)
                self._spender.unpack(count - 1)  # as if each space stood there
                self._show(" " * count)

    def _text(self, text: str) -> None:
        if self._cell is not None and not self._aside and "p" in self._around:
            self._show(text)

    def _show(self, text: str) -> None:
        self._length += len(text)
        if self._length <= self._limits.max_cell_length:
            self._shown.append(text)
        elif self._table == self._wanted:
            raise MarkupError(
                f"one of its cells has more than {self._limits.max_cell_length:,} characters"
            )

    def _add_cell(self, cell: dict[str, str]) -> None:
        text = cell_text(cell, "".join(self._shown) if self._has_paragraph else None)
        times = _count(cell.get("number-columns-repeated"))
        if text and self._table == self._wanted:
            if self._position + times > self._limits.max_columns:
                raise MarkupError(f"it has more than {self._limits.max_columns:,} columns")
            if len(text) > self._limits.max_cell_length:
                raise MarkupError(f"one of its cells has {len(text):,} characters")
            self._row_length += len(text) * times
            if self._row_length > self._limits.max_row_length:
                raise MarkupError(
                    f"one of its rows has more than {self._limits.max_row_length:,} characters"
                )
            self._spender.copy(times - 1)
            self._texts += [""] * (self._position - len(self._texts)) + [text] * times
            self._note_merge(cell)
        elif text:
            self.tables[self._table] = True
        self._position += times

    def _note_merge(self, cell: dict[str, str]) -> None:
        columns = _count(cell.get("number-columns-spanned"))
        rows = _count(cell.get("number-rows-spanned"))
        if columns > 1 or rows > 1:
            first = (self._number - 1, self._position)
            last = (first[0] + rows - 1, first[1] + columns - 1)
            self.merges.append(Merge.reference_of(first, last))
            if len(self.merges) > MAX_MERGES:
                raise MarkupError(f"more than {MAX_MERGES:,} groups of cells in it are merged")

    def _add_row(self) -> None:
        times = _count(self._row.get("number-rows-repeated"))
        if self._texts:
            if self._number + times > self._limits.max_rows:
                raise MarkupError(f"it has more than {self._limits.max_rows:,} rows")
            self._spender.copy((times - 1) * len(self._texts))
            is_hidden = self._row.get("visibility") in _HIDDEN
            self._rows.append(((self._number, is_hidden, self._texts), times))
            self.tables[self._table] = True
        self._number += times

    def _note_column(self, attributes: dict[str, str]) -> None:
        times = _count(attributes.get("number-columns-repeated"))
        if attributes.get("visibility") in _HIDDEN and self._table == self._wanted:
            self.hidden_columns.add(self._columns, self._columns + times - 1)
        self._columns += times


def _by_local_names(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes without prefixes; LibreOffice's own `calcext:value-type` keeps apart."""
    return {
        "calcext-type" if name == "calcext:value-type" else local_name(name): value
        for name, value in attributes.items()
    }


def _count(value: str | None) -> int:
    if not (value and value.isdecimal() and value.isascii()):
        return 1
    return max(1, min(int(value), _MOST_COUNTED))
