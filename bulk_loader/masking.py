"""What of a cell may be shown outside of the results file."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# Of a shorter number the last four digits would tell too much.
SHORTEST_SHOWN_IN_PART = 7


def mask(phone: str) -> str:
    """The last four characters after an ellipsis, or only the ellipsis where that tells all."""
    return f"…{phone[-4:]}" if len(phone) >= SHORTEST_SHOWN_IN_PART else "…"


# A phone number, or a date with its year, alone or with words beside it; as a label it may have the
# letter of its column after it.
_DATA = re.compile(r"\s*\+?(?:[ ()./-]*\d){7,}\s*(?:\[[A-Z]{1,3}\])?\s*")
_DATA_IN_WORDS = re.compile(r"(?:\d[ ()./-]*){9}")


def is_data(label: str) -> bool:
    """The label of a column reads like a cell of a lead: the list may have no header."""
    return bool(_DATA.fullmatch(label) or _DATA_IN_WORDS.search(label))


def masked_label(label: str) -> str:
    """The label of a column as a terminal shows it."""
    return mask(label) if is_data(label) else label


_NAMELESS = re.compile(r"\[[A-Z]{1,3}\]")

# More names in one message are no help to a reader.
MAX_NAMED_COLUMNS = 30


def listed_columns(labels: Sequence[str]) -> str:
    """The columns of a file by their names, or by their number where those may be a lead's cells."""
    if any(map(is_data, labels)):
        count = "1 column" if len(labels) == 1 else f"{len(labels):,} columns"
        return f"{count}, whose names are not shown, since they read like a lead"
    # So many columns mostly have no name: a text stands far at the right.
    is_long = len(labels) > MAX_NAMED_COLUMNS
    named = [label for label in labels if not (is_long and _NAMELESS.fullmatch(label))] or labels
    shown = ", ".join(f'"{label}"' for label in named[:MAX_NAMED_COLUMNS])
    more = len(named) - MAX_NAMED_COLUMNS
    nameless = len(labels) - len(named)
    shown += f" and {more} more" if more > 0 else ""
    return f"{shown}, and {nameless} without a name" if nameless else shown


# By Unicode's categories: controls (C0, DEL, C1), formats (marks of direction, characters without
# width, soft hyphens, tags), halves of surrogate pairs, and the separators of lines and paragraphs.
_CONCEALED: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# Letters by their category, which nevertheless show nothing.
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0")


def is_concealed(letter: str) -> bool:
    """It does something to a terminal or a reader instead of being seen; so does a line's end."""
    return unicodedata.category(letter) in _CONCEALED or letter in _BLANK_LETTERS
