"""A cell becomes the number to dial, or the reason why it is none."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.screening.faults import Fault
from bulk_loader.screening.phone_faults import DIALABLE
from bulk_loader.screening.phones import (
    _read_odd,
    read_alternatives,
    read_phone,
    split_alternatives,
)

_texts = st.one_of(
    st.text(),
    st.text(alphabet="0123456789 +-().,/:;xeE\n\u00a0\u200e\uff10\u0661", max_size=24),
    st.from_regex(DIALABLE, fullmatch=True),
)


def _code(text: str) -> str:
    read = read_phone(text)
    assert isinstance(read, Fault), read
    return read.code


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0123456789", "0123456789"),
        ("+59899123456", "+59899123456"),
        ("101", "101"),
        ("099 123 456", "099123456"),
        ("099.123.456", "099123456"),
        ("01.23.45.67.89", "0123456789"),
        ("+598 (99) 123-456", "+59899123456"),
        ("(011) 4555-1234", "01145551234"),
        ("011/45551234", "01145551234"),
        ("099\u00a0123\u202f456", "099123456"),
        ("\u202a+59899123456\u202c", "+59899123456"),
        ("099\u200b123\ufeff456", "099123456"),
        ("tel:+598-99-123-456", "+59899123456"),
        ("TEL: 099123456", "099123456"),
        ("\uff10\uff19\uff19\uff11\uff12\uff13", "099123"),
        ("\uff0b\uff15\uff19\uff18\uff19\uff19\uff11", "+598991"),
        ("\u0660\u0669\u0669\u0661\u0662\u0663", "099123"),
        ("099\u2013123\u2212456", "099123456"),
        ("12-34-56", "123456"),
        ("0059899123456", "0059899123456"),
        ("00 123456789012345", "00123456789012345"),
        ("+123456789012345", "+123456789012345"),
    ],
)
def test_separators_are_taken_out_and_digits_folded(cell: str, number: str) -> None:
    """Every way of writing one number gives its digits, with leading zeros and `+`."""
    assert read_phone(cell) == number


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "phone_missing"),
        (" \u00a0\u200b", "phone_missing"),
        ("5.21551E+12", "phone_scientific"),
        ("5,21551e+12", "phone_scientific"),
        ("5E12", "phone_scientific"),
        ("991234567.0", "phone_decimal"),
        ("991234567.5", "phone_decimal"),
        ("991234567,50", "phone_decimal"),
        ("no tiene", "phone_text"),
        ("N/A", "phone_text"),
        ("#N/A", "phone_text"),
        ("-", "phone_text"),
        ("0800-FLORES", "phone_text"),
        ("'0991234567", "phone_text"),
        ("$ 123456", "phone_text"),
        ("0991234\u00b2", "phone_text"),
        ("x" * 5000, "phone_text"),
        ("(" * 40_000 + "1", "phone_text"),
        ("099123456 / 098765432", "phone_two_numbers"),
        ("099123456;098765432", "phone_two_numbers"),
        ("099123456, 098765432", "phone_two_numbers"),
        ("099123456 y 098765432", "phone_two_numbers"),
        ("099123456\n098765432", "phone_two_numbers"),
        ("2400123 2400567", "phone_two_numbers"),
        ("2400123 - 2400567", "phone_two_numbers"),
        ("+59899123456 +59899654321", "phone_two_numbers"),
        ("4555-1234/35", "phone_two_numbers"),
        ("24001234 ext. 12", "phone_extension"),
        ("24001234 int 12", "phone_extension"),
        ("(02) 400-1234 Interno: 5", "phone_extension"),
        ("24001234x12", "phone_extension"),
        ("24001234#12", "phone_extension"),
        ("99.123456", "phone_decimal"),
        ("0.1234567", "phone_decimal"),
        ("20.5551234", "phone_decimal"),
        ("4555.1234", "phone_decimal"),
        ("99,123456", "phone_decimal"),
        ("24001234,101", "phone_extension"),
        ("-991234567", "phone_negative"),
        ("\u2212991234567", "phone_negative"),
        ("2024-05-03", "phone_date"),
        ("2024-05-03 10:00:00", "phone_date"),
        ("03/04/2026", "phone_date"),
        ("03-04-2026", "phone_date"),
        ("03/04/26 10:00", "phone_date"),
        ("3-abr-2026", "phone_date"),
        ("3 de abril de 2026", "phone_date"),
        ("10:30", "phone_date"),
        ("TRUE", "phone_boolean"),
        ("Verdadero", "phone_boolean"),
        ("########", "phone_broken"),
        ("09912XXXX", "phone_broken"),
        ("099****56", "phone_broken"),
        ("099?23456", "phone_broken"),
        ("++59899123456", "phone_broken"),
        ("099+123", "phone_broken"),
        ("+0991234567", "phone_broken"),
        ("000000000", "phone_broken"),
        ("+44 (0)20 7946 0958", "phone_optional_zero"),
        ("12", "phone_too_short"),
        ("+12", "phone_too_short"),
        ("1234567890123456", "phone_too_long"),
        ("+1234567890123456", "phone_too_long"),
        ("099123456098765432", "phone_too_long"),
    ],
)
def test_what_is_no_number_has_its_own_reason(cell: str, code: str) -> None:
    """Missing is not wrong, and each kind of wrong is told apart; nothing is guessed."""
    assert _code(cell) == code


@pytest.mark.parametrize(
    ("cell", "is_made"),
    [
        ("7700900101.0", True),
        ("991234567,0", True),
        ("991234567.5", False),
        ("0991234567.0", False),
        ("991234567.00", False),
    ],
)
def test_a_number_that_a_spreadsheet_made_is_said_to_be_one(cell: str, is_made: bool) -> None:
    """A decimal of nothing but one zero was added by a program, which drops zeros in front."""
    fault = read_phone(cell)
    assert isinstance(fault, Fault)
    assert fault.code == "phone_decimal"
    assert ("made of a phone" in fault.fault) == is_made


def test_a_long_text_is_refused_before_it_is_searched() -> None:
    """A cell with a whole letter in it costs no more than a short one."""
    read = read_phone("0 " * 20_000)

    assert isinstance(read, Fault)
    assert "long text" in read.fault


def test_a_fault_reads_as_a_sentence() -> None:
    """Every reason is a predicate with a stop, and every remedy a sentence."""
    for cell in ("", "no", "12", "1E5", "-5", "TRUE", "1/2", "099x1", "099'1", "0"):
        read = read_phone(cell)
        assert isinstance(read, Fault)
        assert re.fullmatch(r"(is|has|holds|seems|begins) .*\.", read.fault)
        assert re.fullmatch(r"[A-Z].*\.", read.remedy)


@given(_texts)
def test_tidying_is_idempotent(text: str) -> None:
    """A tidied number is read as itself."""
    number = read_phone(text)

    if isinstance(number, str):
        assert read_phone(number) == number


@given(_texts)
def test_no_digit_is_added_lost_or_moved(text: str) -> None:
    """The digits of a tidied number are the digits of the cell, in their order."""
    number = read_phone(text)

    if isinstance(number, str):
        digits = [str(unicodedata.decimal(char)) for char in text if char.isdecimal()]
        assert "".join(digits) == number.lstrip("+")


@given(_texts)
def test_what_is_read_can_be_dialed(text: str) -> None:
    """Nothing but an optional `+` and ASCII digits ever comes out."""
    number = read_phone(text)

    assert isinstance(number, Fault) or re.fullmatch(DIALABLE, number)


@given(_texts)
def test_the_short_way_agrees_with_the_long_one(text: str) -> None:
    """Speed changes no verdict: what the patterns take at once, all the rules take too."""
    number = read_phone(text)

    assert number == _read_odd(text)


@given(st.text(alphabet="0123456789 -()+", max_size=20))
def test_the_short_way_agrees_on_every_grouping(text: str) -> None:
    """Blanks, dashes and parentheses anywhere lead both ways to one verdict."""
    assert read_phone(text) == _read_odd(text)


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("", ""),
        ("099 123 456", "099123456"),
        ("099124484:099121212", "099124484:099121212"),
        (":099124484::099 121 212:", "099124484:099121212"),
        ("tel:099124484 : tel:099121212", "099124484:099121212"),
        ("M=0=098 447 120:H=1=26001234", "M=0=098447120:H=1=26001234"),
    ],
)
def test_alternatives_are_read_one_by_one(cell: str, numbers: str) -> None:
    """Each number is tidied, its type and retries stay, empty ones go."""
    assert read_alternatives(cell) == numbers


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("099124484:no tiene", "alternative_text"),
        ("099124484/099121212", "alternative_two_numbers"),
        ("099124484;099121212", "alternative_two_numbers"),
        ("M=0=12", "alternative_too_short"),
        ("M=0=", "alternative_missing"),
    ],
)
def test_a_bad_alternative_has_its_own_code(cell: str, code: str) -> None:
    """It is told apart from a bad destination."""
    read = read_alternatives(cell)

    assert isinstance(read, Fault)
    assert read.code == code


@given(st.lists(_texts, max_size=4).map(":".join))
def test_alternatives_fail_exactly_where_one_of_them_does(text: str) -> None:
    """A refused cell always has a number to name."""
    faults = [
        part for part in split_alternatives(text) if isinstance(read_alternatives(part), Fault)
    ]

    assert isinstance(read_alternatives(text), Fault) == bool(faults)
