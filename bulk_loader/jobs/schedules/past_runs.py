"""For which of its times a job runs, over the two odd nights of daylight saving too.

As `next_runs`, without what schedules need besides: a time that the clock leaps over is just after
the leap, and of one that it shows twice the first counts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bulk_loader.jobs.schedules.next_runs import is_leapt

if TYPE_CHECKING:
    from datetime import date, time

    from bulk_loader.jobs.schedules.timetable import Timetable
    from bulk_loader.jobs.schedules.zone import MachineZone

# Each day of the week, and one more for the hours by which zones differ.
_DAYS = range(-8, 9)
_MINUTE = timedelta(minutes=1)


def times_about(
    timetable: Timetable, now: datetime, zone: MachineZone
) -> tuple[datetime, datetime]:
    """The last time at or before a moment, and the first after it; aware, UTC."""
    today = zone.local(now).date()
    days = (today + timedelta(days=number) for number in _DAYS)
    times = [
        _moment(day, each, zone)
        for day in days
        if day.weekday() in timetable.days
        for each in timetable.times
    ]
    return max(each for each in times if each <= now), min(each for each in times if each > now)


def _moment(day: date, at: time, zone: MachineZone) -> datetime:
    wall = datetime.combine(day, at)
    found = wall.replace(tzinfo=zone.rules).astimezone(UTC)
    if not is_leapt(wall, zone):
        return found
    # By the clock of before the leap it is after it; by that of after it, before.
    offset = zone.local(found).utcoffset()
    leap = wall.replace(tzinfo=zone.rules, fold=1).astimezone(UTC)
    while zone.local(leap).utcoffset() != offset:
        leap += _MINUTE
    return leap
