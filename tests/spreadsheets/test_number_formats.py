"""Number formats: what a stored number is shown as."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.spreadsheets.cells import Damaged
from bulk_loader.spreadsheets.number_formats import built_in, parsed
from bulk_loader.spreadsheets.serials import Calendar

WHOLE_NUMBERS = st.integers(min_value=0, max_value=10**15 - 1)


def shown(code: str, value: str) -> str:
    """The text of a number under a format."""
    return parsed(code, Calendar.FROM_1900).renderer()(value)


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("0", "2.5", "3"),
        ("0", "-2.5", "-3"),
        ("0", "-0.4", "0"),
        ("0.0", "-0.04", "0.0"),
        ("(0)", "-0.4", "(0)"),
        ('"x"#,', "-400", "x"),
        ("0%", "-0.004", "0%"),
        ("0;(0)", "-0.4", "(0)"),
        ("0E+0", "-0.004", "-4E-3"),
        ('"n"', "-0.4", "-n"),
        ("0.##", "5", "5."),
        (";;;", "991234567", ""),
        ("_ ", "991234567", ""),
        ("0.0?", "5", "5.0"),
        (".00", "12.5", "12.50"),
        ("#", "0", ""),
        ("???0", "7", "7"),
        ("#,##0", "1234567", "1,234,567"),
        ("000,000", "1234", "001,234"),
        ("0,", "12345", "12"),
        ("0.0,", "12345", "12.3"),
        ("0%", "-0.5", "-50%"),
        ("0.00%", "0.12345", "12.35%"),
        ("0.0E+0", "0", "0.0E+0"),
        ("#E+0", "0", "0E+0"),
        ("0.0E+00", "0.00012", "1.2E-04"),
        ("0E-0", "9.6", "1E1"),
        ("##0.0E+0", "123456", "123.5E+3"),
        ('0;(0);"zero"', "0", "zero"),
        ('0;(0);"zero"', "-4", "(4)"),
        ('[=1]"one";[<>2]"other";0', "2", "2"),
        ("[Red]0", "4", "4"),
        ("_-* 0_-", "4", "4"),
        ('0"kg"', "4", "4kg"),
        ("\\T0", "4", "T4"),
        ("General", "4.50", "4.5"),
        ('General" pcs"', "4.5", "4.5 pcs"),
        ("", "4", "4"),
        ("[$-409]h:mm:ss AM/PM", "0.75", "18:00:00"),
        ("[mm]:ss", "0.5", "12:00:00"),
        ("m", "46085", "2026-03-04"),
        ("s", "0.5", "12:00:00"),
    ],
)
def test_shows_a_number_as_a_spreadsheet_program_does(code: str, value: str, text: str) -> None:
    """The text is that of the grammar of formats, signs and rounding included."""
    assert shown(code, value) == text


@pytest.mark.parametrize(
    "code",
    [
        "# ?/?",
        "0/0",
        "000/000-000",
        "[DBNum1]0",
        "[>5]0;[>6]0",
        "[<0]0;[=0]0",
        "[Red]",
        "[>3]",
        "[Red];0",
        "@;0",
        '0;0;[=4]0;"x"@',
        "0;0;0;[>3]@",
        "0,E+0",
        "#,##0E+0",
        "0" * 256,
        "0 d",
        "0e",
        "Bs. 0",
        "General e",
        "[$-411]ggge 0",
        "Telefone",
    ],
)
def test_names_what_it_cannot_follow(code: str) -> None:
    """A format that is not followed damages the cell, and never shows a guess."""
    text = shown(code, "4")
    assert isinstance(text, Damaged)
    assert text == "4"
    assert text.damage.code == "unknown_format"
    assert text.damage.is_personal


@pytest.mark.parametrize(
    "code",
    [
        "[$-411]e",
        "e",
        "ee",
        "ggge",
        '[$-411]ggge"年"m"月"d"日"',
        "[$-411]r",
        "bbbb",
        "B2yyyy",
        "[$-D070000]yyyy",
        "[$-1070000]d/m/yyyy;@",
        "aaaa",
        "[$-411]e;@",
    ],
)
def test_years_of_other_calendars_are_dates(code: str) -> None:
    """A year of an emperor or of Buddha reads as the day that it is part of, never as a letter."""
    assert shown(code, "42095") == "2015-04-01"


@pytest.mark.parametrize("code", ["R$ 0", "R$ #,##0"])
def test_letters_of_a_currency_are_no_reign(code: str) -> None:
    """Brazil's currency is often written without quotes, and no emperor has digits."""
    assert shown(code, "42") == "R$ 42"


