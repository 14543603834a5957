"""Numbers on a do-not-call list are found however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.screening.suppression import SuppressionList

_numbers = st.from_regex(r"[1-9][0-9]{5,14}", fullmatch=True)


@pytest.mark.parametrize("number", ["099123456", "99123456", "0099123456", "+99123456"])
def test_leading_zeros_and_plus_make_no_difference(number: str) -> None:
    """A spreadsheet that ate a zero does not lead to a call to a person on the list."""
    listed = SuppressionList.from_numbers(["099 123 456"])

    assert listed.holding([number]) == [0]


@pytest.mark.parametrize("entry", ["099123456", "+59899123456", "0059899123456", "59899123456"])
@pytest.mark.parametrize("number", ["099123456", "+59899123456", "0059899123456", "59899123456"])
def test_with_a_country_code_national_and_international_are_the_same(
    entry: str, number: str
) -> None:
    """Every way of writing a number of the country finds every other."""
    listed = SuppressionList.from_numbers([entry], "598")

    assert listed.holding([number]) == [0]


def test_a_short_rest_is_no_number_without_its_country_code() -> None:
    """`59812` is not read as `12` of country 598."""
    listed = SuppressionList.from_numbers(["59812345"], "598")

    assert listed.holding(["12345", "59812345", "+59812345"]) == [1, 2]


def test_a_number_that_is_not_listed_is_not_found() -> None:
    """Numbers before, between and after those of the list are free."""
    listed = SuppressionList.from_numbers(["200200200", "400400400"])

    assert listed.holding(["100100100", "200200200", "300300300", "500500500"]) == [1]
    assert listed.holding([]) == []


def test_an_empty_list_holds_nothing() -> None:
    """No list and an empty list are the same to a lead."""
    assert SuppressionList().holding(["099123456"]) == []
    assert len(SuppressionList.from_numbers([])) == 0


def test_entries_that_are_no_number_are_counted_and_blank_ones_are_not() -> None:
    """A heading is no number; whoever reads the list can say so."""
    listed = SuppressionList.from_numbers(["telefono", "", "  ", "099123456", "099123456"])

    assert (len(listed), listed.unreadable) == (1, 1)


@given(st.lists(_numbers), st.lists(_numbers), st.sampled_from(["", "598"]))
def test_everything_on_the_list_is_found(
    entries: list[str], others: list[str], country_code: str
) -> None:
    """However long the list and the batch, no listed number slips through."""
    listed = SuppressionList.from_numbers(entries, country_code)
    found = listed.holding([*entries, *others])

    assert found[: len(entries)] == list(range(len(entries)))
    if not country_code:
        free = {
            position for position, number in enumerate([*entries, *others]) if number not in entries
        }
        assert not free & set(found)
