"""The cells of a row of an Excel sheet, as the text that a person sees."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.blocks import MOST_CELLS, blocks_of
from bulk_loader.spreadsheets.cells import (
    UNREADABLE_CELL,
    Damaged,
    error,
    formula_without_value,
    sum_of_rows,
    truth,
)
from bulk_loader.spreadsheets.markup import MarkupError, UnusualMarkupError, unescaped
from bulk_loader.spreadsheets.references import column_position
from bulk_loader.spreadsheets.serials import iso_date
from bulk_loader.spreadsheets.xlsx.rows import (
    all_cells,
    cut_row,
    is_empty_result,
    rewritten_cells,
)
from bulk_loader.spreadsheets.xlsx.shapes import FEWEST_ROWS, RowShape
from bulk_loader.spreadsheets.xlsx.strings import decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bulk_loader.spreadsheets.blocks import Block, SheetRow
    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.xlsx.rows import Cell
    from bulk_loader.spreadsheets.xlsx.styles import Styles

_ATTRIBUTE = re.compile(r' ([\w:]++)="([^"]*+)"')
_PLAIN_ATTRIBUTES = re.compile(r'(?: [\w:]++="[\w.:-]*+")*+ ?/?')
_MOST_LOOKS = 10_000  # a workbook has some ten; more than these are not remembered
_MOST_DIGITS = 9  # of a style; longer ones are of no workbook
_LONGEST_NAME = 4  # letters of a column; Excel's last one, XFD, has three
_FORMULA = re.compile(r"<f[^<>]*>([^<]*)</f>")


class _Positions(dict[str, int]):
    """Positions of columns by their letters, each worked out once."""

    def __init__(self, max_columns: int) -> None:
        super().__init__()
        self._max_columns = max_columns

    def __missing__(self, letters: str) -> int:
        if (
            len(letters) > _LONGEST_NAME
            or (position := column_position(letters)) >= self._max_columns
        ):
            raise MarkupError(
                f"it has a column {letters[:8]}, and {self._max_columns:,} columns are the limit"
            )
        self[letters] = position
        return position


class _Looks(dict[str, "Callable[[str], str]"]):
    """How to show a stored value, by the attributes of its cell, each worked out once."""

    def __init__(self, strings: Sequence[str], styles: Styles) -> None:
        super().__init__()
        self._strings = strings
        self._styles = styles

    def __missing__(self, attributes: str) -> Callable[[str], str]:
        if not _PLAIN_ATTRIBUTES.fullmatch(attributes):
            raise UnusualMarkupError
        if len(self) >= _MOST_LOOKS:
            self.clear()
        named = dict(_ATTRIBUTE.findall(attributes))
        style = named.get("s", "0")
        is_index = style.isdecimal() and len(style) <= _MOST_DIGITS
        look = self._look(named.get("t", "n"), int(style) if is_index else 0)
        self[attributes] = look
        return look

    def _look(self, kind: str, style: int) -> Callable[[str], str]:
        number_format = self._styles.number_format(style)
        match kind:
            case "n":
                return number_format.renderer()
            case "b":
                return truth
            case "e":
                return error
            case "d":
                return iso_date
            case "s":
                read = self._shared
            case "str" | "inlineStr":
                read = _own_text
            case _:
                raise MarkupError(f"it has a cell of the kind {kind[:20]}")
        if number_format.text_section is None:
            return read
        return lambda value: number_format.shown_text(read(value))

    def _shared(self, value: str) -> str:
        if value.isdecimal():
            try:
                return self._strings[int(value)]
            except (IndexError, ValueError):  # Python refuses to read thousands of digits
                pass
        return Damaged(value, UNREADABLE_CELL)


class CellReader:
    """Shows the cells of a workbook.

    Args:
        strings: the shared texts.
        recalculates: stored results of formulas may be placeholders.
        limits: on the columns, and on the length of a cell.
    """

    def __init__(
        self, strings: Sequence[str], styles: Styles, *, recalculates: bool, limits: Limits
    ) -> None:
        self._positions = _Positions(limits.max_columns)
        self._max_length = limits.max_cell_length
        self._looks = _Looks(strings, styles)
        self._recalculates = recalculates
        self._shape = RowShape(
            self._positions.__getitem__,
            self._looks.__getitem__,
            limits.max_cell_length,
            trusts_zeros=not recalculates,
        )

    def blocks(self, piece: str) -> Iterator[Block]:
        """The rows of a piece of a sheet, as `plain_pieces` gives it.

        Raises:
            MarkupError: a column beyond the limit, or broken markup.
            UnusualMarkupError: the piece is not in the plain dialect.
        """
        at = 0
        single: list[SheetRow] = []
        held = 0
        while at < len(piece):
            block, at = self._shape.run(piece, at)
            if block is None:
                number, is_unseen, markup, at = cut_row(piece, at)
                if markup and any(texts := self._texts(markup)):
                    single.append((number, is_unseen, texts))
                    held += len(texts)
                    if held > MOST_CELLS:  # many rows may have a cell far at the right
                        yield from blocks_of(single)
                        single, held = [], 0
            elif len(block.numbers) < FEWEST_ROWS:
                single += block.rows()
            else:
                yield from blocks_of(single)
                single, held = [], 0
                yield block
        yield from blocks_of(single)

    def _texts(self, markup: str) -> list[str]:
        cells = all_cells(markup)
        try:
            texts = self._texts_of(cells)
        except UnusualMarkupError:
            return self._texts_of(rewritten_cells(markup))
        # A cell without contents may stand beyond the limit: a row that was read is no fault.
        with suppress(MarkupError):
            self._shape.learn(markup, cells)
        return texts

    def _texts_of(self, cells: Iterable[Cell]) -> list[str]:
        texts: list[str] = []
        for letters, attributes, formula, value, inside in cells:
            if len(value) > self._max_length or len(inside) > self._max_length:
                raise MarkupError(f"its cell in column {letters} is longer than any cell of a list")
            if value or formula or inside:
                position = self._positions[letters]
                texts += [""] * (position + 1 - len(texts))
                texts[position] = self._text(attributes, formula, value, inside)
        return texts

    def _text(self, attributes: str, formula: str, value: str, inside: str) -> str:
        if inside or not formula:
            return self._looks[attributes](inside or value)
        # XlsxWriter stores 0 for results that it does not know, and asks to compute them.
        is_placeholder = self._recalculates and value == "0"
        if value and not is_placeholder:
            return sum_of_rows(self._looks[attributes](value), _written(formula))
        if is_empty_result(attributes, formula):
            return ""
        return formula_without_value(_written(formula))


def _written(formula: str) -> str:
    """The text of a formula; empty where it stands in another cell."""
    found = _FORMULA.match(formula)
    return decoded(unescaped(found[1])) if found else ""


def _own_text(value: str) -> str:
    """The text that stands in the cell itself."""
    return decoded(unescaped(value)) if "&" in value or "_x" in value else value
