"""A cell becomes the number to dial, or the reason why it is none."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bulk_loader.screening.faults import Fault
from bulk_loader.screening.phone_faults import DIALABLE, odd_shape, unfit

if TYPE_CHECKING:
    from collections.abc import Callable

_is_dialable = re.compile(DIALABLE).fullmatch

# Groups of digits too short to be numbers of their own, with a blank or a dash between them, and
# not in the shape of a date: nearly all numbers that have separators, read without the long way.
_is_grouped = re.compile(
    r"(?![0-9]{1,2}-[0-9]{1,2}-[0-9]{4}\Z|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\Z)"
    r"\+?(?:\([0-9]{1,5}\)[ -]?)?[0-9]{1,6}(?:[ -][0-9]{1,6}){0,7}"
).fullmatch
_BETWEEN_GROUPS = str.maketrans("", "", " -()")

# Characters that people put between digits and that no number needs, and what draws nothing.
_SEPARATORS = re.compile(r"[ .\-()/\t\r\n]+")
_LOOKALIKES = {
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\uff08\ufe59"), "("),
    **dict.fromkeys(map(ord, "\uff09\ufe5a"), ")"),
    **dict.fromkeys(map(ord, "\uff0b\ufe62\ufb29"), "+"),
    **dict.fromkeys(map(ord, "\uff0e\u2024\u00b7"), "."),
    **dict.fromkeys(map(ord, "\uff0f\u2044\u2215"), "/"),
}
_SCHEME = re.compile(r"\Atel: *", re.IGNORECASE)
_TYPED = re.compile(r"([A-Z]=[0-9]{1,2}=)(.*)", re.DOTALL)


def read_phone(text: str) -> str | Fault:
    """The number without separators, in ASCII digits; a leading `+` stays.

    No digit is added, lost or moved. What a number read gives is read as itself.
    """
    if _is_dialable(text):
        return text
    if _is_grouped(text) and _is_dialable(grouped := text.translate(_BETWEEN_GROUPS)):
        return grouped
    return _read_odd(text)


def read_alternatives(
    text: str, read_number: Callable[[str], str | Fault] = read_phone
) -> str | Fault:
    """Numbers joined by `:`, each read as a phone number; empty ones are left out.

    A number may carry its type and a count of retries, as in `M=0=098447120`: the vendor's
    own list files have it so. The fault is that of the first number that has one.
    """
    numbers = []
    for part in split_alternatives(text):
        typed = _TYPED.fullmatch(part)
        prefix, number = (typed[1], typed[2]) if typed else ("", part)
        read = read_number(number)
        if isinstance(read, Fault):
            return read.coded(read.code.of_alternative)
        numbers.append(prefix + read)
    return ":".join(numbers)


def split_alternatives(text: str) -> list[str]:
    """The numbers of one text, as they stand in it, without the empty ones."""
    parts = re.sub(r"\btel:", "", text, flags=re.IGNORECASE).split(":")
    return [part.strip() for part in parts if part.strip()]


def _read_odd(text: str) -> str | Fault:
    """The long way, which every other way agrees with."""
    plain = _plain(text)
    bare = _SEPARATORS.sub("", plain)
    return odd_shape(plain) or (bare if _is_dialable(bare) else unfit(bare))


def _plain(text: str) -> str:
    """The text with ASCII digits and signs, and without what nobody sees."""
    kept = (
        "" if unicodedata.category(char) == "Cf" else " " if char.isspace() and char not in "\r\n"
        else str(unicodedata.decimal(char)) if char.isdecimal() else char
        for char in text
    )  # fmt: skip
    return _SCHEME.sub("", "".join(kept).translate(_LOOKALIKES).strip())
