"""Number formats as two other programs show them, which were written by others for the same files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import cellrune
import ironcalc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_loader.spreadsheets.cells import Damaged
from bulk_loader.spreadsheets.number_formats import parsed
from bulk_loader.spreadsheets.serials import Calendar

Judge = Callable[[str, Decimal], str | None]
"""The text of a number under a format; None for no opinion."""


def ours(code: str, number: Decimal) -> str:
    """What this program reads."""
    return parsed(code, Calendar.FROM_1900).renderer()(f"{number:f}")


def by_cellrune(code: str, number: Decimal) -> str | None:
    """It names what it has not established of Excel, rather than to guess."""
    try:
        return cellrune.format_display_text({"kind": "number", "value": float(number)}, code)
    except cellrune.CellRuneError:
        return None


_MODEL = ironcalc.create("opinions", "en", "UTC", "en")


def by_ironcalc(code: str, number: Decimal) -> str | None:
    """It has a word for what it can't show, as in a cell."""
    _MODEL.update_cell_with_number(0, 1, 1, float(number))
    style = _MODEL.get_cell_style(0, 1, 1)
    style["num_fmt"] = code
    _MODEL.set_cell_style(0, 1, 1, style)
    shown = _MODEL.get_formatted_cell_value(0, 1, 1)
    return None if shown == "#VALUE!" else shown


@dataclass(frozen=True, slots=True)
class Difference:
    """Formats and numbers in which another program is not followed.

    Attributes:
        applies: may also be true where both are of one opinion.
        example: a format and a number in which they differ today.
    """

    judge: Judge
    why: str
    applies: Callable[[str, Decimal], object]
    example: tuple[str, str]


def _has(pattern: str) -> Callable[[str, Decimal], object]:
    found = re.compile(pattern)
    return lambda code, _number: found.search(code)


def _is_half(code: str, number: Decimal) -> object:
    """Whether the digits behind the last place begin with a five, and a float may lie below it."""
    digits = f"{number.normalize():f}".partition(".")[2].rstrip("0")
    return digits.endswith("5") or "," in code


DIFFERENCES = (
    Difference(
        by_cellrune,
        "An .xlsx with an empty format shows the number in Excel and LibreOffice.",
        lambda code, _number: code == "",
        ("", "7"),
    ),
    Difference(
        by_ironcalc,
        "It takes conditions for the usual rule by sign in some places.",
        _has(r"\[[<=>]"),
        ("[<0](0);General", "7"),
    ),
    Difference(
        by_ironcalc,
        "It writes E-00 for powers of ten that are not negative, and knows no powers of three.",
        _has("E[+-]"),
        ("0.0E+00", "7"),
    ),
    Difference(
        by_ironcalc,
        "It shows 11 digits of a number in General as a cell of usual width does, and no words.",
        _has("General"),
        ('General" pcs"', "7"),
    ),
    Difference(
        by_ironcalc,
        "It leaves out the minus of a format that has words alone.",
        lambda code, number: number < 0 and not re.search("[0#?]", code),
        ('"none"', "-7"),
    ),
    Difference(
        by_ironcalc,
        "It leaves out the point where no digit follows, and the places of `?` behind it.",
        _has(r"\.(?!0)|\.0*[#?]"),
        ("0.", "7"),
    ),
    Difference(
        by_ironcalc,
        "It separates thousands only in `#,##0`.",
        _has(r"[0?],|,[0#?](?!##|#0)"),
        ("0,000", "7"),
    ),
    Difference(
        by_ironcalc,
        "It rounds the binary number, so that 1.005 becomes 1.00; Excel rounds 15 decimal digits.",
        _is_half,
        ("0.00", "1.005"),
    ),
)

WHOLE = (
    "0",
    "#",
    "00",
    "0000000000",
    "#,##0",
    "0,000",
    "??0",
    "# ##0",
    "(000) 000-0000",
    "00-00",
    "0,",
)
PLACES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(WHOLE),
        st.sampled_from(("", "", ".0", ".00", ".0#", ".##", ".?", ".")),
        st.sampled_from(("", "", "", "", "E+00", "E-0")),
    ),
)
BEFORE = ("", "", "", "+", "\\+", "$", "[$€-407]", "[Red]", "_(", '"Tel. "', "-", "\\T", "_-* ")
BEHIND = ("", "", "", "%", ",", "_)", " ", '" pcs"', "\\-")
SECTIONS = st.one_of(
    st.builds("".join, st.tuples(st.sampled_from(BEFORE), PLACES, st.sampled_from(BEHIND))),
    st.sampled_from(("General", 'General" pcs"', "", '"none"', "@")),
)
CONDITIONS = st.sampled_from(("", "", "", "", "[<0]", "[>=100]", "[=0]", "[<=9999999]"))
CODES = st.lists(st.builds(str.__add__, CONDITIONS, SECTIONS), min_size=1, max_size=4).map(";".join)
NUMBERS = st.builds(
    Decimal.scaleb,
    st.builds(Decimal, st.integers(-(10**13), 10**13) | st.integers(-999, 999)),
    st.sampled_from((0, 0, 0, -1, -2, -3, -7)),
)


def _aligned(text: str) -> str:
    """Without the spaces at the ends, and between a minus and its number, which only align."""
    return re.sub("^- +", "-", text.strip())


@pytest.mark.parametrize("judge", [by_cellrune, by_ironcalc])
@settings(derandomize=True, deadline=None, max_examples=400)
@given(code=CODES, number=NUMBERS)
def test_reads_a_number_as_others_show_it(judge: Judge, code: str, number: Decimal) -> None:
    """Where this program shows a number, another one does the same, or its difference is listed."""
    text, other = ours(code, number), judge(code, number)
    if isinstance(text, Damaged) or other is None:
        return
    listed = [
        found for found in DIFFERENCES if found.judge is judge and found.applies(code, number)
    ]
    assert listed or _aligned(text) == _aligned(other)


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.why)
def test_the_listed_differences_are_there(difference: Difference) -> None:
    """A difference that another program has mended is taken off the list."""
    code, value = difference.example
    number = Decimal(value)
    assert difference.applies(code, number)
    assert ours(code, number) != difference.judge(code, number)


DATES = ("yyyy-mm-dd", "d/m/yy", "[$-409]mmmm d, yyyy", "dd.mm.yyyy;@", "m/d/yyyy")


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.sampled_from(DATES),
    st.integers(61, 2_900_000),
    st.integers(0, 86_399),
    st.sampled_from(Calendar),
)
def test_days_and_times_are_those_of_others(
    code: str, day: int, second: int, calendar: Calendar
) -> None:
    """A number reads as the day and time of day that another program finds in it."""
    serial = repr(day + second / 86_400)

    def other(shown: str) -> str:
        return cellrune.format_display_text(
            {"kind": "number", "value": float(serial)},
            shown,
            date_system="excel_1900" if calendar is Calendar.FROM_1900 else "excel_1904",
        )

    assert parsed(code, calendar).renderer()(serial) == other("yyyy-mm-dd")
    both = parsed(f"{code.removesuffix(';@')} h:mm", calendar).renderer()(serial)
    assert both == other("yyyy-mm-dd hh:mm:ss")
    assert parsed("[h]:mm", calendar).renderer()(serial) == other("[hh]:mm:ss")
