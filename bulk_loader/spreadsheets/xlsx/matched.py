"""Rows of a sheet that were matched as a whole, with their values as they are stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.spreadsheets.blocks import rows_of, stored_width
from bulk_loader.spreadsheets.xlsx.rows import is_hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from bulk_loader.spreadsheets.blocks import SheetRow

Look: TypeAlias = "Callable[[str], str]"
"""From a stored value to the text that a person sees."""


@dataclass(frozen=True, slots=True)
class ShapedBlock:
    """Rows of one shape; a column is shown when it is asked for.

    Attributes:
        looks: by position, the places of a column's values in `matches`, and how they are shown.
        matches: for each row its number, its attributes, and its values in every known form; ""
            where it is written in another one.
    """

    numbers: Sequence[int]
    hidden: AbstractSet[int]
    looks: Mapping[int, Sequence[tuple[int, Look]]]
    matches: Sequence[Sequence[str]]
    _shown: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, matches: Sequence[Sequence[str]], looks: Mapping[int, Sequence[tuple[int, Look]]]
    ) -> ShapedBlock:
        """The block of these rows, without those that hold nothing.

        Raises:
            UnusualMarkupError: only a parser can tell whether one is hidden.
        """
        unseen = set(filter(is_hidden, set(map(itemgetter(1), matches))))
        # Where every row has its last value, which is quickly seen, none is empty.
        if not looks or "" in map(itemgetter(-1), matches):
            matches = [match for match in matches if any(match[2:])]
        numbers = list(map(int, map(itemgetter(0), matches)))
        hidden = (place for place, match in enumerate(matches) if match[1] in unseen)
        return cls(numbers, frozenset(hidden if unseen else ()), looks, matches)

    @property
    def positions(self) -> Sequence[int]:
        """The columns that any row has had a value in so far."""
        return list(self.looks)

    def column(self, position: int) -> Sequence[str]:
        """The texts of a column."""
        texts = self._shown.get(position)
        if texts is None:
            texts = self._shown[position] = self._show(position)
        return texts

    def rows(self) -> list[SheetRow]:
        """The same rows one by one."""
        texts = rows_of(self, stored_width(self))
        return [
            (number, place in self.hidden, row)
            for place, (number, row) in enumerate(zip(self.numbers, texts, strict=True))
        ]

    def _show(self, position: int) -> list[str]:
        texts = [""] * len(self.matches)
        for at, look in self.looks[position]:
            values = list(map(itemgetter(at), self.matches))
            if "" not in values:
                return _all_shown(values, look)
            for place, value in enumerate(values):
                if value:
                    texts[place] = look(value)
        return texts


def _all_shown(values: list[str], look: Look) -> list[str]:
    """Each value as it is shown; one that stands in many rows is worked out once."""
    distinct = set(values)
    if len(distinct) * 2 > len(values):
        return list(map(look, values))
    shown = {value: look(value) for value in distinct}
    return list(map(shown.__getitem__, values))
