"""Number formats of workbooks, such as `(000) 000-0000`: what a stored number is shown as.

Grammar: ECMA-376 part 1, 18.8.31. Signs that depend on the machine's language (the separators
of decimals and thousands) are shown in their English form, which is how the format is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, assert_never

from bulk_loader.spreadsheets.cells import (
    UNKNOWN_FORMAT,
    Damaged,
    exact_number,
    general,
    is_whole,
    plain_digits,
)
from bulk_loader.spreadsheets.digit_patterns import DigitPattern
from bulk_loader.spreadsheets.format_conditions import Minus, minus_at, place_of
from bulk_loader.spreadsheets.format_sections import Section, sections_of
from bulk_loader.spreadsheets.format_tokens import literal
from bulk_loader.spreadsheets.serials import Calendar, iso_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from bulk_loader.spreadsheets.format_tokens import Token

# Formats that a workbook names by number without spelling them out. ECMA-376 part 1, 18.8.30.
_DATES = (14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58)
_TIMES = (18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56)
_BUILT_IN: Final[Mapping[int, str]] = {
    1: "0",
    2: "0.00",
    **dict.fromkeys((3, 41), "#,##0"),
    **dict.fromkeys((4, 43), "#,##0.00"),
    **dict.fromkeys((5, 6), "$#,##0;($#,##0)"),
    **dict.fromkeys((7, 8), "$#,##0.00;($#,##0.00)"),
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    **dict.fromkeys((37, 38), "#,##0;(#,##0)"),
    **dict.fromkeys((39, 40), "#,##0.00;(#,##0.00)"),
    42: "$#,##0",
    44: "$#,##0.00",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys(_DATES, "yyyy-m-d"),
    **dict.fromkeys(_TIMES, "h:mm:ss"),
    22: "yyyy-m-d h:mm",
    46: "[h]:mm:ss",
}

# Stand for a number with all its digits, or for a text.
_WHOLE = frozenset({"general", "text"})

# Place of the section for texts, where a format has that many.
_TEXTS = 3
_LONGEST_CODE = 255  # Excel's own limit
# Numbers repeat in columns of dates, amounts and codes; a format remembers this many.
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A number format, ready to show numbers.

    Attributes:
        sections: for numbers; one at least.
        text_section: for text; None where text is shown as it is.
    """

    sections: tuple[Section, ...]
    text_section: Section | None
    calendar: Calendar

    @property
    def is_general(self) -> bool:
        """Numbers are shown with all their digits and nothing else."""
        first, *others = self.sections
        return not others and not first.condition and first.names in ({"general"}, {"text"})

    def renderer(self) -> Callable[[str], str]:
        """A function that turns a stored number, as XML has it, into the text that is shown."""
        if self.is_general:
            return general
        # Everything that does not depend on the number is worked out here, once.
        shows = [_shower(section, self.calendar) for section in self.sections]
        exact = lru_cache(_REMEMBERED)(partial(self._shown, shows))
        mask = self._mask()
        if mask is None:
            return exact
        return lambda value: mask(value) if is_whole(value) else exact(value)

    def shown_text(self, text: str) -> str:
        """A text cell under this format: nearly always the text itself."""
        if self.text_section is None:
            return text
        return _around(self.text_section.tokens, text)

    def _mask(self) -> Callable[[str], str] | None:
        """How the digits of whole numbers are shown, where that takes no arithmetic."""
        pattern = _digit_pattern(self.sections[0])
        if pattern is None or any(section.condition for section in self.sections):
            return None
        return pattern.mask()

    def _shown(self, shows: Sequence[Callable[[Decimal], str | None]], value: str) -> str:
        number = exact_number(value)
        if isinstance(number, Damaged):
            return number
        place = place_of(self.sections, number)
        shown = None if place is None else shows[place](number)
        if place is None or shown is None:
            return Damaged(plain_digits(number), UNKNOWN_FORMAT)
        if isinstance(shown, Damaged) or not shown or number >= 0:
            return shown
        match minus_at(self.sections, place):
            case Minus.SHOWN:
                return shown if self._is_zero(place, number) else f"-{shown}"
            case Minus.LEFT_OUT:
                return shown
            case Minus.UNKNOWN:
                return Damaged(plain_digits(number), UNKNOWN_FORMAT)
            case never:
                assert_never(never)

    def _is_zero(self, place: int, number: Decimal) -> bool:
        """Whether a number is too small for the places of its section, and so shows no minus."""
        pattern = _digit_pattern(self.sections[place])
        return pattern is not None and pattern.rounds_to_zero(abs(number))


def built_in(number: int, calendar: Calendar) -> NumberFormat:
    """A format that has a number and no spelling; General where the number is unknown."""
    return parsed(_BUILT_IN.get(number, "General"), calendar)


def parsed(code: str, calendar: Calendar) -> NumberFormat:
    """A format from its spelling, such as `0000000000` or `dd/mm/yyyy;@`."""
    sections = sections_of(code)
    if len(code) > _LONGEST_CODE or _is_out_of_order(sections):
        return NumberFormat((Section((("unknown", ""),)),), None, calendar)
    text_section = None
    if len(sections) > 1 and (len(sections) > _TEXTS or "text" in sections[-1].names):
        last = min(_TEXTS, len(sections) - 1)
        text_section, sections = sections[last], sections[:last]
    elif len(sections[0].tokens) > 1 and "text" in sections[0].names:
        text_section = sections[0]
    if text_section is not None and _shows_text_alone(text_section):
        text_section = None
    return NumberFormat(tuple(sections), text_section, calendar)


def _is_out_of_order(sections: Sequence[Section]) -> bool:
    """Whether texts come before numbers, or conditions behind the second section, as in no Excel."""
    is_text_early = any("text" in section.names for section in sections[:-1])
    return is_text_early or any(section.condition for section in sections[2:])


def _shower(section: Section, calendar: Calendar) -> Callable[[Decimal], str | None]:
    """How a section shows a number, without its sign; None where it can't be followed here."""
    if section.is_unknown:
        return lambda _number: None
    moment = section.moment
    if moment is not None:
        return lambda number: iso_text(number, moment, calendar)
    pattern = _digit_pattern(section)
    if pattern is not None:
        return lambda number: pattern.shown(abs(number))
    return lambda number: _around(section.tokens, plain_digits(abs(number)))


def _digit_pattern(section: Section) -> DigitPattern | None:
    """The places of a section's digits; None for one that shows numbers in another way, or not."""
    names = section.names
    if section.is_unknown or section.moment or not names.isdisjoint(_WHOLE):
        return None
    return DigitPattern.of([(name, literal((name, text))) for name, text in section.tokens])


def _around(tokens: Sequence[Token], content: str) -> str:
    """A text, or all digits of a number, in the place that a section has for it."""
    return "".join(
        content if name in _WHOLE else literal((name, text)) for name, text in tokens
    ).strip()


def _shows_text_alone(section: Section) -> bool:
    """Whether texts are shown as they are, also by a section that is one for numbers by mistake."""
    names = section.names
    is_whole = names in ({"text"}, {"general"}, {"unknown"})
    return is_whole or "digit" in names or section.moment is not None
