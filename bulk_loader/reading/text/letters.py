"""Whether letters beyond ASCII stand as a language has them: what tells 8-bit encodings apart.

Short texts in one 8-bit encoding read without an error in every other, and a detector that weighs
frequencies guesses wrongly at a few names. So each encoding is tried with the languages that are
written in it: a reading fits where every letter is one of the language, in a place where it can be.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# ruff: noqa: RUF001 (letters that look alike are what this is about)

_WESTERN: Final = ("cp1252", "cp850", "mac-roman")
_CENTRAL: Final = ("cp1250", "iso8859-2", "cp852")
# Where lists in the older code pages of a language are too rare to doubt others for.
_WINDOWS: Final = ("cp1252",)
_CENTRAL_TODAY: Final = ("cp1250", "iso8859-2")
_TURKISH: Final = ("cp1254", "cp857")
_CYRILLIC: Final = ("cp1251", "koi8-r", "cp866", "mac-cyrillic")
_RARE: Final = ("mac-latin2", "mac-turkish", "iso8859-5")

# Of what stands in a long list some may be names of other languages, and slips of the keys.
_ODD_SHARE = 0.02
_LONGEST_RUN = re.compile(r"[^\W\x00-\x7f]{4,}")  # ção in capitals has three
_HIGH = re.compile(r"[^\x00-\x7f]")
_CYRILLIC_WORD = re.compile(r"[\u0400-\u04ff]{3,}")
_FREQUENT: Final = frozenset("оеаинтсрвлкі")
_FREQUENT_SHARE = 0.5  # of Russian text and names it is some 70%
_ENGLISH_END = re.compile(r"(?:s|t|re|ll|ve|d|m)\b")

_OPENING: Final = frozenset("„‚“«‘¡¿€£§")
_CLOSING: Final = frozenset("”»…™®©°")
_WORDS_OF_A_LETTER: Final = frozenset("éàавикосуяі")
_BETWEEN_WORDS: Final = frozenset("–—´")


@dataclass(frozen=True, slots=True)
class Language:
    """How letters beyond ASCII stand in a language.

    Attributes:
        letters: the small ones.
        never: a pattern of places where one of them does not stand.
    """

    letters: frozenset[str]
    codecs: tuple[str, ...]
    never: str


def _language(letters: str, codecs: tuple[str, ...], never: str = r"(?!)") -> Language:
    return Language(frozenset(letters), codecs, never)


_LANGUAGES: Final = (
    _language("áéíóúüñ", _WESTERN, r"ñ(?![aeiouáéíóú])|[áéíóú][áéíóú]|áe|áo|áa|ée|óo|íi|úu|(?:[lrn]d|ck|th|y)ís\b"),
    _language(
        "áàâãçéêíóôõúü", _WESTERN,
        r"õ(?!e)|\bç|ç(?![aeiouáâãéêíóôõú])|iê(?!n)|ê[ckpbgaeou]|ã(?![oe]|s?\b|[nmti])|[âô](?!\w)|(?:[lrn]d|ck|th|y)ís\b",
    ),
    _language("àçèéíïòóúü", _WINDOWS, r"\bç|[ïò][aeiou]|à[aeiou]"),  # Catalan
    _language("àâæçèéêëîïôöùûüÿœ", _WINDOWS, r"ù(?!\b)|\bç(?!a)|ç(?![aou])|[ûêîôâ][aeiou]|ÿ(?!\b)"),
    _language("àèéìòù", _WINDOWS, r"[àèéìòù]\w"),  # Italian
    _language("äöüß", _WESTERN, r"(?<![aeiouäöüy])ß|ä[eio]|ß[bcdfgqruxz]"),
    _language("æøåéöäü", _WINDOWS, r"[æøå][æøå]"),
    _language("áéíóúýþæöð", _WINDOWS, r"(?<=[a-z])þ(?![óur])|\bð|ýc"),
    _language("ąćęłńóśźż", _CENTRAL, r"ń[aeiouyóąę]|ą[aeiouyóąę]|ę[aeiouynmrvx]|ęs\b|\b[ąęń]|ó\b"),
    _language("áčďéěíňóřšťúůýž", _CENTRAL, r"ě[aeiouy]|\b[ěůý]"),
    _language("áäčďéíľňóôšťúýž", _CENTRAL_TODAY, r"\b[ýä]"),
    _language("áéíóöőúüű", _CENTRAL_TODAY, r"ő[aeiou]"),
    _language("ăâîşţ", _CENTRAL_TODAY, r"ă[aeiouâî]|â\b|\b[nm]ş"),
    _language("čćđšž", _CENTRAL_TODAY),
    _language("çğıöşüâîi", _TURKISH, r"\bğ|(?<![aeıioöuüâî])ğ"),
    _language("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", _CYRILLIC, r"\b[ьъы]|[ёйуеыаоэяию]{4}"),
    _language("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", _CYRILLIC, r"\bь"),
)  # fmt: skip


# Names of several languages beside each other, and code pages that the usual languages are rarely in:
# looked at where nothing else fits.
_WESTERN_LETTERS: Final = "áéíóúàèìòùâêîôûäëïöüãõñçåæøœßÿýðþ"
_OTHERS: Final = (
    _language(_WESTERN_LETTERS, _WESTERN),
    _language("ąćęłńóśźżáčďéěíňřšťúůýžäľôőüűöĺŕ", ("mac-latin2",)),
    _language("çğıöşüâîi", ("mac-turkish",), r"\bğ|(?<![aeıioöuüâî])ğ"),
    _language("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", ("iso8859-5",), r"\b[ьъы]|[ёйуеыаоэяию]{4}"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in one encoding, as some language has its letters."""

    codec: str
    text: str


