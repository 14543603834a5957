"""Whether what LibreOffice shows is the date or time that this program reads, in whatever format."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

_ISO = re.compile(r"(?:(\d{4}-\d\d-\d\d) ?)?(?:(\d{2,}):(\d\d):(\d\d))?", re.ASCII)
_FRACTION = re.compile(r"(?<=\d)[.,]\d+(?!.*[.:/\d])", re.ASCII)
_FIRST_DAY = date(1899, 12, 30)
_DAY_S = 86_400
_NAMES = (*calendar.month_abbr[1:], *calendar.day_abbr)
# What is added to the years of Japan since 1868, of Taiwan, and of Buddha.
_ERAS = (1867, 1911, 1925, 1988, 2018, -543)


@dataclass(frozen=True, slots=True)
class ReadMoment:
    """A date, a time or both, as this program reads them.

    Attributes:
        seconds: of the day, or of more than one without a date; None for a date alone.
    """

    day: date | None
    seconds: int | None

    @classmethod
    def of(cls, text: str) -> Self | None:
        """The moment in a text; None for any other text."""
        match = _ISO.fullmatch(text)
        if match is None or not text:
            return None
        day, *clock = match.groups()
        seconds = None
        if clock[0] is not None:
            hours, minutes, rest = map(int, clock)
            seconds = hours * 3600 + minutes * 60 + rest
        return cls(date.fromisoformat(day) if day else None, seconds)

    def neighbours(self) -> tuple[Self, ...]:
        """The same, a second before and after: none for a date alone."""
        if self.seconds is None:
            return ()
        if self.day is None:
            return tuple(type(self)(None, self.seconds + shift) for shift in (-1, 1))
        moment = datetime.combine(self.day, time()) + timedelta(seconds=self.seconds)
        others = (moment + timedelta(seconds=shift) for shift in (-1, 1))
        return tuple(
            type(self)(other.date(), (other - datetime.combine(other, time())).seconds)
            for other in others
        )

    def is_shown_by(self, text: str) -> bool:
        """Whether every number in a text is a part of it, or the text is the number behind it."""
        if self._is_number(text):
            return True
        found = [int(part) for part in re.findall(r"\d+", _FRACTION.sub("", text))]
        if not found:
            return any(name in text for name in _NAMES)
        return set(found) <= self._parts()

    def is_shown_in_an_era(self, text: str) -> bool:
        """Whether a text is that, but for the year of another calendar."""
        first = re.search(r"\d+", text)
        if self.day is None or first is None:
            return False
        year = int(first[0])
        rest = text[first.end() :]
        is_year = any(year + before == self.day.year for before in _ERAS)
        return is_year and {int(part) for part in re.findall(r"\d+", rest)} <= self._parts()

    def _parts(self) -> set[int]:
        parts = {0}
        if self.day:
            parts |= {self.day.year, self.day.year % 100, self.day.month, self.day.day}
        if self.seconds is not None:
            minutes, second = divmod(self.seconds, 60)
            hour, minute = divmod(minutes, 60)
            parts |= {self.seconds, minutes, second, hour, minute, hour % 12 or 12}
        return parts

    def _is_number(self, text: str) -> bool:
        days = (self.day - _FIRST_DAY).days if self.day else 0
        try:
            return abs(float(text) - days - (self.seconds or 0) / _DAY_S) < 0.5 / _DAY_S
        except ValueError:
            return False
