"""When a job runs next, over the two odd nights of daylight saving too, as Debian's cron has it.

A time that the clock leaps over is taken just after the leap; one that it shows twice, once.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from bulk_loader.errors import MissingExtraError
from bulk_loader.jobs.schedules.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bulk_loader.jobs.schedules.zone import MachineZone

FORESEEN = timedelta(days=3653)
"""Ten years, whose odd nights are told to systemd; no country has said more of its clocks."""


def missing_extra(package: str, what: str) -> MissingExtraError:
    """What schedules need is not installed."""
    return MissingExtraError(
        what,
        f"The package {package} is not installed.",
        "Install it: pip install 'bulk-loader[schedule]'",
    )


def next_run(timetable: Timetable, after: datetime, zone: MachineZone) -> datetime:
    """The first time after a moment; aware, in the zone.

    Raises:
        MissingExtraError: what reckons with cron's rules is not installed.
    """
    local = zone.local(after)
    if zone.rules is None:  # then only the system can tell what a time on the wall is
        local = local.replace(tzinfo=None)
    return min(zone.local(_next(each, local)) for each in timetable.expressions)


def _next(expression: str, local: datetime) -> datetime:
    try:
        from cronsim import CronSim  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise missing_extra("cronsim", "When a job runs next is not known.") from error
    return next(CronSim(expression, local))


def leapt_nights(timetable: Timetable, after: datetime, zone: MachineZone) -> list[datetime]:
    """When it runs in the nights in which the clock leaps over one of its times, as on the wall.

    Raises:
        MissingExtraError: as `next_run`.
    """
    if zone.rules is None:
        return []
    found = set()
    for day in _days(zone.local(after).date(), timetable):
        before = datetime.combine(day, time(), zone.rules) - timedelta(minutes=1)
        for at in timetable.times:
            if is_leapt(datetime.combine(day, at), zone):
                found.add(next_run(Timetable((at,), timetable.days), before, zone))
    return [each.replace(tzinfo=None) for each in sorted(found)]


def _days(first: date, timetable: Timetable) -> Iterator[date]:
    for number in range(FORESEEN.days):
        day = first + timedelta(days=number)
        if day.weekday() in timetable.days:
            yield day


def is_leapt(wall: datetime, zone: MachineZone) -> bool:
    """No clock of the zone ever shows this time on the wall."""
    there_and_back = wall.replace(tzinfo=zone.rules).astimezone(UTC).astimezone(zone.rules)
    return there_and_back.replace(tzinfo=None) != wall
