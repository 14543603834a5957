from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bulk_loader.jobs.schedules.next_runs import leapt_nights, next_run
from bulk_loader.jobs.schedules.timetable import Timetable
from bulk_loader.jobs.schedules.zone import MachineZone
from bulk_loader.settings.clock_times import EVERY_DAY

MADRID = MachineZone("Europe/Madrid", ZoneInfo("Europe/Madrid"))
SANTIAGO = MachineZone("America/Santiago", ZoneInfo("America/Santiago"))


def runs(zone: MachineZone, at: time, before: str, number: int = 3) -> list[str]:
    """The next runs of a daily job, each looked for after the one before."""
    told, now = [], datetime.fromisoformat(f"{before} 12:00").replace(tzinfo=zone.rules)
    for _ in range(number):
        now = next_run(Timetable((at,)), now, zone)
        told.append(now.isoformat(timespec="minutes"))
    return told


@pytest.mark.parametrize(
    ("zone", "at", "before", "expected"),
    [
        (MADRID, time(2, 30), "2026-03-28", "2026-03-29T03:00+02:00"),
        (SANTIAGO, time(0, 30), "2026-09-05", "2026-09-06T01:00-03:00"),
        (SANTIAGO, time(0, 0), "2026-09-05", "2026-09-06T01:00-03:00"),
    ],
)
def test_a_time_that_the_clock_leaps_over_is_taken_after_the_leap(
    zone: MachineZone, at: time, before: str, expected: str
) -> None:
    """That night has a run, and the next one is at its time again."""
    first, second, _ = runs(zone, at, before)
    assert first == expected
    assert second[11:16] == f"{at:%H:%M}"


@pytest.mark.parametrize(
    ("zone", "at", "before", "expected"),
    [
        (MADRID, time(2, 30), "2026-10-24", "2026-10-25T02:30+02:00"),
        (SANTIAGO, time(23, 30), "2026-04-04", "2026-04-04T23:30-03:00"),
    ],
)
def test_a_time_that_the_clock_shows_twice_is_taken_once(
    zone: MachineZone, at: time, before: str, expected: str
) -> None:
    """The first of both; the next run is a day later."""
    first, second, _ = runs(zone, at, before)
    assert first == expected
    passed = datetime.fromisoformat(second) - datetime.fromisoformat(first)
    assert passed == timedelta(hours=25)


def test_the_next_run_is_the_first_of_all_times_on_a_day_that_is_meant() -> None:
    """After the last one of a Friday comes Monday's first."""
    table = Timetable((time(2), time(14, 30)), EVERY_DAY[:5])
    friday = datetime(2026, 11, 27, 13, tzinfo=MADRID.rules)
    afternoon = next_run(table, friday, MADRID)
    assert f"{afternoon:%a %H:%M}" == "Fri 14:30"
    assert f"{next_run(table, afternoon, MADRID):%a %H:%M}" == "Mon 02:00"


def test_a_zone_that_only_the_system_knows_is_reckoned_by_the_wall() -> None:
    """As on Windows: the time is right where no clock is changed."""
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    following = next_run(Timetable((time(2),)), now, MachineZone("", None))
    assert following > now
    assert (following.hour, following.minute) == (2, 0)
    assert leapt_nights(Timetable((time(2),)), now, MachineZone("", None)) == []


def test_the_nights_of_a_leap_are_told_for_ten_years() -> None:
    """Only for a time that is leapt over, and only on days that are meant."""
    now = datetime(2026, 11, 27, tzinfo=UTC)
    nights = leapt_nights(Timetable((time(2, 30),)), now, MADRID)
    assert nights[0] == datetime(2027, 3, 28, 3)  # noqa: DTZ001 - on the wall
    assert len(nights) == 10
    assert leapt_nights(Timetable((time(1, 59), time(3))), now, MADRID) == []
    assert leapt_nights(Timetable((time(2, 30),), EVERY_DAY[:5]), now, MADRID) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_would_leave_out_the_night_that_it_is_told_by_date() -> None:
    """Why those nights are told: its own reckoning skips them."""
    told = subprocess.run(
        ["systemd-analyze", "calendar", "--base-time=2027-03-27 12:00", "*-*-* 02:30:00"],
        env={"TZ": "Europe/Madrid", "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "2027-03-29 02:30:00" in told
