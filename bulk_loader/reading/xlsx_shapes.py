"""Rows of one shape: in a list nearly all rows have the same columns, written in the same way.

So one pattern is made of what they share, and rows that match it from end to end, one after the
other, give their values by the hundred, many times faster than rows whose cells are looked for. A
row of another shape is not matched, is read cell by cell, and widens the pattern for those that
follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.reading.xlsx_rewriting import END_OF_ROW
from bulk_loader.reading.xlsx_rows import is_hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from bulk_loader.reading.xlsx_rows import Cell

Look: TypeAlias = "Callable[[str], str]"
"""From a stored value to the text that a person sees."""

Forms: TypeAlias = "dict[int, dict[str, Look | None]]"
"""By position of the column: the patterns of its cells, the latest first, and how a value is shown;
None for cells that hold none. The pattern "" stands for rows that have no such cell."""

# A pattern takes about two microseconds to compile for each of its characters, so this many are
# learned in half a second at most. More would only lose time where ever more rows are unlike those
# before, are very wide, or have attributes without end.
_MOST_LEARNED = 200_000
# Each matched row takes a place in memory for each of them, whether it has that cell or not.
_MOST_FORMS = 500

# Rows without cells may stand before a row; they are closed at once, and the row is not.
_HEAD = r'\s*+(?:(?:<row[^<>]*+(?<=/)>\s*+)*+<row r="([0-9]{1,9})"([^<>]*+)(?<!/)>'
# What follows the last row of the shape; nothing where the piece ends with it.
_REST = rf"\s*+{END_OF_ROW}|(\S(?s:.*+)))"
_FORMULA = r"<f(?:\s[^<>]*+)?+>(?:(?<=/>)|[^<]*+</f>)"


@dataclass(frozen=True, slots=True)
class ShapedBlock:
    """Rows of one shape, with their values as they are stored; a column is shown when asked for.

    Attributes:
        looks: by position, the places of a column's values in `matches`, and how they are shown.
        matches: for each row its number, its attributes, and its values in every known form; ""
            where it is written in another one.
    """

    numbers: Sequence[int]
    hidden: Collection[int]
    looks: Mapping[int, Sequence[tuple[int, Look]]]
    matches: Sequence[Sequence[str]]
    _shown: dict[int, list[str]] = field(default_factory=dict)

    @property
    def positions(self) -> Sequence[int]:
        """The columns that any row has had so far."""
        return list(self.looks)

    def column(self, position: int) -> Sequence[str]:
        """The texts of a column."""
        texts = self._shown.get(position)
        if texts is None:
            texts = self._shown[position] = self._show(position)
        return texts

    def _show(self, position: int) -> list[str]:
        texts = [""] * len(self.matches)
        for place, look in self.looks.get(position, ()):
            values = list(map(itemgetter(place), self.matches))
            if "" not in values:
                return _shown(values, look)
            for row, value in enumerate(values):
                if value:
                    texts[row] = look(value)
        return texts


def _shown(values: list[str], look: Look) -> list[str]:
    """Each value as it is shown; one that stands in many rows is worked out once."""
    distinct = set(values)
    if len(distinct) * 2 > len(values):
        return list(map(look, values))
    shown = {value: look(value) for value in distinct}
    return list(map(shown.__getitem__, values))


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
            "value": f"><v>{value}</v></c>",
            "inside": f'><is><t(?: xml:space="preserve")?+>{value}</t></is></c>',
            "empty": "(?:/>|></c>)",
            "formula": f">{_FORMULA}<v>{result}</v></c>",
        }
        self._forms: Forms = {}
        self._left = _MOST_LEARNED
        self._looks: dict[int, list[tuple[int, Look]]] = {}
        self._pattern = re.compile(_written({}))

    def is_next(self, piece: str, at: int) -> bool:
        """Whether the next row of a piece is of this shape."""
        match = self._pattern.match(piece, at)
        return match is not None and match.lastindex != self._pattern.groups

    def block(self, piece: str, at: int) -> tuple[ShapedBlock, int]:
        """The rows that follow from a place in a piece on, the first of which is of this shape.

        Returns:
            All of them up to the first of another shape, and where in the piece that begins.

        Raises:
            UnusualMarkupError: only a parser can tell whether one is hidden.
        """
        matches = self._pattern.findall(piece, at)
        rest = matches[-1][-1]
        if rest:
            matches.pop()
        attributes = list(map(itemgetter(1), matches))
        unseen = set(filter(is_hidden, set(attributes)))
        hidden = [row for row, of in enumerate(attributes) if of in unseen] if unseen else []
        numbers = list(map(int, map(itemgetter(0), matches)))
        return ShapedBlock(numbers, hidden, self._looks, matches), len(piece) - len(rest)

    def learn(self, markup: str, cells: Sequence[Cell]) -> None:
        """Widen the shape by a row that was read cell by cell.

        Args:
            markup: of the row, without its end tag.
        """
        if self._left < 0:
            return
        forms = self._widened(cells)
        if forms is None:
            return
        written = _written(forms)
        self._left -= len(written) + len(cells)
        if self._left < 0 or sum(map(len, forms.values())) > _MOST_FORMS:
            return
        pattern = re.compile(written)
        found = pattern.match(markup + END_OF_ROW)
        # Where it does not match its own row, the row is written in a way that no form tells.
        if found is not None and found.lastindex != pattern.groups:
            self._forms = forms
            self._pattern = pattern
            self._looks = _looks(forms)

    def _widened(self, cells: Sequence[Cell]) -> Forms | None:
        """The forms with those of these cells; None where they can't be told by forms."""
        forms: Forms = {}
        for letters, attributes, formula, value, inside in cells:
            position = self._position(letters)
            is_computed = not formula or value
            if not is_computed or (forms and position <= next(reversed(forms))):
                return None
            kind = "formula" if formula else "inside" if inside else "value" if value else "empty"
            form = f'<c r="{letters}[0-9]++"{re.escape(attributes)}{self._bodies[kind]}'
            forms[position] = {form: None if kind == "empty" else self._look(attributes)}
        without: dict[str, Look | None] = {"": None}
        known = self._forms or forms  # the first row leaves no column out
        return {
            position: {**forms.get(position, without), **known.get(position, without)}
            for position in sorted({*forms, *known})
        }


def _written(forms: Forms) -> str:
    return _HEAD + "".join(map(_column, forms.values())) + _REST


def _column(forms: Mapping[str, Look | None]) -> str:
    written = "|".join(filter(None, forms))
    if "" in forms:
        return f"(?:{written})?+"
    return written if len(forms) == 1 else f"(?>{written})"


def _looks(forms: Forms) -> dict[int, list[tuple[int, Look]]]:
    place = 2  # behind the row's number and attributes
    looks: dict[int, list[tuple[int, Look]]] = {}
    for position, known in forms.items():
        looks[position] = []
        for look in known.values():
            if look is not None:
                looks[position].append((place, look))
                place += 1
    return looks
