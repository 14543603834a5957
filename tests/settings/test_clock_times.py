from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.settings.clock_times import (
    EVERY_DAY,
    Weekday,
    parse_days,
    parse_times,
    write_days,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("02:00", (time(2),)),
        ("2:05", (time(2, 5),)),
        (["14:30", "02:00", "02:00"], (time(2), time(14, 30))),
        (time(2), (time(2),)),  # as TOML reads it without quotes
    ],
)
def test_times_are_in_their_order_and_each_once(written: object, read: tuple[time, ...]) -> None:
    """One time, or a list of them."""
    assert parse_times(written) == read


@pytest.mark.parametrize("written", ["24:00", "2", "02:60", "2pm", "", 2, [2], time(2, 0, 1)])
def test_what_is_no_time_is_told_the_right_form(written: object) -> None:
    """A message without it would let a user guess."""
    with pytest.raises(ValueError, match="write it as HH:MM"):
        parse_times(written)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("mon-fri", EVERY_DAY[:5]),
        ("Fri, Monday", (Weekday.MON, Weekday.FRI)),
        (["sat", "sun"], (Weekday.SAT, Weekday.SUN)),
        ("sat-mon", (Weekday.MON, Weekday.SAT, Weekday.SUN)),
        ("daily", EVERY_DAY),
    ],
)
def test_days_are_names_and_spans(written: object, read: tuple[Weekday, ...]) -> None:
    """A span may go over the end of the week."""
    assert parse_days(written) == read


@pytest.mark.parametrize("written", ["mon-", "funday", "", [], [1], 1, "mon,,tue"])
def test_what_is_no_day_is_told_the_right_form(written: object) -> None:
    """As for times."""
    with pytest.raises(ValueError, match='write "mon-fri"'):
        parse_days(written)


@given(st.sets(st.sampled_from(Weekday), min_size=1))
def test_written_days_are_read_as_the_same(days: set[Weekday]) -> None:
    """Any set of them."""
    in_order = tuple(sorted(days))
    assert parse_days(write_days(in_order)) == in_order
