from __future__ import annotations

import pytest

from bulk_loader.masking import MAX_NAMED_COLUMNS, is_data, listed_columns, masked_label
from bulk_loader.spreadsheets.references import column_letters


@pytest.mark.parametrize(
    "label",
    [
        "0991234567",
        "+598 99 123 456",
        "(099) 123-4567",
        "099123456 [B]",
        "2026-03-04",
        "Ana 099123456",
    ],
)
def test_a_cell_that_was_taken_for_a_header_is_told_from_one(label: str) -> None:
    """A phone number or a date, also with the letter of its column or words beside it."""
    assert is_data(label)
    assert label not in masked_label(label)
    assert label not in listed_columns(["Ana", label])
    assert "Ana" not in listed_columns(["Ana", label])
    assert listed_columns(["Ana", label]).startswith("2 columns, whose names are not shown")


@pytest.mark.parametrize("label", ["telefono 2", "Ventas 2024-2025", "[B]", "Nº", "", "2026"])
def test_the_name_of_a_column_is_shown(label: str) -> None:
    """Years and small numbers are parts of names."""
    assert not is_data(label)
    assert masked_label(label) == label
    assert listed_columns([label, "ID"]) == f'"{label}", "ID"'


def test_many_columns_are_listed_in_part() -> None:
    """More names are no help."""
    assert listed_columns(["A"] * (MAX_NAMED_COLUMNS + 2)).endswith('"A" and 2 more')


def test_columns_without_a_name_are_counted_where_there_are_many() -> None:
    """One text far at the right makes a column of every letter up to it."""
    letters = [f"[{column_letters(at)}]" for at in range(1, 256)]
    assert listed_columns(["phone", *letters]) == '"phone", and 255 without a name'
    assert listed_columns(letters).endswith('"[AE]" and 225 more')
