"""At which hours people may be called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from bulk_loader.screening.public_holidays import PublicHolidays

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class CallingHours:
    """Hours of each weekday, in one time zone, except on holidays.

    Attributes:
        windows: by weekday, Monday is 0; from the first time on, before the second, where
            `time.max` is midnight. A weekday that is no key has none.
        holidays: days on which nobody is called.
        public_holidays: of a country, on which nobody is called either; None for none.
    """

    windows: Mapping[int, tuple[tuple[time, time], ...]]
    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()
    public_holidays: PublicHolidays | None = None

    def closed_because(self, moment: datetime) -> str:
        """Why nobody may be called at this aware moment; "" where people may be called."""
        local = moment.astimezone(self.zone)
        if local.date() in self.holidays:
            return f"{local.date()} is a holiday"
        if self.public_holidays and (why := self.public_holidays.closed_because(local.date())):
            return why
        windows = self.windows.get(local.weekday(), ())
        if any(begin <= local.time() < end for begin, end in windows):
            return ""
        day = _DAY_NAMES[local.weekday()]
        if not windows:
            return f"nobody is called on a {day}"
        hours = " and ".join(map(_words, windows))
        return f"on a {day} people are called {hours} ({self.zone})"


def parse_holidays(lines: Iterable[str]) -> frozenset[date]:
    """Read a list of holidays: a date such as 2026-12-25 begins each line, a name may follow.

    Empty lines and lines that begin with `#` are left out.

    Raises:
        SettingsError: a line doesn't begin with a date.
    """
    days = set()
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            days.add(date.fromisoformat(re.split(r"[\s,;]", text, maxsplit=1)[0]))
        except ValueError as error:
            raise SettingsError(
                f'Line {number} of the holidays is "{text}".',
                "It does not begin with a date.",
                "Write each day like 2026-12-25, with its name after it if you like.",
            ) from error
    return frozenset(days)


def _words(window: tuple[time, time]) -> str:
    begin, end = window
    return f"{begin:%H:%M}-24:00" if end == time.max else f"{begin:%H:%M}-{end:%H:%M}"