def readings(sample: bytes) -> list[Reading]:
    """The readings that fit, the likelier first; of equal ones the first alone."""
    usual = (*_WESTERN, *_CENTRAL, *_TURKISH, *_CYRILLIC)
    found = _fitting(sample, usual, _LANGUAGES)
    if [reading.codec for reading in found] == ["cp852"]:  # DOS has both, with many letters alike
        found += _fitting(sample, ("cp850",), _OTHERS)
    return found or _fitting(sample, (*_WESTERN, *_RARE), _OTHERS)


def differing_words(one: str, other: str) -> tuple[str, str]:
    """The first word that two readings show differently, in each of them."""
    at = next((at for at, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), 0)
    begin = max((one.rfind(sign, 0, at) for sign in ' ,;\t\r\n"'), default=-1) + 1
    ends = (end for sign in ' ,;\t\r\n"' if (end := one.find(sign, at)) >= 0)
    end = min(ends, default=len(one))
    return one[begin:end], other[begin:end]


def _fitting(sample: bytes, codecs: Iterable[str], languages: Sequence[Language]) -> list[Reading]:
    found: dict[str, Reading] = {}
    for codec in codecs:
        text = sample.decode(codec, "replace")
        if text not in found and _fits_some(text, codec, languages):
            found[text] = Reading(codec, text)
    return list(found.values())


def _fits_some(text: str, codec: str, languages: Sequence[Language]) -> bool:
    places = [match.start() for match in _HIGH.finditer(text)]
    most = _ODD_SHARE * len(places)
    odd = sum(_is_odd(text, at) for at in places)
    if odd > most:
        return False
    lowered = text.lower()
    letters = Counter(text[at].lower()[:1] for at in places if _is_letter(text[at]))
    if codec in _CYRILLIC or codec == "iso8859-5":
        if not _looks_cyrillic(lowered, letters):
            return False
    else:
        odd += sum(len(match[0]) for match in _LONGEST_RUN.finditer(text))
    return any(
        odd + _unfit(language, lowered, letters) <= most
        for language in languages
        if codec in language.codecs
    )


def _unfit(language: Language, lowered: str, letters: Counter[str]) -> int:
    foreign = sum(count for letter, count in letters.items() if letter not in language.letters)
    return foreign + sum(1 for _ in re.finditer(language.never, lowered))


def _looks_cyrillic(lowered: str, letters: Counter[str]) -> bool:
    frequent = sum(count for letter, count in letters.items() if letter in _FREQUENT)
    return bool(_CYRILLIC_WORD.search(lowered)) and frequent >= _FREQUENT_SHARE * letters.total()


def _is_letter(char: str) -> bool:
    return char.isalpha() and char not in "ªº"


def _is_odd(text: str, at: int) -> bool:
    """Whether a character beyond ASCII stands where none of its kind does."""
    char, after = text[at], text[at + 1 : at + 2]
    before, earlier = text[max(at - 1, 0) : at], text[max(at - 2, 0) : max(at - 1, 0)]
    if _is_letter(char):
        return _is_odd_letter(char, earlier, before, after)
    return char != "\u00a0" and _is_odd_sign(text, at, earlier, before, after)


def _is_odd_sign(text: str, at: int, earlier: str, before: str, after: str) -> bool:
    char, is_within = text[at], before.isalpha() and after.isalpha()
    if char == "’":
        is_known = after.isupper() or not earlier.isalpha()
        return is_within and not is_known and not _ENGLISH_END.match(text, at + 1)
    if char in "ºª":
        return not before.isalnum() or after.isalpha()
    if char in "²³":
        return before != "m" or earlier.isalpha()
    if char in _OPENING:
        return before.isalpha() or (char in "¡¿" and after.islower())
    if char in _BETWEEN_WORDS:
        return is_within
    return char not in _CLOSING or after.isalpha()


def _is_odd_letter(char: str, earlier: str, before: str, after: str) -> bool:
    if before.isdigit() or after.isdigit():
        return True
    if "\u0400" <= char <= "\u04ff" and any(
        side.isascii() and side.isalpha() for side in (before, after)
    ):
        return True
    if not before.isalpha() and not after.isalpha() and char.lower() not in _WORDS_OF_A_LETTER:
        return True
    if char.isupper():
        return before.islower() or (before.isupper() and after.islower())
    return after.isupper() or (before.isupper() and earlier.isupper())
