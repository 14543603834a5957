from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.reading.headers import (
    filled_width,
    find_header,
    header_notes,
    labels,
)
from bulk_loader.spreadsheets.references import column_letters


def numbered(*rows: list[str]) -> list[tuple[int, list[str]]]:
    """The rows of a sheet from its top."""
    return list(enumerate(rows, start=1))


@pytest.mark.parametrize(
    ("position", "letter"),
    [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")],
)
def test_column_letter_is_the_one_of_the_spreadsheet_program(position: int, letter: str) -> None:
    """Columns are named as the user sees them."""
    assert column_letters(position) == letter


def test_labels_are_tidied_texts_of_the_header() -> None:
    """White space around and line breaks inside a header are no part of its name."""
    assert labels([" Teléfono ", "Nombre\ncompleto"]) == ("Teléfono", "Nombre completo")


def test_empty_and_repeated_headers_get_their_letter() -> None:
    """A column without a name of its own is named by its letter, both of two equal ones."""
    assert labels(["tel", "", "tel", "x"]) == ("tel [A]", "[B]", "tel [C]", "x")


def test_labels_stop_behind_the_last_filled_header() -> None:
    """Empty columns at the right are no columns."""
    assert labels(["a", "b", "", " "]) == ("a", "b")


def test_labels_reach_as_far_as_the_data() -> None:
    """A column that holds data counts, named or not."""
    assert labels(["a"], width=3) == ("a", "[B]", "[C]")
    assert labels(["a", "b", "c"], width=2) == ("a", "b")


@given(st.lists(st.sampled_from(["", "a", "a [B]", "a [A]", "[A]", " a"]), max_size=6))
def test_labels_are_unique_and_never_empty(cells: list[str]) -> None:
    """Every column can be named without doubt, whatever the header says."""
    found = labels(cells, width=len(cells))
    assert len(set(found)) == len(cells)
    assert all(found)


def test_filled_width_ends_at_the_last_text() -> None:
    """White space is no text."""
    assert filled_width(["", "a", " ", ""]) == 2
    assert filled_width([]) == 0


def test_header_is_the_first_row_with_text() -> None:
    """Blank rows above are stepped over."""
    assert find_header(numbered([], ["", " "], ["tel", "name"], ["1", "a"])) == 3


def test_no_header_in_blank_rows() -> None:
    """Where nothing stands, nothing is found."""
    assert find_header(numbered([], [""])) is None


def test_title_above_the_header_is_stepped_over() -> None:
    """A title and a date above a wide table are no header."""
    rows = numbered(
        ["Customers of May", "", "", ""],
        ["Date:", "3 May"],
        [],
        ["phone", "name", "city", "agent", "notes"],
        ["0991234567", "Ana", "Quito", "", ""],
    )
    assert find_header(rows) == 4


def test_narrow_first_row_stays_the_header_above_data() -> None:
    """A row of data is never taken for the header, so no lead is lost to it."""
    rows = numbered(["phone"], ["0991234567", "Ana", "Quito", "101"])
    assert find_header(rows) == 1


def test_one_column_is_a_table() -> None:
    """A list of numbers alone has a header too."""
    assert find_header(numbered(["phone"], ["0991234567"], ["0991234568"])) == 1


@pytest.mark.parametrize(("row", "said"), [(0, "no header"), (4, "row 4")])
def test_unusual_place_of_the_header_is_said(row: int, said: str) -> None:
    """What was decided about the header is told before anything is sent."""
    assert said in header_notes(row)[0]


def test_usual_place_of_the_header_is_not_said() -> None:
    """The normal case makes no noise."""
    assert header_notes(1) == ()


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (2, (["List of May"], ["Phone", "Name"], ["0991234567", "Ann"])),
        (3, (["List of May"], [], ["Phone", "Name"], ["0991234567", "Ann"])),
        (3, (["List of May"], ["27/11/2026"], ["Phone", "Name"], ["0991234567", "Ann"])),
        (2, (["Date:", "27/11/2026"], ["Phone", "Name"], ["0991234567", "Ann"])),
        (2, (["Phone numbers"], ["Phone", "Name"], ["0991234567", "Ann"])),
        (2, (["List of May"], ["Nummer", "Kunde"], ["0991234567", "Ann"])),
        (2, (["List of May"], ["Phone"], ["0991234567"])),
        (2, (["Telefon"], ["Id", "Kunde", "Nr"], ["1", "Ann", "0991234567"])),
    ],
)
def test_titles_above_a_narrow_table_are_stepped_over(
    header: int, rows: tuple[list[str], ...]
) -> None:
    """Names tell the header from titles where its width does not."""
    assert find_header(numbered(*rows)) == header


@pytest.mark.parametrize(
    "rows",
    [
        (["phone"], ["Ann", "0991234567"]),
        (["phone"], ["unknown", "Ann"], ["0991234567", "Bo"]),
        (["phone", "name"], ["phone", "name"], ["0991234567", "Ann"]),
        (["Nr"], ["12345", "Mobile"], ["12346", "Mobile"]),
        (["Nr", "Kind"], ["12345", "Mobile"], ["12346", "Mobile"]),
        (["0991234567", "Ann"], ["0991234568", "Mobile"]),
        (["12345", "Ann"], ["phone", "name"]),
        (["Kind", "Nr"], ["Home"], ["Mobile"]),
        (["Ann"], ["Bo"], ["Cy"], ["Di"], ["Ed"], ["Fe"], ["Mobile"]),
    ],
)
def test_no_lead_of_a_narrow_table_is_taken_for_its_header(rows: tuple[list[str], ...]) -> None:
    """Numbers above a row, or a known name in the first one, speak against it."""
    assert find_header(numbered(*rows)) == 1
