"""Which section of a format shows a number, and whether a negative number keeps its minus there.

Without conditions the sections are for positive numbers, negative ones and zeros. The standard does
not say what is shown beside conditions such as `[<0]` or `[>=100]`. What Gnumeric and the `numfmt`
of JavaScript agree in, which both imitate Excel, and what people report of Excel (issues 57, 70 and
78 of SheetJS/ssf), is followed here; where they differ, or a minus would be lost that the format
does not ask to leave out, nothing is known. LibreOffice has rules of its own.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from bulk_loader.spreadsheets.format_sections import Condition, Section

_NEGATIVES, _ZEROS = 1, 2


class Minus(Enum):
    """What a section does with the minus of a negative number."""

    SHOWN = auto()
    LEFT_OUT = auto()
    UNKNOWN = auto()


# The second of two sections takes what the first one leaves: by the comparison of the first, and
# whether the number in it is below (-1), equal to (0) or above (1) zero.
_REST: Final[Mapping[tuple[str, int], Minus]] = {
    (">", -1): Minus.LEFT_OUT,
    (">=", -1): Minus.LEFT_OUT,
    ("<>", -1): Minus.LEFT_OUT,
    ("=", 0): Minus.SHOWN,
    (">", 1): Minus.SHOWN,
    (">=", 1): Minus.SHOWN,
    ("=", 1): Minus.SHOWN,
}
# First sections that leave hardly anything but negative numbers.
_LEAVES_NEGATIVES = frozenset({(">", -1), (">=", -1), ("<>", -1), (">", 0), (">=", 0)})
_TAKES_NEGATIVES = frozenset({("<", -1), ("<", 0), ("<=", -1), ("=", -1)})


def place_of(sections: Sequence[Section], number: Decimal) -> int | None:
    """Which section shows a number; None where the conditions leave it out or that is not known.

    Beside a condition, one that is left out is `[>0]` for the first section, and whatever is left
    for the last.
    """
    if not any(section.condition for section in sections):
        return _place_by_sign(sections, number)
    first, *others = sections
    if first.is_for(number) if first.condition or not others else number > 0:
        return 0
    if len(others) > 1 and others[0].condition is None:
        return None
    return next((at for at, section in enumerate(others, start=1) if section.is_for(number)), None)


def minus_at(sections: Sequence[Section], place: int) -> Minus:
    """What a section does with the minus of the negative numbers that it takes."""
    if not any(section.condition for section in sections):
        return Minus.LEFT_OUT if place == _NEGATIVES else Minus.SHOWN
    first, own = sections[0].condition, sections[place].condition
    if own is not None and _kind(own) in _TAKES_NEGATIVES:
        return Minus.LEFT_OUT
    if place != _NEGATIVES or first is None:
        return Minus.SHOWN
    if own is not None:
        return Minus.UNKNOWN if _kind(first) in _LEAVES_NEGATIVES else Minus.SHOWN
    return _REST.get(_kind(first), Minus.UNKNOWN)


def _place_by_sign(sections: Sequence[Section], number: Decimal) -> int:
    if number < 0 and len(sections) > 1:
        return _NEGATIVES
    return _ZEROS if number == 0 and len(sections) > _ZEROS else 0


def _kind(condition: Condition) -> tuple[str, int]:
    comparison, bound = condition
    return comparison, (bound > 0) - (bound < 0)
