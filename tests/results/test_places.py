from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.model import RESULT_COLUMNS
from bulk_loader.results.places import Places

own = st.lists(st.sampled_from(["phone", "name", *RESULT_COLUMNS]), unique=True, max_size=5)


def test_columns_that_are_there_stay_and_new_ones_follow() -> None:
    """A results file that lost one of its columns gets that one back, at the right."""
    places = Places.beside(("dialer_error", "phone", "dialer_result"), width=5)

    assert places.positions == (2, 5, 0)
    assert places.added == (1,)


@given(own, st.lists(st.text(max_size=2), max_size=8))
def test_no_cell_of_the_user_is_lost(columns: list[str], cells: list[str]) -> None:
    """The row has its cells in their places, those too many behind the new columns."""
    places = Places.beside(columns)

    row = places.fill(cells, None)

    width = places.width
    assert row[:width] == [*cells, *[""] * width][:width]
    assert row[width + len(places.added) :] == cells[width:]


@given(own, st.lists(st.text(max_size=2), max_size=8))
def test_values_stand_where_the_columns_do(columns: list[str], cells: list[str]) -> None:
    """Whichever of the three were there before, each value is under its name."""
    places = Places.beside(columns)

    row = places.fill(cells, ("1", "accepted", "why"))

    assert [row[position] for position in places.positions] == ["1", "accepted", "why"]
