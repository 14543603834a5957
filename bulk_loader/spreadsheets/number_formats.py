"""Number formats of workbooks, such as `(000) 000-0000`: what a stored number is shown as.

Grammar: ECMA-376 part 1, 18.8.31. Signs that depend on the machine's language (the separators
of decimals and thousands) are shown in their English form, which is how the format is stored.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bulk_loader.spreadsheets.cells import (
    UNKNOWN_FORMAT,
    Damaged,
    exact_number,
    general,
    is_whole,
    plain_digits,
)
from bulk_loader.spreadsheets.digit_patterns import DigitPattern
from bulk_loader.spreadsheets.serials import Calendar, Moment, iso_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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

_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?
    | \\(?P<escaped>.)
    | _(?P<space>.)
    | \*(?P<fill>.)
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General)
    | (?P<half>AM/PM|A/P)
    | (?P<exponent>E[+-])
    | (?P<digit>[0#?])
    | (?P<point>\.)
    | (?P<comma>,)
    | (?P<percent>%)
    | (?P<text>@)
    | (?P<year>y+) | (?P<month>m+) | (?P<day>d+) | (?P<hour>h+) | (?P<second>s+)
    | (?P<era>e+|g+|b+|aaa+) | (?P<reign>r+)
    | (?P<end>;)
    | (?P<literal>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*+(-?(?:\d++(?:\.\d*+)?+|\.\d++))")
_COMPARE: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
# Years and weekdays as East Asia and Thailand count and name them; in other languages `e` is the
# same as `yyyy`. Source: [MS-OI29500], 2.1.713. Some programs leave words unquoted that have these
# letters, so they are followed only in sections without digits and other letters.
_ERA = "era"
_DATE_TOKENS = frozenset({"year", "day", _ERA})
_TIME_TOKENS = frozenset({"hour", "second", "half"})
# Stand for a number with all its digits, or for a text.
_WHOLE = frozenset({"general", "text"})

# Places of the sections for zeros and for texts, where a format has that many.
_ZEROS, _TEXTS = 2, 3
_ZERO = Decimal(0)
_LONGEST_CODE = 255  # Excel's own limit
# Numbers repeat in columns of dates, amounts and codes; a format remembers this many.
_REMEMBERED = 4096

Token = tuple[str, str]
"""The name of a group of `_TOKEN`, and what stands in the format."""


@dataclass(frozen=True, slots=True)
class Section:
    """One of up to four parts of a format, split by `;`.

    Attributes:
        condition: the comparison and the number of `[>=100]`; None for the usual rule, by sign.
    """

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None

    @property
    def names(self) -> frozenset[str]:
        """The kinds of tokens in it."""
        return frozenset(name for name, _ in self.tokens)

    @property
    def is_unknown(self) -> bool:
        """What it shows can't be followed here."""
        names = self.names
        is_date = not names.isdisjoint(_DATE_TOKENS | _TIME_TOKENS)
        is_mixed = is_date and _has_number(self.tokens)
        is_word = _ERA in names and any(map(_is_letter, self.tokens))
        return is_mixed or is_word or "unknown" in names or _is_fraction(self.tokens)

    @property
    def moment(self) -> Moment | None:
        """Which parts of a date or time it shows; None for one that shows a number."""
        names = self.names
        is_elapsed = "elapsed" in names
        has_time = is_elapsed or not names.isdisjoint(_TIME_TOKENS)
        # `m` is a month, but beside hours or seconds without a date it is minutes.
        has_date = not names.isdisjoint(_DATE_TOKENS) or ("month" in names and not has_time)
        # The reign of an emperor; but many write `R$ 0` without quotes.
        has_date = has_date or ("reign" in names and not _has_number(self.tokens))
        return Moment(has_date, has_time, is_elapsed) if has_date or has_time else None

    def is_for(self, number: Decimal) -> bool:
        """Whether its condition holds; a section without one takes what is left."""
        if self.condition is None:
            return True
        comparison, bound = self.condition
        return _COMPARE[comparison](number, bound)


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
        return len(self.sections) == 1 and self.sections[0].names in ({"general"}, {"text"})

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
        place = self._place(number)
        shown = None if place is None else shows[place](number)
        if place is None or shown is None:
            return Damaged(plain_digits(number), UNKNOWN_FORMAT)
        if isinstance(shown, Damaged) or not shown or number >= 0:
            return shown
        # A section for negative numbers alone says itself how they look, often in parentheses.
        return shown if self._is_for_negatives(place) else f"-{shown}"

    def _place(self, number: Decimal) -> int | None:
        """Which section shows a number; None where the conditions leave it out."""
        sections = self.sections
        if any(section.condition for section in sections):
            fits = (place for place in range(len(sections)) if self._has_room(place, number))
            return next(fits, None)
        if number < 0 and len(sections) > 1:
            return 1
        return _ZEROS if number == 0 and len(sections) > _ZEROS else 0

    def _has_room(self, place: int, number: Decimal) -> bool:
        """Whether a section takes a number, in a format that has conditions.

        Beside a condition, one that is left out is `[>0]` for the first section, `[<0]` for the
        second of three, and whatever is left for the last.
        """
        section, is_last = self.sections[place], place == len(self.sections) - 1
        if section.condition is not None or is_last:
            return section.is_for(number)
        return number > 0 if place == 0 else number < 0

    def _is_for_negatives(self, place: int) -> bool:
        """Whether a section takes no other numbers.

        That decides about the sign in Excel; LibreOffice differs for `[<=0]` alone.
        """
        conditions = (section.condition for section in self.sections)
        bounds = sorted({_ZERO, *(found[1] for found in conditions if found and found[1] > 0)})
        between = ((low + high) / 2 for low, high in pairwise(bounds))
        return place not in map(self._place, (*bounds, *between, bounds[-1] + 1))


