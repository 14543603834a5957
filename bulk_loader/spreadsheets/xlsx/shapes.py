"""Rows of one shape: in a list nearly all rows have the same columns, written in the same way.

So one pattern is made of what they share, and rows that match it from end to end, one after the
other, give their values by the hundred, many times faster than rows whose cells are looked for. A
row of another shape is not matched, is read cell by cell, and widens the pattern for those that
follow.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.spreadsheets.sums import SUMMING
from bulk_loader.spreadsheets.xlsx.matched import ShapedBlock
from bulk_loader.spreadsheets.xlsx.rewriting import END_OF_ROW
from bulk_loader.spreadsheets.xlsx.rows import is_empty_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bulk_loader.spreadsheets.xlsx.matched import Look
    from bulk_loader.spreadsheets.xlsx.rows import Cell

Forms: TypeAlias = "dict[int, dict[str, Look | None]]"
"""By position of the column: the patterns of its cells, the latest first, and how a value is shown;
None for cells that hold none."""

# A pattern takes about two microseconds to compile for each of its characters, so this many are
# learned in half a second at most. More would only lose time where ever more rows are unlike those
# before, are very wide, or have attributes without end.
_MOST_LEARNED = 200_000
# Each matched row takes a place in memory for each of them, whether it has that cell or not.
_MOST_FORMS = 500

FEWEST_ROWS = 16
"""What is done by column takes longer for fewer rows than to do it row by row."""

# Rows without cells may stand before a row; they are closed at once, and the row is not.
_HEAD = r'\s*+(?:(?:<row[^<>]*+(?<=/)>\s*+)*+<row r="([0-9]{1,9})"([^<>]*+)(?<!/)>'
# What follows the last row of the shape; nothing where the piece ends with it.
_REST = rf"\s*+{END_OF_ROW}|(\S(?s:.*+)))"
# What may sum up other rows is looked at cell by cell.
_FORMULA = rf"<f(?:\s[^<>]*+)?+>(?:(?<=/>)|(?!(?:_xlfn\.)?(?:{SUMMING})\()[^<]*+</f>)"
_SUMS_UP = re.compile(rf"<f[^<>]*+>\s*+(?:_xlfn\.)?(?:{SUMMING})\(")
_SPACE = '(?: xml:space="preserve")?+'
_EMPTY_VALUE = f"<v ?/>|<v{_SPACE}></v>"
_NO_VALUE = f"{_EMPTY_VALUE}|<is><t{_SPACE}></t></is>"


class _Kind(Enum):
    """How a cell holds its value."""

    VALUE = auto()
    INSIDE = auto()
    EMPTY = auto()
    FORMULA = auto()
    EMPTY_FORMULA = auto()
    UNTOLD = auto()


_WITH_VALUE = frozenset({_Kind.VALUE, _Kind.INSIDE, _Kind.FORMULA})


class RowShape:
    """The forms in which cells of each column have been written so far.

    Args:
        position: of a column, by its letters.
        look: how values are shown, by the other attributes of their cell.
        max_length: of a value; a row with a longer one is of no shape.
        trusts_zeros: a 0 that is stored with a formula is its result and no placeholder.
    """

    def __init__(
        self,
        position: Callable[[str], int],
        look: Callable[[str], Look],
        max_length: int,
        *,
        trusts_zeros: bool = True,
    ) -> None:
        self._position = position
        self._look = look
        value = f"([^<]{{0,{max_length}}}+)"
        result = f"{'' if trusts_zeros else '(?!0</v>)'}([^<]{{1,{max_length}}}+)"
        self._bodies = {
            _Kind.VALUE: f"><v{_SPACE}>{value}</v></c>",
            _Kind.INSIDE: f"><is><t{_SPACE}>{value}</t></is></c>",
            _Kind.EMPTY: f"(?:/>|>(?:{_NO_VALUE})?+</c>)",
            _Kind.FORMULA: f">{_FORMULA}<v>{result}</v></c>",
            _Kind.EMPTY_FORMULA: f">{_FORMULA}(?:{_EMPTY_VALUE})</c>",
        }
        self._forms: Forms = {}
        self._has_gaps = False
        self._left = _MOST_LEARNED
        self._looks: dict[int, list[tuple[int, Look]]] = {}
        self._pattern = re.compile(_written({}, has_gaps=False))

    def run(self, piece: str, at: int) -> tuple[ShapedBlock | None, int]:
        """The rows of this shape that follow each other from a place in a piece on.

        Returns:
            All of them up to the first of another shape, and where in the piece that begins; None
            where the next row is of another one.

        Raises:
            UnusualMarkupError: only a parser can tell whether one is hidden.
        """
        few = list(islice(self._matches(piece, at), FEWEST_ROWS))
        if not few:
            return None, at
        if len(few) < FEWEST_ROWS:
            found = [match.groups("")[:-1] for match in few]
            return ShapedBlock.of(found, self._looks), few[-1].end()
        matches = self._pattern.findall(piece, at)
        rest = matches[-1][-1]
        found = [match[:-1] for match in (matches[:-1] if rest else matches)]
        return ShapedBlock.of(found, self._looks), len(piece) - len(rest)

    def _matches(self, piece: str, at: int) -> Iterator[re.Match[str]]:
        """The rows from a place on, one by one."""
        pattern, ending = self._pattern, self._pattern.groups
        while (match := pattern.match(piece, at)) is not None and match.lastindex != ending:
            yield match
            at = match.end()

    def learn(self, markup: str, cells: Sequence[Cell]) -> None:
        """Widen the shape by a row that was read cell by cell.

        Args:
            markup: of the row, without its end tag.
        """
        if self._left < 0:
            return
        new = self._forms_of(cells)
        if new is None:
            return
        has_gaps = self._has_gaps or bool(self._forms and self._forms.keys() != new.keys())
        for forms in (_joined(new, self._forms), new):
            if sum(map(len, forms.values())) <= _MOST_FORMS:
                self._adopt(forms, f"{markup}{END_OF_ROW}", has_gaps=has_gaps)
                return
        self._left -= len(cells)

    def _adopt(self, forms: Forms, row: str, *, has_gaps: bool) -> None:
        written = _written(forms, has_gaps=has_gaps)
        self._left -= len(written)
        if self._left < 0:
            return
        pattern = re.compile(written)
        found = pattern.match(row)
        # Where it does not match its own row, the row is written in a way that no form tells.
        if found is not None and found.lastindex != pattern.groups:
            self._forms = forms
            self._has_gaps = has_gaps
            self._pattern = pattern
            self._looks = _looks(forms)

    def _forms_of(self, cells: Sequence[Cell]) -> Forms | None:
        """The forms of these cells; None where they can't be told by forms."""
        kinds = list(map(_kind, cells))
        if _Kind.UNTOLD in kinds:
            return None
        forms: Forms = {}
        for (letters, attributes, *_), kind in zip(cells, kinds, strict=True):
            position = self._position(letters)
            if forms and position <= next(reversed(forms)):
                return None
            form = f'<c r="{letters}[0-9]++"{re.escape(attributes)}{self._bodies[kind]}'
            forms[position] = {form: self._look(attributes) if kind in _WITH_VALUE else None}
        return forms


