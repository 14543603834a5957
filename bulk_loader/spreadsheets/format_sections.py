"""The sections of a number format, split by `;`: which numbers each takes, and what it shows."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from bulk_loader.spreadsheets.format_tokens import (
    Token,
    has_number,
    is_fraction,
    is_letter,
    split_sections,
)
from bulk_loader.spreadsheets.serials import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


Condition = tuple[str, Decimal]
"""The comparison and the number of `[>=100]`."""


@dataclass(frozen=True, slots=True)
class Section:
    """One of up to four parts of a format, split by `;`.

    Attributes:
        condition: None for the usual rule, by sign.
    """

    tokens: tuple[Token, ...]
    condition: Condition | None = None

    @property
    def names(self) -> frozenset[str]:
        """The kinds of tokens in it."""
        return frozenset(name for name, _ in self.tokens)

    @property
    def is_unknown(self) -> bool:
        """What it shows can't be followed here."""
        names = self.names
        is_date = not names.isdisjoint(_DATE_TOKENS | _TIME_TOKENS)
        is_mixed = is_date and has_number(self.tokens)
        is_word = _ERA in names and any(map(is_letter, self.tokens))
        # Programs differ in whether a comma still stands for thousands there.
        is_scaled_power = {"exponent", "comma"} <= names
        is_strange = is_mixed or is_word or is_scaled_power
        return is_strange or "unknown" in names or is_fraction(self.tokens)

    @property
    def moment(self) -> Moment | None:
        """Which parts of a date or time it shows; None for one that shows a number."""
        names = self.names
        is_elapsed = "elapsed" in names
        has_time = is_elapsed or not names.isdisjoint(_TIME_TOKENS)
        # `m` is a month, but beside hours or seconds without a date it is minutes.
        has_date = not names.isdisjoint(_DATE_TOKENS) or ("month" in names and not has_time)
        # The reign of an emperor; but many write `R$ 0` without quotes.
        has_date = has_date or ("reign" in names and not has_number(self.tokens))
        return Moment(has_date, has_time, is_elapsed) if has_date or has_time else None

    def is_for(self, number: Decimal) -> bool:
        """Whether its condition holds; a section without one takes what is left."""
        if self.condition is None:
            return True
        comparison, bound = self.condition
        return _COMPARE[comparison](number, bound)


def sections_of(code: str) -> list[Section]:
    """The sections in the spelling of a format, one at least."""
    return [_section(tokens) for tokens in split_sections(code)]


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
    if tokens and not kept:  # a colour or a condition alone: some programs show all, some nothing
        kept.append(("unknown", ""))
    return Section(tuple(kept), condition)
