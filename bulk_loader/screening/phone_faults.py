"""Why a text is no phone number that can be dialed, each reason under its own name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bulk_loader.codes import ProblemCode
from bulk_loader.screening.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

# The shortest numbers that are dialed are internal extensions and service numbers of three
# digits; the longest have 15 (ITU-T E.164), after 00 where they are written without a +.
MIN_DIGITS: Final = 3
MAX_DIGITS: Final = 15
DIALABLE: Final = rf"(?:\+(?!0)|00)?(?!0+$)[0-9]{{{MIN_DIGITS},{MAX_DIGITS}}}"
"""Pattern of a whole number that can be dialed as it stands."""

# No number is written with so many characters, and the shapes below are slow to search in more.
_MAX_LENGTH = 100

# Where two parts of a cell both have so many digits, each is a number of its own. With nothing
# but white space between them one more is asked for: `099123 456789` may be a single number.
_DIGITS_OF_A_NUMBER = 6
_DIGITS_OF_A_SPACED_NUMBER = 7
_DIGITS_OF_AN_AREA_CODE = 5

_ENTER = "Enter one whole number, in digits."
_FORMAT_AS_TEXT = "Format the column as Text and enter the number again."
_BAD_PLUS = "has a + where no number has one."

MISSING: Final = Fault(
    ProblemCode.PHONE_MISSING,
    "is empty, so there is no number to dial.",
    "Enter the number, or remove the row.",
)
_TWO_NUMBERS = Fault(
    ProblemCode.PHONE_TWO_NUMBERS,
    "seems to hold more than one number.",
    "Keep one in this cell and put the others in a column for alternatives.",
)
_LONG_TEXT = Fault(ProblemCode.PHONE_TEXT, "is a long text, not a phone number.", _ENTER)
BROKEN: Final = Fault(ProblemCode.PHONE_BROKEN, "is not a whole phone number.", _ENTER)


def odd_shape(plain: str) -> Fault | None:
    """The fault of a text whose digits must not simply be put together.

    Args:
        plain: in ASCII digits and signs, without what nobody sees.
    """
    if not plain:
        return MISSING
    if len(plain) > _MAX_LENGTH:
        return _LONG_TEXT
    return next((fault for is_such, fault in _SHAPES if is_such(plain)), None)


def unfit(bare: str) -> Fault:
    """The fault of a text that without its separators is still no number.

    Args:
        bare: without separators, and not matched by `DIALABLE`.
    """
    digits = "".join(filter(_is_ascii_digit, bare))
    if any(char.isalpha() for char in bare) or not digits:
        return Fault(
            ProblemCode.PHONE_TEXT, "is text, not a phone number.", "Enter the number to dial."
        )
    odd = sorted({char for char in bare if not _is_ascii_digit(char) and char != "+"})
    if odd:
        return Fault(
            ProblemCode.PHONE_TEXT, f"has {' '.join(odd)} in it, which no number has.", _ENTER
        )
    if "+" in bare[1:]:
        return Fault(BROKEN.code, _BAD_PLUS, _ENTER)
    if not digits.strip("0"):
        return Fault(BROKEN.code, "holds nothing but zeros.", _ENTER)
    if bare.startswith("+0"):
        return Fault(BROKEN.code, "has a 0 after the +, where a country code stands.", _ENTER)
    return _wrong_length(digits)


def _wrong_length(digits: str) -> Fault:
    if len(digits) > MAX_DIGITS:
        return Fault(
            ProblemCode.PHONE_TOO_LONG,
            f"has {len(digits)} digits, and no phone number has more than {MAX_DIGITS}.",
            "Check whether two numbers stand in one cell, and keep one.",
        )
    return Fault(
        ProblemCode.PHONE_TOO_SHORT,
        f"is too short for a phone number: it needs {MIN_DIGITS} digits or more.",
        "Enter the whole number.",
    )


def _is_ascii_digit(char: str) -> bool:
    return char in "0123456789"


def _digits(text: str) -> int:
    return sum(map(_is_ascii_digit, text))


def _is_two_numbers(plain: str) -> bool:
    pieces = re.split(r"[/,;|&\r\n]|\s(?:y|e|o|u|ou|and|or)\s|(?<=[0-9])\s*\+", plain)
    if sum(_digits(piece) >= _DIGITS_OF_A_NUMBER for piece in pieces) > 1:
        return True
    return _is_two_spaced_numbers(plain) or _is_odd_slash(plain)


def _is_two_spaced_numbers(plain: str) -> bool:
    if plain.startswith(("+", "00")):  # the country code may stand with the area code
        return False
    pieces = re.sub(r"\s-+\s", " ", plain).split()
    return sum(_digits(piece) >= _DIGITS_OF_A_SPACED_NUMBER for piece in pieces) > 1


def _is_odd_slash(plain: str) -> bool:
    """A slash is plain only after an area code: `4555-1234/35` means two lines of one customer."""
    before, slash, after = plain.partition("/")
    is_area_code = 0 < _digits(before) <= _DIGITS_OF_AN_AREA_CODE
    is_number = "/" not in after and _digits(after) >= _DIGITS_OF_AN_AREA_CODE
    return bool(slash and _digits(plain) and not (is_area_code and is_number))


def _matches(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL).fullmatch


_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.? ?m\.?)?"

# In this order: an earlier shape is the surer one.
_SHAPES: Final[tuple[tuple[Callable[[str], object], Fault], ...]] = (
    (
        _matches(r"true|false|verdadero|falso|verdadeiro"),
        Fault(ProblemCode.PHONE_BOOLEAN, "is a truth value, not a phone number.", _ENTER),
    ),
    (
        _matches(r"[+-]?\d+(?:[.,]\d*)?e ?[+-]?\d+"),
        Fault(
            ProblemCode.PHONE_SCIENTIFIC,
            "is not a phone number: the spreadsheet shortened it, so digits are lost.",
            _FORMAT_AS_TEXT,
        ),
    ),
    (
        _matches(r"#+"),
        Fault(
            ProblemCode.PHONE_BROKEN,
            "is what a spreadsheet shows where a column is too narrow for its number.",
            "Widen the column, or enter the number again.",
        ),
    ),
    (
        _matches(rf"(?:{_DAY}([-/.]){_DAY}\1{_YEAR}|{_DAY}/{_DAY}/\d\d)(?:[ T]*{_TIME})?"),
        Fault(ProblemCode.PHONE_DATE, "is a date, not a phone number.", _FORMAT_AS_TEXT),
    ),
    (
        _matches(rf"{_YEAR}([-/.]){_MONTH}\1{_DAY}(?:[ T]*{_TIME}.*)?|{_TIME}"),
        Fault(ProblemCode.PHONE_DATE, "is a date or a time, not a phone number.", _FORMAT_AS_TEXT),
    ),
    (
        _matches(r"\d{1,2}[-/. ](?:de )?[^\W\d]{3,}\.?[-/. ](?:de )?(?:19|20)?\d\d"),
        Fault(ProblemCode.PHONE_DATE, "is a date, not a phone number.", _FORMAT_AS_TEXT),
    ),
    (
        _matches(r"-.*\d.*"),
        Fault(ProblemCode.PHONE_NEGATIVE, "begins with a minus, as no phone number does.", _ENTER),
    ),
    (
        _matches(r"[1-9]\d{5,14}[.,]0"),
        Fault(
            ProblemCode.PHONE_DECIMAL,
            "is a number that a spreadsheet made of a phone: it added a decimal, and zeros or a + "
            "in front may be lost.",
            _FORMAT_AS_TEXT,
        ),
    ),
    (
        # One dot or comma, whatever follows: `4555.1234` may be written by a person or be a number with
        # a fraction, and a zero or a + in front is not what a spreadsheet shows of one.
        _matches(r"\+?\d+[.,]\d{1,2}|(?!0\d)(?:\d+\.|\d{1,6},)\d+"),
        Fault(
            ProblemCode.PHONE_DECIMAL,
            "is a decimal number, so it is not sure which digits belong to the phone number.",
            _FORMAT_AS_TEXT,
        ),
    ),
    (
        _matches(
            r"\+?[(\d][-\d .()/]{2,}[\s,;(]*"
            r"(?:ext(?:ensi[oó]n)?|int(?:erno)?|anexo|ramal|x|p|w|#|,)[\s.:=#]*\d{1,6}\)?"
        ),
        Fault(
            ProblemCode.PHONE_EXTENSION,
            "has an extension, which the dialer can't dial.",
            "Keep the number alone in this cell.",
        ),
    ),
    (
        _matches(r"(?=.*\d).*(?:[x*#•…]{2,}|\.{3}|\?|\ufffd).*"),
        Fault(BROKEN.code, "has some of its digits hidden or lost.", _ENTER),
    ),
    (
        _matches(r"(?:\+|00)[\d ]{1,5}\(0\).*"),
        Fault(
            ProblemCode.PHONE_OPTIONAL_ZERO,
            "has a (0) that is dialed only within its country.",
            "Write the number without the (0), or without the country code.",
        ),
    ),
    (_is_two_numbers, _TWO_NUMBERS),
)
