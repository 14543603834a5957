"""Lengths of time as a user writes them: `7d`, `12h`, `30m`, `45s`, or seconds."""

from __future__ import annotations

import re
from datetime import timedelta

_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1, "": 1}
_WRITTEN = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[dhms]?)", re.ASCII | re.IGNORECASE)
MAX_DURATION = timedelta(days=36_500)
"""A century: more is a slip of the keyboard, and dates computed with it overflow."""


def parse_duration(written: object) -> timedelta:
    """The length of time that was written.

    Raises:
        ValueError: it is none; the text is the predicate of a sentence about the value.
    """
    if isinstance(written, timedelta):
        return _in_range(written)
    found = None if isinstance(written, bool) else _WRITTEN.fullmatch(str(written).strip())
    if found is None:
        raise ValueError("is not a length of time: write 7d, 12h, 30m, 45s, or a number of seconds")
    seconds = float(found["number"]) * _SECONDS[found["unit"].lower()]
    if seconds > MAX_DURATION.total_seconds():
        raise ValueError("is longer than a hundred years")
    return timedelta(seconds=seconds)


def parse_age(written: object) -> timedelta:
    """The same for what is told, kept or forgotten by its age, which must name its unit.

    Days are meant, and a d that was left away must not make seconds of them.

    Raises:
        ValueError: it is no length of time, or a bare number.
    """
    text = str(written).strip()
    if not isinstance(written, timedelta) and text.replace(".", "").isdecimal():
        raise ValueError(f"has no unit: for days, write {text}d")
    return parse_duration(written)


def _in_range(length: timedelta) -> timedelta:
    if timedelta() <= length <= MAX_DURATION:
        return length
    raise ValueError("is not a length of time between nothing and a hundred years")


def write_duration(length: timedelta) -> str:
    """The shortest text that `parse_duration` reads back as the same length."""
    seconds = length.total_seconds()
    for unit in "dhm":
        if seconds and seconds % _SECONDS[unit] == 0:
            return f"{int(seconds // _SECONDS[unit])}{unit}"
    return f"{seconds:f}".rstrip("0").rstrip(".") + "s"
