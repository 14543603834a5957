"""Numbers, errors and formulas of single cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.spreadsheets.cells import Damaged, error, formula_without_value, general

EXACT = st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1)


@given(EXACT)
def test_whole_numbers_keep_every_digit(number: int) -> None:
    """Up to 15 digits, a number reads the same as text, as a float and with an exponent."""
    forms = {general(form) for form in (str(number), repr(float(number)), f"{number:.16E}")}
    assert forms == {str(number)}


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-99999, max_value=99999)
)
def test_decimals_read_without_noise(number: object) -> None:
    """A fraction reads as it was typed, whatever binary floats make of it."""
    plain = str(number).rstrip("0").rstrip(".")
    assert general(repr(float(str(number)))) == ("0" if plain in {"-0", ""} else plain)


@given(st.integers(min_value=10**15))
def test_more_digits_than_a_spreadsheet_keeps_are_damage(number: int) -> None:
    """From 16 digits on, a number is never given as if it were exact."""
    text = general(str(number))
    assert isinstance(text, Damaged)
    assert text.damage.code in {"number_too_long", "number_unreadable"}


@pytest.mark.parametrize("value", ["1_000", "abc", "nan", "inf", "1e999", "1,5", "٣", "1.2.3", " "])
def test_what_is_no_number_is_damage(value: str) -> None:
    """Garbage in a number cell is named, with what stands there."""
    text = general(value)
    assert isinstance(text, Damaged)
    assert text.damage.code == "number_unreadable"


def test_a_damage_becomes_the_problem_of_its_lead() -> None:
    """The problem carries code, place and what is shown, and reads as a sentence."""
    problem = error("#N/A").problem(7, "telefono")
    assert (problem.code, problem.row, problem.column, problem.value) == (
        "error_cell", 7, "telefono", "#N/A",
    )  # fmt: skip
    assert problem.sentence.startswith('column "telefono": #N/A is the error of a formula.')


def test_a_formula_without_value_shows_the_formula() -> None:
    """A row of such formulas has text, so that it can't pass for a blank row."""
    assert formula_without_value("A2+1") == "=A2+1"
    assert formula_without_value("") == "=…"
