"""What one cell of a workbook reads as: the text that a person sees, or a named damage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Problem
from bulk_loader.spreadsheets.sums import sums_rows

# A spreadsheet program computes with binary floats and keeps 15 significant decimal digits;
# from the 16th on it has put zeros in the place of what was typed.
EXACT_DIGITS = 15
_FIRST_INEXACT = 10**EXACT_DIGITS

_STORED_NUMBER = re.compile(r"\s*[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?\s*")
# A number that is certain to read as it is stored: no exponent, no noise, few digits.
_SHORT_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,7})\.[0-9]{0,5}[1-9]")


@dataclass(frozen=True, slots=True)
class Damage:
    """Why the text of a cell can't be known for sure; the parts of a `Problem`.

    Attributes:
        is_personal: the cell may show a phone number.
    """

    code: ProblemCode
    fault: str
    remedy: str
    is_personal: bool = False


class Damaged(str):
    """The text that a damaged cell shows; text everywhere, so that rows stay lists of text."""

    __slots__ = ("damage",)
    damage: Damage

    def __new__(cls, shown: str, damage: Damage) -> Self:
        """The shown text with the reason why it must not be used."""
        text = super().__new__(cls, shown)
        text.damage = damage
        return text

    def problem(self, row: int, column: str) -> Problem:
        """The damage as a lead's problem."""
        damage = self.damage
        return Problem(
            damage.code, row, column, str(self), damage.fault, damage.remedy, damage.is_personal
        )


_AS_TEXT = "Format the column as Text, and enter the value again."

NUMBER_TOO_LONG = Damage(
    ProblemCode.NUMBER_TOO_LONG,
    f"is a number of more than {EXACT_DIGITS} digits, and a spreadsheet keeps only "
    f"{EXACT_DIGITS}: digits are lost.",
    _AS_TEXT,
)
NUMBER_UNREADABLE = Damage(
    ProblemCode.NUMBER_UNREADABLE, "is stored as a number, but is none.", "Enter the value again."
)
ERROR_CELL = Damage(
    ProblemCode.ERROR_CELL,
    "is the error of a formula.",
    "Correct the formula, or enter the value itself.",
)
FORMULA_WITHOUT_VALUE = Damage(
    ProblemCode.FORMULA_WITHOUT_VALUE,
    "is a formula whose result is not stored in the file.",
    "Open the file in a spreadsheet program, save it, and try again.",
    is_personal=True,  # it is shown as it stands, and may spell out the number
)
SUM_OF_ROWS = Damage(
    ProblemCode.SUM_OF_ROWS,
    "is computed from the rows above it, so it is nobody's phone.",
    "Delete the row, or send it all the same with --odd-rows send.",
    is_personal=True,
)
NO_SUCH_DATE = Damage(
    ProblemCode.NO_SUCH_DATE,
    "is shown as a date, but there is no such date.",
    "Enter the date again, or format the column as Text.",
)
UNKNOWN_FORMAT = Damage(
    ProblemCode.UNKNOWN_FORMAT,
    "is a number in a format that can't be followed here, so what it shows is not known.",
    _AS_TEXT,
    is_personal=True,
)
UNSEEN_FORMAT = Damage(
    ProblemCode.UNSEEN_FORMAT,
    "is a number whose format is not in the file: zeros or a + in front may be missing.",
    "Save the workbook as .xlsx in the spreadsheet program, and upload that file.",
    is_personal=True,
)
MERGED_CELL = Damage(
    ProblemCode.MERGED_CELL,
    "is part of merged cells, so it is not known whether their value is meant for this row.",
    "Unmerge the cells, and fill in each of them.",
)
UNREADABLE_CELL = Damage(
    ProblemCode.UNREADABLE_CELL,
    "refers to a text that is not in the file.",
    "Open the file in a spreadsheet program, enter the value again, and save.",
)


def general(value: str) -> str:
    """A number in the format General: all its digits, never shortened.

    A spreadsheet program shows 5215512345678 as `5.21551E+12` in a narrow cell, but the digits
    are exactly known and stand in its formula bar, so they are what the cell reads as. Only
    beyond 15 digits they are not: that is a damage.

    Args:
        value: as XML has it, such as `991234567`, `991234567.0` or `9.9123456700000003E8`.
    """
    if is_whole(value):
        return value
    if _SHORT_DECIMAL.fullmatch(value):
        return value
    number = exact_number(value)
    return number if isinstance(number, Damaged) else plain_digits(number)


def is_whole(value: str) -> bool:
    """Whether a stored number is a whole one above zero, with all of its digits as it stands."""
    return value.isdecimal() and value.isascii() and len(value) <= EXACT_DIGITS and value[0] != "0"


def exact_number(value: str | float) -> Decimal | Damaged:
    """The number that a spreadsheet program takes a stored value for: 15 digits, no noise.

    `0.1` is often stored as `0.10000000000000001`, and `991234567` as `991234566.99999999`.
    """
    # Python would also take `1_000`, `nan` and the digits of other scripts.
    if isinstance(value, str) and not _STORED_NUMBER.fullmatch(value):
        return Damaged(value, NUMBER_UNREADABLE)
    try:
        number = float(value)
        rounded = Decimal(f"{number:.{EXACT_DIGITS}g}")
    except (ValueError, OverflowError):
        return Damaged(str(value), NUMBER_UNREADABLE)
    if not rounded.is_finite():
        return Damaged(str(value), NUMBER_UNREADABLE)
    if abs(rounded) >= _FIRST_INEXACT:
        return Damaged(f"{rounded:.5E}", NUMBER_TOO_LONG)
    return rounded


def plain_digits(number: Decimal) -> str:
    """All digits of a number, without exponent and needless zeros; `-0` is `0`."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def truth(value: str) -> str:
    """A truth value as spreadsheet programs show it, in English."""
    return "TRUE" if value.strip() in {"1", "true"} else "FALSE"


def error(value: str) -> Damaged:
    """An error cell; `value` is what it shows, such as `#N/A`."""
    return Damaged(value, ERROR_CELL)


def formula_without_value(formula: str) -> Damaged:
    """A formula that was never computed; the formula itself is all there is to show."""
    return Damaged(f"={formula or '…'}", FORMULA_WITHOUT_VALUE)


def sum_of_rows(shown: str, formula: str) -> str:
    """What a computed cell shows, as `Damaged` where its formula sums up the rows above it."""
    is_sum = not isinstance(shown, Damaged) and sums_rows(formula)
    return Damaged(shown, SUM_OF_ROWS) if is_sum else shown
