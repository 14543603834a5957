"""The rows of an OpenDocument spreadsheet, streamed in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.markup import MarkupError, check_depth, local_name, parse, safe_parser
from bulk_loader.spreadsheets.merges import MAX_MERGES, Merge
from bulk_loader.spreadsheets.ods.cell_text import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bulk_loader.spreadsheets.blocks import SheetRow
    from bulk_loader.spreadsheets.limits import Limits

_CELLS = frozenset({"table-cell", "covered-table-cell"})
# What stands inside a cell, but not as its text: comments, pictures, tables of their own.
_BESIDES = frozenset({"annotation", "frame", "custom-shape", "table", "detective"})
_HIDDEN = frozenset({"collapse", "filter"})


class TableReader:
    """Reads through the content of a spreadsheet, once.

    Args:
        name: of the table whose rows are wanted; None for none of them.
        limits: on its rows and columns.

    Attributes:
        tables: names of all tables that were met, and whether each has any contents.
        merges: references of merged cells in the wanted table.
        hidden_columns: positions of hidden columns in the wanted table.
    """

    def __init__(self, name: str | None, limits: Limits) -> None:
        self.tables: dict[str, bool] = {}
        self.merges: list[str] = []
        self.hidden_columns: list[int] = []
        self._wanted = name
        self._limits = limits
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
        self._rows: list[tuple[SheetRow, int]] = []

    def rows(self, chunks: Iterable[bytes]) -> Iterator[SheetRow]:
        """The rows of the wanted table; one that is stored once for several comes as often.

        Raises:
            MarkupError: the content is broken, or passes a limit.
        """
        parser = safe_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        for chunk in chunks:
            parse(parser, chunk)
            yield from self._taken()
        parse(parser, b"", is_final=True)
        yield from self._taken()

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
            self._shown = []
        elif local == "table-row":
            self._row, self._texts, self._position = _by_local_names(attributes), [], 0
        elif local == "table-column":
            self._note_column(_by_local_names(attributes))
        elif local == "table":
            self._table = _by_local_names(attributes).get("name", "")
            self.tables[self._table] = False
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
            case "p" if self._shown:
                self._shown.append("\n")
            case "line-break":
                self._shown.append("\n")
            case "tab":
                self._shown.append("\t")
            case "s":
                count = _count(_by_local_names(attributes).get("c"))
                self._shown.append(" " * min(count, self._limits.max_cell_length))

    def _text(self, text: str) -> None:
        if self._cell is not None and not self._aside and "p" in self._around:
            self._shown.append(text)

    def _add_cell(self, cell: dict[str, str]) -> None:
        text = cell_text(cell, "".join(self._shown))
        times = _count(cell.get("number-columns-repeated"))
        if text and self._table == self._wanted:
            if self._position + times > self._limits.max_columns:
                raise MarkupError(f"it has more than {self._limits.max_columns:,} columns")
            if len(text) > self._limits.max_cell_length:
                raise MarkupError(f"one of its cells has {len(text):,} characters")
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
            is_hidden = self._row.get("visibility") in _HIDDEN
            self._rows.append(((self._number, is_hidden, self._texts), times))
            self.tables[self._table] = True
        self._number += times

    def _note_column(self, attributes: dict[str, str]) -> None:
        times = _count(attributes.get("number-columns-repeated"))
        if attributes.get("visibility") in _HIDDEN and self._table == self._wanted:
            last = min(self._columns + times, self._limits.max_columns)
            self.hidden_columns += range(self._columns, last)
        self._columns += times


def _by_local_names(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes without prefixes; LibreOffice's own `calcext:value-type` keeps apart."""
    return {
        "calcext-type" if name == "calcext:value-type" else local_name(name): value
        for name, value in attributes.items()
    }


def _count(value: str | None) -> int:
    return max(1, int(value)) if value and value.isdecimal() and value.isascii() else 1