def _kind(cell: Cell) -> _Kind:
    """How a cell holds its value; untold for a formula whose result is not stored, or a sum."""
    _, attributes, formula, value, inside = cell
    if formula:
        if value:
            return _Kind.UNTOLD if _SUMS_UP.match(formula) else _Kind.FORMULA
        return _Kind.EMPTY_FORMULA if is_empty_result(attributes, formula) else _Kind.UNTOLD
    return _Kind.INSIDE if inside else _Kind.VALUE if value else _Kind.EMPTY


def _joined(new: Forms, known: Forms) -> Forms:
    """The forms of both, by position."""
    return {
        position: {**new.get(position, {}), **known.get(position, {})}
        for position in sorted({*new, *known})
    }


def _written(forms: Forms, *, has_gaps: bool) -> str:
    # Once some row had other columns, any column of any row may be missing.
    column = "(?:{})?+" if has_gaps else "(?>{})"
    columns = (column.format("|".join(known)) for known in forms.values())
    return f"{_HEAD}{''.join(columns)}{_REST}"


def _looks(forms: Forms) -> dict[int, list[tuple[int, Look]]]:
    """The places of a column's values in a match, for columns that have any."""
    at = 2  # behind the row's number and attributes
    looks: dict[int, list[tuple[int, Look]]] = {}
    for position, known in forms.items():
        for look in known.values():
            if look is not None:
                looks.setdefault(position, []).append((at, look))
                at += 1
    return looks