@pytest.mark.parametrize("code", ["h:mm:ss.000", "mm:ss,0", "[ss].00"])
def test_fractions_of_a_second_are_no_number(code: str) -> None:
    """The digits behind seconds leave a time a time."""
    assert shown(code, "0.5") == "12:00:00"


@given(WHOLE_NUMBERS)
def test_padding_never_loses_a_digit(number: int) -> None:
    """Under a format of zeros, every whole number reads as its digits with zeros before."""
    assert shown("0000000000", str(number)) == str(number).zfill(10)


@given(WHOLE_NUMBERS)
def test_masks_keep_all_digits_in_order(number: int) -> None:
    """Whatever a phone mask puts between the digits, taking it out gives the number again."""
    text = shown("+00 (000) 000-0000", str(number))
    digits = "".join(character for character in text if character.isdigit())
    assert digits == str(number).zfill(12)


MASKS = (
    "0", "0000000000", "(000) 000-0000", '"{}"00-00', "+0_) ", "0,", "#,##0", "0;(0)", "[>9]00;0",
    "0.", ";;;", ";", "_ ", ",", "[Red]", '"no"', "000/000-000", "0/0", "00:00", "000\\/000",
    "0%", "0E+0", "# ?/?", "@", "General", "yyyy", "[DBNum1]0",
)  # fmt: skip


@given(WHOLE_NUMBERS, st.sampled_from(MASKS))
def test_a_mask_is_filled_as_numbers_are_shown(number: int, code: str) -> None:
    """Digits that are only put in their places read as they do by arithmetic, damages included."""
    fast, exact = shown(code, str(number)), shown(code, f"{number}.0")
    assert (fast, getattr(fast, "damage", None)) == (exact, getattr(exact, "damage", None))


@given(WHOLE_NUMBERS)
def test_thousands_read_back(number: int) -> None:
    """Separators of thousands stand where Python puts them."""
    assert shown("#,##0", str(number)) == f"{number:,}"


@pytest.mark.parametrize(
    ("number", "value", "text"),
    [
        (0, "4.5", "4.5"),
        (1, "4.5", "5"),
        (3, "1234", "1,234"),
        (14, "46085", "2026-03-04"),
        (22, "46085.5", "2026-03-04 12:00:00"),
        (46, "1.5", "36:00:00"),
        (49, "4.5", "4.5"),
        (163, "4.5", "4.5"),
    ],
)
def test_knows_the_formats_without_a_spelling(number: int, value: str, text: str) -> None:
    """Formats that a workbook names only by number are those of the standard."""
    assert built_in(number, Calendar.FROM_1900).renderer()(value) == text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("@", "Ana"),
        ('"Sr. "@', "Sr. Ana"),
        ('0;0;0;"-"@', "-Ana"),
        ("0;@", "Ana"),
        ("0", "Ana"),
        ("General;-General;0;General", "Ana"),
        ('0;0;0;"Sr. "General', "Sr. Ana"),
        ("0;0;0;0", "Ana"),
        ("0;0;0;[Red]", "Ana"),
        ("@;0", "Ana"),
        ("0;0;0;yyyy", "Ana"),
        ('0;0;0;"text"', "text"),
        (";;;", ""),
        ("[>5]0;[Red]0;0;General", "Ana"),
    ],
)
def test_shows_text_through_its_own_section(code: str, text: str) -> None:
    """Text is shown as it is, unless the format has a section for texts."""
    assert parsed(code, Calendar.FROM_1900).shown_text("Ana") == text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("[>1.2.3]0", "7"),
        ("[>.]0", "7"),
        ("0" + "%" * 250, "7" + "0" * 500 + "%" * 250),
        ("0." + "0" * 250, "7." + "0" * 250),
        ("[>1.5]0.0;0", "7.0"),
        ("[>.5]0.0;0", "7.0"),
    ],
)
def test_odd_formats_are_followed_or_named(code: str, text: str) -> None:
    """A condition that compares with no number is unknown, and many signs are no trouble."""
    found = shown(code, "7")
    assert found == text
    assert isinstance(found, Damaged) == ("[>1.2" in code or "[>.]" in code)


PIECES = (
    "0",
    "#",
    "?",
    "%",
    ",",
    ".",
    "E+",
    ";",
    "@",
    "/",
    "[>1]",
    "[<=-.5]",
    "[>..1]",
    "[h]",
    "y",
)


@given(
    st.lists(
        st.sampled_from([*PIECES, "m", "General", '"', "\\", "_", "*", "[$€-407]"]), max_size=80
    ),
    st.floats(allow_nan=False),
)
def test_any_format_shows_any_number(pieces: list[str], number: float) -> None:
    """Whatever a workbook says, the answer is a text."""
    assert isinstance(shown("".join(pieces)[:255], repr(number)), str)
