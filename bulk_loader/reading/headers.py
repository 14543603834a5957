"""Where the header of a sheet stands, and what its columns are called."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bulk_loader.mapping.headers import Fit, match_header
from bulk_loader.model import Field
from bulk_loader.spreadsheets.references import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Titles, dates and logos above a header take a few rows; further down it would be a guess.
HEADER_SEARCH_ROWS = 30

# A title stands in one cell; `Date: | 3 March` takes two.
MAX_TITLE_CELLS = 2

# What stands above a table as narrow as its titles: more rows of that kind would be leads.
_MOST_NARROW_TITLES = 5

# A phone number, or a date with its year: data, not the name of a column.
_LOOKS_LIKE_DATA = re.compile(r"\s*+\+?+(?:[ ()./-]*+\d){7,}+\s*+")

# What no title and no header consists of: a short number, or a long one written in whatever way.
_FEWEST_DIGITS = 5
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{2}|\d{4})|\d{4}-\d\d-\d\d", re.ASCII)


def labels(cells: Sequence[str], width: int | None = None) -> tuple[str, ...]:
    """Unique names of the columns, as `Source.columns` has them.

    Args:
        cells: the header's cells as they read.
        width: number of columns that hold anything; header cells beyond it are left out, and
            columns that the header does not reach are named by their letter. None for as many
            as the header has up to its last filled cell.
    """
    width = filled_width(cells) if width is None else width
    texts = [" ".join(cell.split()) for cell in cells[:width]]
    texts += [""] * (width - len(texts))
    while repeated := {text for text, times in Counter(texts).items() if times > 1 or not text}:
        texts = [
            f"{text} [{column_letters(position)}]".lstrip() if text in repeated else text
            for position, text in enumerate(texts)
        ]
    return tuple(texts)


def filled_width(cells: Sequence[str]) -> int:
    """Number of cells up to the last one with any text; 0 for a blank row."""
    width = len(cells)
    while width and not cells[width - 1].strip():
        width -= 1
    return width


def find_header(rows: Iterable[tuple[int, Sequence[str]]]) -> int | None:
    """Row number of the header among the first rows of a sheet; None where all are blank.

    It is the first row with any text, unless that row is plainly a title: one or two filled
    cells, where a row below it has more than twice as many and names columns, not data. Above a
    narrow table it is one where a row below it, as wide at least, names the phone.

    Args:
        rows: row numbers with cells, from the top; `HEADER_SEARCH_ROWS` of them are enough.
    """
    filled = [(number, [cell for cell in cells if cell.strip()]) for number, cells in rows]
    filled = [(number, cells) for number, cells in filled if cells]
    if not filled:
        return None
    widest = max(len(cells) for _, cells in filled)
    number, cells = next(row for row in filled if not _is_title(row[1], widest))
    if has_data(cells) or (len(cells) <= MAX_TITLE_CELLS and not _is_in_words(cells)):
        number, cells = filled[0]
    named = _naming_row(filled)
    return named[0] if named and len(named[1]) >= len(cells) else number


def header_notes(header_row: int, cells: Sequence[str] = ()) -> tuple[str, ...]:
    """One sentence where the header is not what one expects, to be said before anything is sent.

    Args:
        header_row: 0 where the file has none.
        cells: of the header.
    """
    if has_data(cells):
        return (
            f"Row {header_row} is taken as the header, but reads like a lead: if it is one, add --header-row 0.",
        )
    match header_row:
        case 0:
            return ("The file has no header; its columns are named by their letters.",)
        case 1:
            return ()
        case _:
            return (f"The header is row {header_row}; what stands above it is not sent.",)


def _is_title(cells: Sequence[str], widest: int) -> bool:
    if len(cells) == 1 and widest == MAX_TITLE_CELLS:
        return match_header(cells[0]) is None
    return len(cells) <= MAX_TITLE_CELLS and len(cells) * 2 < widest


def _naming_row(filled: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, Sequence[str]] | None:
    """The widest of the first rows that names the phone, where nothing but titles stands above."""
    naming: list[tuple[int, Sequence[str]]] = []
    for number, cells in filled[: _MOST_NARROW_TITLES + 1]:
        if any(map(_is_number, cells)):
            break
        if names_phone(cells) and _is_in_words(cells):
            naming.append((number, cells))
        if len(cells) > MAX_TITLE_CELLS:
            break
    return max(naming, key=lambda row: len(row[1]), default=None)


def names_phone(cells: Iterable[str]) -> bool:
    """Whether one of these is a name that surely is that of the number to dial."""
    matches = filter(None, map(match_header, cells))
    return any(match.field is Field.DESTINATION and match.fit is not Fit.VAGUE for match in matches)


def _is_in_words(cells: Sequence[str]) -> bool:
    return all(any(map(str.isalpha, cell)) for cell in cells)


def _is_number(cell: str) -> bool:
    digits = sum(map(str.isdigit, cell))
    is_written_out = any(map(str.isalpha, cell)) or _DATE.fullmatch(cell.strip())
    return digits >= _FEWEST_DIGITS and not is_written_out


def has_data(cells: Sequence[str]) -> bool:
    """Whether a row reads like a lead: it has a phone number or a date."""
    return any(_LOOKS_LIKE_DATA.fullmatch(cell) for cell in cells)
