"""Rows of one shape: in a list nearly all rows have the same columns, written in the same way.

So one pattern is made of what they share, and a row that it matches from end to end gives its
values several times faster than one whose cells are looked for. A row of another shape is not
matched, is read cell by cell, and widens the pattern for those that follow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulk_loader.reading.xlsx_rows import Cell

Look: TypeAlias = "Callable[[str], str]"
"""From a stored value to the text that a person sees."""

# A pattern takes about two microseconds to compile for each of its characters, so this many are
# learned in half a second at most. More would only lose time where ever more rows are unlike those
# before, are very wide, or have attributes without end.
_MOST_LEARNED = 200_000

_ROW = r"<row[^<>]*+>"
_BODIES = {
    "value": "><v>([^<]*+)</v></c>",
    "inside": '><is><t(?: xml:space="preserve")?+>([^<]*+)</t></is></c>',
    "empty": "(?:/>|></c>)",
}


class RowShape:
    """The forms in which cells of each column have been written so far.

    Attributes:
        match: a match for the markup of a whole row, with a group for each of `groups`; None
            for a row of another shape, and for every row before the first lesson.
        groups: position of the column, and how its value is shown.

    Args:
        position: of a column, by its letters.
        look: how values are shown, by the other attributes of their cell.
    """

    def __init__(self, position: Callable[[str], int], look: Callable[[str], Look]) -> None:
        self._position = position
        self._look = look
        self._forms: dict[int, dict[str, Look | None]] = {}
        self._left = _MOST_LEARNED
        self.match: Callable[[str], re.Match[str] | None] = _nothing
        self.groups: list[tuple[int, Look]] = []

    def learn(self, markup: str, cells: Sequence[Cell]) -> None:
        """Widen the shape by a row that was read cell by cell, unless it has formulas."""
        if self._left < 0 or any(formula for _, _, formula, *_ in cells):
            return
        self._left -= len(cells)
        forms = {position: dict(known) for position, known in self._forms.items()}
        last = -1
        for letters, attributes, _, value, inside in cells:
            position = self._position(letters)
            if position <= last:
                return
            last = position
            kind = "inside" if inside else "value" if value else "empty"
            form = f'<c r="{letters}[0-9]++"{re.escape(attributes)}{_BODIES[kind]}'
            look = None if kind == "empty" else self._look(attributes)
            forms.setdefault(position, {})[form] = look
        written = _pattern(forms)
        self._left -= len(written)
        if self._left < 0:
            return
        pattern = re.compile(written)
        # Where it does not match its own row, the row is written in a way that no form tells.
        if pattern.fullmatch(markup):
            self._forms = forms
            self.match = pattern.fullmatch
            self.groups = [
                (position, look)
                for position in sorted(forms)
                for look in forms[position].values()
                if look is not None
            ]


def _pattern(forms: dict[int, dict[str, Look | None]]) -> str:
    columns = ("|".join(forms[position]) for position in sorted(forms))
    return _ROW + "".join(f"(?:{column})?+" for column in columns) + r"\s*"


def _nothing(_markup: str) -> None:
    """No row is known yet."""
