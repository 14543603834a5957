from __future__ import annotations

import pytest

from bulk_loader.reports.words import clock, pace, part_of, took


@pytest.mark.parametrize(
    ("count", "whole", "shown"),
    [
        (0, 0, "0 %"),
        (0, 10, "0 %"),
        (10, 10, "100 %"),
        (1, 8, "12.5 %"),
        (1, 1_000_000, "< 0.1 %"),
        (999_999, 1_000_000, "> 99.9 %"),
    ],
)
def test_all_and_nothing_are_exact(count: int, whole: int, shown: str) -> None:
    """One lead of a million that is not accepted is never rounded away."""
    assert part_of(count, whole).replace("\u00a0", " ") == shown


def test_lengths_have_units_that_fit() -> None:
    """Milliseconds of a fast answer, seconds of a slow one."""
    shown = [took(each).replace("\u00a0", " ") for each in (None, 0.0123, 1.25, 59.6)]
    assert shown == ["—", "12 ms", "1.2 s", "60 s"]


def test_the_clock_of_a_course() -> None:
    """Hours only where there are some."""
    assert [clock(each) for each in (0, 59.6, 600, 3723)] == ["0:00", "1:00", "10:00", "1:02:03"]


def test_a_slow_pace_has_a_decimal() -> None:
    """One answer in ten seconds is not none."""
    assert [pace(each) for each in (0.1, 9.96, 1234.5)] == ["0.1", "10.0", "1,234"]
