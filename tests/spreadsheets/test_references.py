from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.spreadsheets.references import (
    MAX_COLUMNS,
    ColumnSet,
    column_letters,
    column_position,
    columns_from_pattern,
)

positions = st.integers(0, MAX_COLUMNS - 1)


@given(positions)
def test_letters_and_positions_are_reverses(position: int) -> None:
    """Every column has letters, and the letters its position."""
    assert column_position(column_letters(position)) == position


def test_letters_are_those_of_spreadsheet_programs() -> None:
    """The first, the first with two letters, and the last column."""
    assert [column_letters(position) for position in (0, 26, 16_383)] == ["A", "AA", "XFD"]


@given(positions, positions)
def test_the_pattern_matches_a_column_and_all_at_its_right(first: int, other: int) -> None:
    """A column matches exactly where it is not left of the first."""
    matched = re.fullmatch(columns_from_pattern(first), column_letters(other).encode())

    assert bool(matched) == (other >= first)


@given(st.lists(st.tuples(st.integers(-9, 40), st.integers(-9, 40))))
def test_a_set_holds_the_columns_of_all_groups(groups: list[tuple[int, int]]) -> None:
    """Once each, however the groups overlap, and nothing before column A."""
    columns = ColumnSet()
    for first, last in groups:
        columns.add(first, last)
    held = {at for first, last in groups for at in range(max(first, 0), last + 1)}
    assert columns.positions == sorted(held)


def test_a_set_ends_with_the_last_column() -> None:
    """A sheet has no others, whatever it says."""
    columns = ColumnSet()
    columns.add(MAX_COLUMNS - 2, 10**9)
    assert columns.positions == [MAX_COLUMNS - 2, MAX_COLUMNS - 1]
