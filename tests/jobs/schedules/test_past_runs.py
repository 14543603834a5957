from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.jobs.schedules.next_runs import next_run
from bulk_loader.jobs.schedules.past_runs import times_about
from bulk_loader.jobs.schedules.timetable import Timetable
from bulk_loader.jobs.schedules.zone import MachineZone
from bulk_loader.settings.clock_times import Weekday

MADRID = MachineZone("Europe/Madrid", ZoneInfo("Europe/Madrid"))
ZONES = [
    MADRID,
    MachineZone("America/Santiago", ZoneInfo("America/Santiago")),  # it leaps at midnight
    MachineZone("Australia/Lord_Howe", ZoneInfo("Australia/Lord_Howe")),  # by half an hour
    MachineZone("UTC", UTC),
]
TIMETABLES = st.builds(
    lambda times, days: Timetable(tuple(sorted(times)), tuple(sorted(days))),
    st.sets(st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30])), min_size=1),
    st.sets(st.sampled_from(Weekday), min_size=1),
)


def about(timetable: Timetable, now: str, zone: MachineZone = MADRID) -> list[str]:
    """Both times about a moment, as the clock on the wall shows them."""
    moment = datetime.fromisoformat(now).replace(tzinfo=zone.rules)
    both = times_about(timetable, moment, zone)
    return [zone.local(each).isoformat(timespec="minutes") for each in both]


@given(
    timetable=TIMETABLES,
    zone=st.sampled_from(ZONES),
    minute=st.integers(0, 366 * 24 * 60),
)
def test_a_run_is_for_the_time_at_which_cron_begins_it(
    timetable: Timetable, zone: MachineZone, minute: int
) -> None:
    """Whatever the clock does: the time after a moment is the last one when it has come."""
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    last, following = times_about(timetable, now, zone)
    assert last <= now < following
    assert times_about(timetable, following, zone)[0] == following
    assert next_run(timetable, now, zone).astimezone(UTC) == following


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-03-29T01:59", "2026-03-28T02:30+01:00"),
        ("2026-03-29T03:00", "2026-03-29T03:00+02:00"),
        ("2026-10-25T02:30", "2026-10-25T02:30+02:00"),
    ],
)
def test_an_odd_night_is_one_night(now: str, last: str) -> None:
    """That of which the clock leaps over the time, and that in which it shows it twice."""
    assert about(Timetable((time(2, 30),)), now)[0] == last


def test_a_time_that_was_shown_twice_is_past_the_second_time_too() -> None:
    """A timer that goes off then is for the first of both."""
    again = datetime(2026, 10, 25, 2, 31, tzinfo=MADRID.rules, fold=1)
    last, following = times_about(Timetable((time(2, 30),)), again, MADRID)
    assert last == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert following - last == timedelta(hours=25)


def test_each_time_of_a_day_is_a_night_and_others_days_are_none() -> None:
    """As the settings say them."""
    timetable = Timetable((time(2), time(14, 30)), (Weekday.MON, Weekday.TUE))
    assert about(timetable, "2026-03-03T14:29") == [
        "2026-03-03T02:00+01:00",
        "2026-03-03T14:30+01:00",
    ]
    assert about(timetable, "2026-03-07T12:00") == [
        "2026-03-03T14:30+01:00",
        "2026-03-09T02:00+01:00",
    ]


def test_where_only_the_system_knows_the_rules_it_is_asked() -> None:
    """As on Windows."""
    zone = MachineZone("that of the system", None)
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    last, following = times_about(Timetable((time(2),)), now, zone)
    assert last <= now < following
    assert {f"{each.astimezone():%H:%M}" for each in (last, following)} == {"02:00"}
