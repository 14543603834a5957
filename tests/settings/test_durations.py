from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.settings.durations import parse_age, parse_duration, write_duration


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("7d", timedelta(days=7)),
        ("12h", timedelta(hours=12)),
        ("30m", timedelta(minutes=30)),
        ("45s", timedelta(seconds=45)),
        ("1.5 H", timedelta(minutes=90)),
        ("90", timedelta(seconds=90)),
        (0.25, timedelta(milliseconds=250)),
        (timedelta(hours=2), timedelta(hours=2)),
    ],
)
def test_reads_every_way_of_writing(written: object, length: timedelta) -> None:
    """Days, hours, minutes and seconds are read, and a bare number is seconds."""
    assert parse_duration(written) == length


@pytest.mark.parametrize(
    "written", ["", "soon", "5x", "-5m", "1d12h", True, "999999d", timedelta(-1), "٣d"]
)
def test_refuses_what_is_no_length(written: object) -> None:
    """What is no length of time is refused with a reason, never read as something near."""
    with pytest.raises(ValueError, match=r"^is "):
        parse_duration(written)


@given(st.timedeltas(timedelta(), timedelta(days=36_500)))
def test_reads_back_what_it_wrote(length: timedelta) -> None:
    """A written length reads back as the same length, to the microsecond."""
    assert parse_duration(write_duration(length)) == length


@pytest.mark.parametrize("text", ["7d", "12h", "30m", "45s", "0s", "0.5s"])
def test_writes_the_largest_whole_unit(text: str) -> None:
    """A length is written as a person would write it."""
    assert write_duration(parse_duration(text)) == text


@pytest.mark.parametrize("written", [30, 30.0, "30", " 7.5 "])
def test_an_age_names_its_unit(written: object) -> None:
    """A d that was left away does not make seconds of days where something is removed by it."""
    with pytest.raises(ValueError, match=r"^has no unit: for days, write \d"):
        parse_age(written)
    assert parse_age("30d") == parse_age(timedelta(days=30)) == timedelta(days=30)
