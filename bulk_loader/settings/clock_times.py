"""Times of the day and days of the week as a user writes them: `02:00`, and `mon-fri` or `mon,wed`."""

from __future__ import annotations

import re
from datetime import time
from enum import IntEnum

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_TIMES = 'is not a time of the day: write it as HH:MM, such as "02:00", or several in a list'
_DAYS = 'is not a list of days: write "mon-fri", "mon,wed,fri", or "daily"'


class Weekday(IntEnum):
    """A day of the week, as `datetime.weekday()` counts."""

    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6

    @property
    def word(self) -> str:
        """As a user writes it."""
        return self.name.lower()


EVERY_DAY = tuple(Weekday)
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse_times(written: object) -> tuple[time, ...]:
    """One time or a list of them, in their order and each once.

    Raises:
        ValueError: one is no time; the text is the predicate of a sentence about the value.
    """
    given = written if isinstance(written, list | tuple) else [written]
    return tuple(sorted({_parse_time(each) for each in given}))


def _parse_time(written: object) -> time:
    # TOML reads a time without quotes as one.
    if isinstance(written, time) and written == time(written.hour, written.minute):
        return written
    found = _CLOCK.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise ValueError(_TIMES)
    try:
        return time(int(found[1]), int(found[2]))
    except ValueError:
        raise ValueError(_TIMES) from None


def parse_days(written: object) -> tuple[Weekday, ...]:
    """Days and spans of days with commas between them, or a list of such; Monday first.

    Raises:
        ValueError: as for `parse_times`.
    """
    given = written if isinstance(written, list | tuple) else [written]
    if given and all(isinstance(each, Weekday) for each in given):
        return tuple(sorted(set(given)))
    if not given or not all(isinstance(each, str) for each in given):
        raise ValueError(_DAYS)
    words = ",".join(map(str, given)).lower().replace(" ", "").split(",")
    return tuple(sorted({day for word in words for day in _span(word)}))


def _span(word: str) -> list[Weekday]:
    """The days of `mon` or `fri-mon`, which goes over the end of the week."""
    if word == "daily":
        return list(Weekday)
    first, dash, last = word.partition("-")
    begins, ends = _day(first), _day(last if dash else first)
    return [Weekday((begins + step) % 7) for step in range((ends - begins) % 7 + 1)]


def _day(word: str) -> Weekday:
    """By its first three letters, or its whole English name."""
    for day, name in zip(Weekday, _NAMES, strict=True):
        if word in {day.word, name}:
            return day
    raise ValueError(_DAYS)


def write_times(times: tuple[time, ...]) -> str:
    """As a person reads them: `02:00, 14:30`."""
    return ", ".join(f"{each:%H:%M}" for each in times)


def write_days(days: tuple[Weekday, ...]) -> str:
    """A short text that `parse_days` reads back as the same days."""
    if days == EVERY_DAY:
        return "daily"
    spans: list[list[Weekday]] = []
    for day in days:
        if spans and spans[-1][-1] == day - 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    return ",".join(map(_write_span, spans))


def _write_span(span: list[Weekday]) -> str:
    apart = 3  # two days are a list, not a span
    if len(span) < apart:
        return ",".join(day.word for day in span)
    return f"{span[0].word}-{span[-1].word}"
