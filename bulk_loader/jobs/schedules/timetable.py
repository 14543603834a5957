"""At which times a job runs, and how that is said to each system."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from bulk_loader.settings.clock_times import EVERY_DAY, Weekday, write_days, write_times

if TYPE_CHECKING:
    from collections.abc import Iterable

_CRON = re.compile(r"(\d+) ([\d,]+) \* \* (\*|[\d,]+)", re.ASCII)
_CALENDAR = re.compile(r"(?:([A-Z][A-Za-z,]+) )?\*-\*-\* (\d\d):(\d\d):00", re.ASCII)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Times of some days of the week, as the clock on the wall shows them.

    Attributes:
        times: at least one; in their order, each once.
        days: at least one; Monday first.
    """

    times: tuple[time, ...]
    days: tuple[Weekday, ...] = EVERY_DAY

    def __str__(self) -> str:
        return f"at {write_times(self.times)}, {write_days(self.days)}"

    @property
    def expressions(self) -> tuple[str, ...]:
        """For cron: an expression for each minute of the hour."""
        hours: dict[int, list[int]] = {}
        for each in self.times:
            hours.setdefault(each.minute, []).append(each.hour)
        days = "*" if self.days == EVERY_DAY else _listed((day + 1) % 7 for day in self.days)
        return tuple(f"{minute} {_listed(hours[minute])} * * {days}" for minute in hours)

    @property
    def calendars(self) -> tuple[str, ...]:
        """For systemd: what stands after `OnCalendar=`, for each time."""
        names = ",".join(day.word.capitalize() for day in self.days)
        days = "" if self.days == EVERY_DAY else f"{names} "
        return tuple(f"{days}*-*-* {each:%H:%M}:00" for each in self.times)


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(map(str, sorted(numbers)))


def from_expressions(expressions: Iterable[str]) -> Timetable | None:
    """The timetable of which these are the expressions; None where a person has written others."""
    found = [_CRON.fullmatch(each) for each in expressions]
    told = [(each[1], each[2], each[3]) for each in found if each is not None]
    if not told or len(told) != len(found) or len({days for *_, days in told}) != 1:
        return None
    try:
        times = {time(int(hour), int(m)) for m, hours, _ in told for hour in hours.split(",")}
        return Timetable(tuple(sorted(times)), _from_cron_days(told[0][2]))
    except ValueError:
        return None


def _from_cron_days(days: str) -> tuple[Weekday, ...]:
    if days == "*":
        return EVERY_DAY
    return tuple(sorted({Weekday((int(day) + 6) % 7) for day in days.split(",")}))


def from_calendars(calendars: Iterable[str]) -> Timetable | None:
    """As `from_expressions`, for systemd."""
    found = [_CALENDAR.fullmatch(each) for each in calendars]
    told = [(each[1], each[2], each[3]) for each in found if each is not None]
    if not told or len(told) != len(found) or len({days for days, *_ in told}) != 1:
        return None
    try:
        times = {time(int(hour), int(minute)) for _, hour, minute in told}
        return Timetable(tuple(sorted(times)), _from_names(told[0][0]))
    except (ValueError, KeyError):
        return None


def _from_names(names: str | None) -> tuple[Weekday, ...]:
    if not names:
        return EVERY_DAY
    return tuple(sorted({Weekday[name.upper()] for name in names.split(",")}))
