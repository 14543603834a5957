"""Spans of one day, as they are written and read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, PlainSerializer

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", re.ASCII)
_END_OF_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """A span of one day, from `opens` until just before `closes` (`time.max`: midnight)."""

    opens: time
    closes: time

    def __str__(self) -> str:
        closes = "24:00" if self.closes == time.max else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}-{closes}"


Week: TypeAlias = tuple[tuple[Window, ...], ...]
"""The windows of each day, Monday first, as `datetime.weekday()` counts."""


def parse_windows(written: object) -> tuple[Window, ...]:
    """One span or several; "" is none.

    Raises:
        ValueError: one is no span of a day; the text is the predicate of a sentence about it.
    """
    spans = written if isinstance(written, list | tuple) else [written]
    return tuple(_parse_window(span) for span in spans if span != "")


def _parse_window(written: object) -> Window:
    found = _SPAN.fullmatch(str(written).strip())
    if found is None:
        raise ValueError('is not a span of hours: write "09:00-18:00"')
    first, last = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    if first >= last:
        raise ValueError("ends before it begins: give the hours after midnight to the next day")
    closes = time.max if last == _END_OF_DAY else time(*divmod(last, 60))
    return Window(time(*divmod(first, 60)), closes)


def _minutes(hour: str, minute: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > _END_OF_DAY:  # noqa: PLR2004 - minutes of an hour
        raise ValueError("is not a span of hours: a day goes from 00:00 to 24:00")
    return minutes


Windows = Annotated[
    tuple[Window, ...],
    BeforeValidator(parse_windows),
    PlainSerializer(lambda windows: [str(window) for window in windows]),
]
