"""The numbers behind dates and times of a spreadsheet, as ISO text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.cells import NO_SUCH_DATE, Damaged, plain_digits

if TYPE_CHECKING:
    from decimal import Decimal

DAY_S = 86_400
# Excel counts the 29th of February 1900, which never was; later days are one ahead.
_NO_DAY = 60
_LAST_DAY = date(9999, 12, 31)

# What ISO 8601 has for dates, times and durations; XML leaves out no signs between the parts.
_ISO_TIME = r"(?P<time>\d\d:\d\d(?::\d\d)?+)(?:[.,]\d++)?+(?P<zone>Z|[+-]\d\d:\d\d)?+"
_ISO = re.compile(rf"(?P<date>\d{{4}}-\d\d-\d\d)(?:[T ]{_ISO_TIME})?+", re.ASCII)
_ISO_TIME_ALONE = re.compile(rf"T?{_ISO_TIME}", re.ASCII)
_DURATION = re.compile(
    r"P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,]\d*+)?S)?)?", re.ASCII
)


class Calendar(Enum):
    """Which day a workbook counts from."""

    FROM_1900 = auto()
    FROM_1904 = auto()


@dataclass(frozen=True, slots=True)
class Moment:
    """Which parts of a date and time a format shows.

    Attributes:
        is_elapsed: hours count on beyond 24, as in the format `[h]:mm`.
    """

    has_date: bool
    has_time: bool
    is_elapsed: bool = False


def iso_text(serial: Decimal, moment: Moment, calendar: Calendar) -> str:
    """`2026-03-04`, `2026-03-04 15:30:00` or `15:30:00`, as the format shows a date, a time or both.

    Order and language of a shown date depend on the machine that shows it, so it always reads
    as ISO and whole, even where the format leaves out the year. Times are rounded to a second.

    Returns:
        Damaged text for a number that is no day of the calendar: a negative one, day 0, the
        day 60 that Excel shows as the 29th of February 1900, and what lies after 9999.
    """
    seconds = int((serial * DAY_S).to_integral_value())
    days, seconds = divmod(seconds, DAY_S)
    if serial < 0:
        return Damaged(plain_digits(serial), NO_SUCH_DATE)
    if moment.is_elapsed:
        return clock(days * DAY_S + seconds)
    if not moment.has_date:
        return clock(seconds)
    day = _day(days, calendar)
    if day is None:
        return Damaged(plain_digits(serial), NO_SUCH_DATE)
    return f"{day.isoformat()} {clock(seconds)}" if moment.has_time else day.isoformat()


def clock(seconds: int) -> str:
    """Seconds as `15:30:00`; hours count on beyond 24."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def iso_date(value: str) -> str:
    """A date, a time or both that are stored as ISO text, `2026-03-04T15:30:00`.

    A time of midnight beside a date is left out, and so are fractions of a second. A duration reads
    as a clock that counts on beyond 24 hours, and what is none of them stays as it stands.

    Returns:
        Damaged text for a day or time that there is not.
    """
    text = value.strip()
    seconds = duration_s(text)
    if seconds is not None:
        return clock(seconds)
    match = _ISO.fullmatch(text) or _ISO_TIME_ALONE.fullmatch(text)
    if match is None:
        return text
    parts = match.groupdict()
    day, hour, zone = parts.get("date"), parts["time"], parts["zone"] or ""
    try:
        date.fromisoformat(day or "2000-01-01")
        time.fromisoformat(hour or "00:00")
    except ValueError:
        return Damaged(text, NO_SUCH_DATE)
    if day is None:
        return f"{hour}{zone.removeprefix('Z')}"
    is_midnight = hour in {None, "00:00", "00:00:00"} and zone in {"", "Z"}
    return day if is_midnight else f"{day} {hour}{zone.removeprefix('Z')}"


def duration_s(value: str) -> int | None:
    """The seconds of an ISO duration, `PT36H`; None for years and months, and for other texts."""
    match = _DURATION.fullmatch(value)
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return days * DAY_S + hours * 3600 + minutes * 60 + seconds


def _day(days: int, calendar: Calendar) -> date | None:
    if calendar is Calendar.FROM_1904:
        first = date(1904, 1, 1)
    elif days in {0, _NO_DAY}:
        return None
    else:
        first = date(1899, 12, 31) if days < _NO_DAY else date(1899, 12, 30)
    return first + timedelta(days) if days <= (_LAST_DAY - first).days else None
