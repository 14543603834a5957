from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.jobs.schedules.timetable import Timetable, from_calendars, from_expressions
from bulk_loader.jobs.schedules.windows_task import _trigger, read_task
from bulk_loader.settings.clock_times import EVERY_DAY, Weekday

minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(*divmod(minute, 60)))
timetables = st.builds(
    Timetable,
    st.sets(minutes, min_size=1, max_size=5).map(lambda times: tuple(sorted(times))),
    st.sets(st.sampled_from(Weekday), min_size=1).map(lambda days: tuple(sorted(days))),
)


def test_each_system_is_told_in_its_own_words() -> None:
    """Sunday is the first day to cron, and the last to a user."""
    table = Timetable((time(2), time(14), time(14, 30)), (Weekday.MON, Weekday.SUN))
    assert table.expressions == ("0 2,14 * * 0,1", "30 14 * * 0,1")
    assert table.calendars == tuple(f"Mon,Sun *-*-* {at}:00" for at in ("02:00", "14:00", "14:30"))
    assert str(table) == "at 02:00, 14:00, 14:30, mon,sun"
    assert Timetable((time(2),)).expressions == ("0 2 * * *",)
    assert Timetable((time(2),)).calendars == ("*-*-* 02:00:00",)


@given(timetables)
def test_what_a_system_was_told_is_read_back(table: Timetable) -> None:
    """From cron, systemd and Windows, for any times and days."""
    # One expression a minute: those of different minutes together are the same table.
    assert from_expressions(table.expressions) == table
    assert from_calendars(table.calendars) == table
    assert read_task("".join(_trigger(at, table) for at in table.times)) == table


@pytest.mark.parametrize(
    "expressions",
    [
        [],
        ["*/5 * * * *"],
        ["0 2 1 * *"],
        ["0 25 * * *"],
        ["0 2 * * 1", "0 3 * * 2"],
        ["0 2 * * 1-5"],
    ],
)
def test_what_a_person_wrote_for_cron_is_not_guessed(expressions: list[str]) -> None:
    """It says more than times of some days, or says it otherwise."""
    assert from_expressions(expressions) is None


@pytest.mark.parametrize(
    "calendars",
    [[], ["daily"], ["*-*-01 02:00:00"], ["Xyz *-*-* 02:00:00"], ["*-*-* 29:00:00"]],
)
def test_what_a_person_wrote_for_systemd_is_not_guessed(calendars: list[str]) -> None:
    """As for cron."""
    assert from_calendars(calendars) is None


def test_a_task_that_a_person_changed_is_not_guessed() -> None:
    """One with a trigger of another kind, or with two of different days."""
    first = _trigger(time(2), Timetable((time(2),), EVERY_DAY))
    second = _trigger(time(3), Timetable((time(3),), EVERY_DAY[:2]))
    assert read_task(first) is not None
    assert read_task(first + second) is None
    assert read_task("<CalendarTrigger><ScheduleByMonth /></CalendarTrigger>") is None
    assert read_task("") is None
