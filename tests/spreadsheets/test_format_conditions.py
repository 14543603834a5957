"""Formats with conditions: which section shows a number, and what becomes of its minus."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.spreadsheets.cells import Damaged
from bulk_loader.spreadsheets.number_formats import parsed
from bulk_loader.spreadsheets.serials import Calendar


def shown(code: str, value: str) -> str:
    """The text of a number under a format."""
    return parsed(code, Calendar.FROM_1900).renderer()(value)


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        # The numbers -10, -4, 0, 3 and 150; None where it can't be said.
        ("[<0]0;0", ["10", "4", "0", "3", "150"]),
        ("[<0]0;[>=0]0", ["10", "4", "0", "3", "150"]),
        ("[<-5](0);0", ["(10)", None, "0", "3", "150"]),
        ("[>=-5]0;0", ["10", "-4", "0", "3", "150"]),
        ("[>-20]0;[<3]0;0", ["-10", "-4", "0", "3", "150"]),
        ("[>=0]0;(0)", [None, None, "0", "3", "150"]),
        ("[>5]General", [None, None, None, None, "150"]),
        ("[<0]General", ["10", "4", None, None, None]),
        ("[>=1]0;0", ["-10", "-4", "0", "3", "150"]),
        ("[>5];0.0", ["-10.0", "-4.0", "0.0", "3.0", None]),
        ("[<100]0;00", ["-10", "-4", "0", "3", "150"]),
        ('[=0]"";General', ["-10", "-4", "", "3", "150"]),
        ('[<>0]0;"none"', ["-10", "-4", "none", "3", "150"]),
        ('[<0]"";0%', ["", "", "0%", "300%", "15000%"]),
        ('[<0]"neg";0', ["neg", "neg", "0", "3", "150"]),
        ('[<5]"";0', ["", "", "", "", "150"]),
        ('[<0]""', ["", "", None, None, None]),
        ('[>0]0;[<0]""', ["", "", None, "3", "150"]),
        ('0;[<0]""', ["", "", None, "3", "150"]),
        ('0;[<-5](0);"rest"', ["(10)", "-rest", "rest", "3", "150"]),
        ('[>100]0;(0);"rest"', [None, None, None, None, "150"]),
        ("[>100]0;[<0](0);0.0", ["(10)", "(4)", "0.0", "3.0", "150"]),
        ("[<=-5]General;[>=25]General;General;General", ["10", "-4", "0", "3", "150"]),
        ("[<=9999999]000\\-0000;(000) 000\\-0000", ["-000-0010", "-000-0004", "000-0000", "000-0003", "000-0150"]),
        ("?;[=0](0);0", ["-10", "-4", "(0)", "3", "150"]),
        ("0;[=0]0.0;0.00", ["-10.00", "-4.00", "0.0", "3", "150"]),
        ("[>100]0;[>=0]0.0;0.00", ["-10.00", "-4.00", "0.0", "3.0", "150"]),
        ("[>=0]0;[<-5](0);0.00", ["(10)", "-4.00", "0", "3", "150"]),
        ("[=0]0;0", ["-10", "-4", "0", "3", "150"]),
        ("[=-4](0);0", [None, "(4)", "0", "3", "150"]),
        ("[<>-4]0;(0)", ["-10", "(4)", "0", "3", "150"]),
        ("[>0]0;(0)", [None, None, "(0)", "3", "150"]),
        ("[>=0]0;[<=0](0)", [None, None, "0", "3", "150"]),
        ("[>-5]0;[<3](0);0", [None, "-4", "0", "3", "150"]),
        ("0;[<3](0);0", ["-(10)", "-(4)", "(0)", "3", "150"]),
        ("0;0;[=0]0.0", [None, None, None, None, None]),
        ("0;", ["", "", "0", "3", "150"]),
        ("0;;", ["", "", "", "3", "150"]),
        (";0", ["10", "4", "", "", ""]),
        ('""', ["", "", "", "", ""]),
    ],
)  # fmt: skip
def test_conditions_choose_the_section_and_the_sign(code: str, texts: list[str | None]) -> None:
    """A minus is left out only where a section asks for negative numbers, and never by a guess."""
    found = [shown(code, value) for value in ("-10", "-4", "0", "3", "150")]
    assert [None if isinstance(text, Damaged) else text for text in found] == texts


CONDITIONS = st.sampled_from(
    [
        "",
        *(f"[{sign}{bound}]" for sign in ("<", "<=", ">", ">=", "=", "<>") for bound in (-5, 0, 5)),
    ]
)


@given(st.lists(CONDITIONS, min_size=1, max_size=3), st.integers(min_value=-9, max_value=-1))
def test_no_minus_gets_lost_where_positive_numbers_go(conditions: list[str], number: int) -> None:
    """A negative number never reads as a positive one that the same section shows."""
    code = ";".join(f"{condition}0.{'0' * at}" for at, condition in enumerate(conditions, start=1))
    negative, positives = shown(code, str(number)), [shown(code, str(n)) for n in range(30)]
    if not isinstance(negative, Damaged) and not negative.startswith("-"):
        assert negative not in positives
