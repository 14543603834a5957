"""How spreadsheets name their columns."""

from __future__ import annotations

from functools import lru_cache

MAX_COLUMNS = 16_384
"""Excel's own: the last column is XFD."""

MAX_LETTERS = 3
"""Of a column."""


@lru_cache(maxsize=MAX_COLUMNS)
def column_letters(position: int) -> str:
    """What a spreadsheet program calls the column at this position; 0 is `A`, 26 is `AA`."""
    following, last = divmod(position, 26)
    return (column_letters(following - 1) if following else "") + chr(ord("A") + last)


@lru_cache(maxsize=MAX_COLUMNS)
def column_position(letters: str) -> int:
    """The position of the column with these letters; the reverse of `column_letters`."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


class ColumnSet:
    """Some of the columns that a sheet can have; groups of them may overlap."""

    def __init__(self) -> None:
        self._bits = 0

    def add(self, first: int, last: int) -> None:
        """Take in a group by the positions of its ends; what is beyond Excel's columns is not."""
        first, last = max(first, 0), min(last, MAX_COLUMNS - 1)
        if first <= last:
            self._bits |= (1 << last + 1) - (1 << first)

    def clear(self) -> None:
        """Take all out."""
        self._bits = 0

    @property
    def positions(self) -> list[int]:
        """All of them, ascending."""
        digits = f"{self._bits:b}"[::-1]
        return [position for position, digit in enumerate(digits) if digit == "1"]


def columns_from_pattern(first: int) -> bytes:
    """A pattern of the letters of this column and of all at its right."""
    letters = column_letters(first)
    patterns = (
        [letters, f"[A-Z]{{{len(letters) + 1},3}}"] if len(letters) < MAX_LETTERS else [letters]
    )
    for place, letter in enumerate(letters):
        if letter < "Z":
            following = f"[{chr(ord(letter) + 1)}-Z]"
            patterns.append(f"{letters[:place]}{following}[A-Z]{{{len(letters) - place - 1}}}")
    return f"(?:{'|'.join(patterns)})".encode()
