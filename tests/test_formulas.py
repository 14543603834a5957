from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.formulas import guard, unguard

# Texts made of what the guard looks at find its corners sooner than arbitrary texts do.
guardable = st.text(alphabet="'=+-@\uff1d\t\r\n 0a(", max_size=8)


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        '=HYPERLINK("http://example.com","x")',
        "+cmd|' /C calc'!A0",
        "-2+3+cmd",
        "@SUM(1;2)",
        "\t=1",
        "\rtext",
        "  =1+1",
        "\u00a0=1",
        "\ufeff=1",
        "\uff1d1+1",
    ],
)
def test_formula_gets_an_apostrophe(formula: str) -> None:
    """What a spreadsheet program might run is written as text."""
    assert guard(formula) == f"'{formula}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "0991234567",
        "+593 99 123-4567",
        "+(593) 99",
        "-12.5",
        "-1,5",
        "+1e5",
        "Muñoz",
        "'s-Hertogenbosch",
        "a=b",
    ],
)
def test_plain_text_number_and_phone_stay(text: str) -> None:
    """What no program runs reads in the results file as it did in the input."""
    assert guard(text) == text
    assert unguard(text) == text


def test_own_apostrophe_before_a_formula_survives() -> None:
    """A text that looks guarded already is told from one that is."""
    assert unguard("'=1") == "=1"
    assert guard("'=1") == "''=1"
    assert unguard("''=1") == "'=1"


@pytest.mark.parametrize(
    "text", ["+593 99 123-4567", "0991234567", "(099) 123", "-5", "- ", "+1e5", "=", "@a"]
)
def test_a_corrected_cell_loses_its_apostrophe(text: str) -> None:
    """Also where what a person made of the cell would have got none."""
    assert unguard(f"'{text}") == text
    assert guard(f"'{text}") == f"''{text}"


@pytest.mark.parametrize("text", ["'s-Hertogenbosch", "'90s", "'Ana", "'", "''a"])
def test_an_apostrophe_of_a_persons_own_stays(text: str) -> None:
    """It stands before nothing that starts a formula, and before no number."""
    assert guard(text) == text
    assert unguard(text) == text


@given(st.text() | guardable)
def test_unguard_reverses_guard(text: str) -> None:
    """Every text is read back exactly."""
    assert unguard(guard(text)) == text


@given(st.text() | guardable)
def test_guarded_text_starts_no_formula(text: str) -> None:
    """No guarded text begins with what starts a formula, numbers and phones aside."""
    guarded = guard(text)
    assert not guarded.startswith(("=", "@", "\t", "\r"))