def built_in(number: int, calendar: Calendar) -> NumberFormat:
    """A format that has a number and no spelling; General where the number is unknown."""
    return parsed(_BUILT_IN.get(number, "General"), calendar)


def parsed(code: str, calendar: Calendar) -> NumberFormat:
    """A format from its spelling, such as `0000000000` or `dd/mm/yyyy;@`."""
    if len(code) > _LONGEST_CODE:
        return NumberFormat((Section((("unknown", ""),)),), None, calendar)
    sections = [_section(tokens) for tokens in _split(code)]
    text_section = None
    if len(sections) > 1 and (len(sections) > _TEXTS or "text" in sections[-1].names):
        last = min(_TEXTS, len(sections) - 1)
        text_section, sections = sections[last], sections[:last]
    elif len(sections[0].tokens) > 1 and "text" in sections[0].names:
        text_section = sections[0]
    if text_section is not None and _shows_text_alone(text_section):
        text_section = None
    return NumberFormat(tuple(sections), text_section, calendar)


def _split(code: str) -> list[list[Token]]:
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code or "General"):
        name = match.lastgroup or "literal"
        if name == "end":
            sections.append([])
        else:
            sections[-1].append((name, match[name]))
    return sections


def _section(tokens: list[Token]) -> Section:
    kept: list[Token] = []
    condition = None
    for name, text in tokens:
        if name != "bracket":
            kept.append((name, text))
        elif _ELAPSED.fullmatch(text):
            kept.append(("elapsed", text))
        elif compared := _CONDITION.fullmatch(text):
            condition = (compared[1], Decimal(compared[2]))
        elif text[:1] in "<>=" and text:  # a condition that compares with no number
            kept.append(("unknown", text))
        elif text.startswith("$"):
            # A currency's sign and the language, `[$€-407]`; the language alone shows nothing.
            kept.append(("quoted", text[1:].split("-")[0]))
        elif text[:5].upper() == "DBNUM":
            kept.append(("unknown", text))
    return Section(tuple(kept), condition)


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
    return DigitPattern.of([(name, _literal((name, text))) for name, text in section.tokens])


def _around(tokens: Sequence[Token], content: str) -> str:
    """A text, or all digits of a number, in the place that a section has for it."""
    return "".join(
        content if name in _WHOLE else _literal((name, text)) for name, text in tokens
    ).strip()


def _shows_text_alone(section: Section) -> bool:
    """Whether texts are shown as they are, also by a section that is one for numbers by mistake."""
    names = section.names
    return names in ({"text"}, {"general"}) or "digit" in names or section.moment is not None


def _literal(token: Token) -> str:
    """What a token shows that is no digit; a fill or a colour shows nothing."""
    name, text = token
    return {"fill": "", "space": " "}.get(name, text)


def _is_fraction(tokens: tuple[Token, ...]) -> bool:
    """Whether an unescaped `/` stands beside digits, as in `# ?/?`."""
    return any(
        before[0] == "digit" and after == ("literal", "/") for before, after in pairwise(tokens)
    )


def _has_number(tokens: tuple[Token, ...]) -> bool:
    """Whether a number is shown, and not only fractions of a second as in `ss.000`."""
    before = ""
    for name, _ in tokens:
        if name == "general" or (name == "digit" and before not in {"point", "comma", "digit"}):
            return True
        before = name
    return False


def _is_letter(token: Token) -> bool:
    return token[0] == "literal" and token[1].isascii() and token[1].isalpha()
