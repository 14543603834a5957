"""A text becomes a date and time, or the reason why it can't be known which."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bulk_loader.codes import ProblemCode
from bulk_loader.errors import SettingsError
from bulk_loader.screening.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

# Days as Excel counts them from 1900: the years 1954 to 2119, a date that lost its format.
_SERIAL_DAYS = range(20_000, 80_000)
# Outside these years a date is a slip, and arithmetic over time zones would fail near the ends.
_YEARS = range(1970, 2200)

_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?: *([ap])\.? ?m\.?)?"
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?) ?(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
_YEAR_FIRST = re.compile(
    rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:,? +{_CLOCK})?", re.IGNORECASE | re.ASCII
)
_YEAR_LAST = re.compile(
    rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}})(?:,? +{_CLOCK})?", re.IGNORECASE | re.ASCII
)

_SAY_FORMAT: Final = (
    "Write it like 2026-12-25 14:30:00, or say how dates are written with --date-format."
)


def check_date_format(date_format: str) -> None:
    """Make sure that dates can be read by this format.

    Raises:
        SettingsError: it has no day, month and year, or a code that Python doesn't know.
    """
    sample = datetime(2026, 12, 25, 14, 30, tzinfo=UTC)
    try:
        is_whole = datetime.strptime(sample.strftime(date_format), date_format).date() == (  # noqa: DTZ007
            sample.date()
        )
    except ValueError:
        is_whole = False
    if not is_whole:
        raise SettingsError(
            f'The date format "{date_format}" can\'t be used to read dates.',
            "It needs a day, a month and a year, in the codes of Python's strptime.",
            'Write it like --date-format "%d/%m/%Y %H:%M".',
        )


def parse_date(text: str, date_format: str | None) -> datetime | Fault:
    """The date that a text certainly means; aware only where the text names an offset.

    A declared format comes first, then ISO. Without a declared format, dates in digits are
    taken where only one reading is possible (25/12/2026), which is no guess. A date without
    a time is the beginning of that day. Fractions of a second are dropped.
    """
    declared = _by_format(text, date_format) if date_format else None
    moment = declared or _by_iso(text)
    if moment is None and date_format:
        return Fault(
            ProblemCode.CALLDATE_UNREADABLE,
            f'is not a date written like "{date_format}".',
            "Write it so, or like 2026-12-25 14:30:00.",
        )
    read = moment or _by_digits(text)
    if isinstance(read, datetime) and read.year not in _YEARS:
        return Fault(
            ProblemCode.CALLDATE_UNREADABLE,
            "has a year that no call is made in.",
            "Check the year.",
        )
    return read


def _by_format(text: str, date_format: str) -> datetime | None:
    try:
        return datetime.strptime(text, date_format)  # noqa: DTZ007 - the zone comes later
    except ValueError:
        return None


def _by_iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    try:
        return datetime.fromisoformat(match[1] + (match[2] or "")) if match else None
    except ValueError:
        return None


def _by_digits(text: str) -> datetime | Fault:
    if match := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, *clock = match.groups()
        return _moment(year, month, day, clock) or _no_such_date()
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return _unreadable(text)
    first, _, second, year, *clock = match.groups()
    by_day = _moment(year, second, first, clock)
    by_month = _moment(year, first, second, clock)
    if by_day and by_month and by_day != by_month:
        return _ambiguous(match[2], has_clock=bool(by_day.hour or by_day.minute))
    return by_day or by_month or _no_such_date()


def _moment(year: str, month: str, day: str, clock: Sequence[str | None]) -> datetime | None:
    hour, minute, second, half = clock
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:  # noqa: PLR2004 - the hours of half a day
            return None
        hours = hours % 12 + (12 if half in "pP" else 0)
    try:
        return datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))  # noqa: DTZ001
    except ValueError:
        return None


def _ambiguous(separator: str, *, has_clock: bool) -> Fault:
    time = " %H:%M" if has_clock else ""
    orders = (separator.join(order) + time for order in (("%d", "%m", "%Y"), ("%m", "%d", "%Y")))
    day_first, month_first = orders
    return Fault(
        ProblemCode.CALLDATE_AMBIGUOUS,
        "can be read with the day first or with the month first, as two different dates.",
        f'Say which: --date-format "{day_first}" or --date-format "{month_first}".',
    )


def _no_such_date() -> Fault:
    return Fault(
        ProblemCode.CALLDATE_UNREADABLE, "is a day or a time that does not exist.", _SAY_FORMAT
    )


def _unreadable(text: str) -> Fault:
    number = re.fullmatch(r"(\d{5})(?:[.,]\d+)?", text, re.ASCII)
    if number and int(number[1]) in _SERIAL_DAYS:
        return Fault(
            ProblemCode.CALLDATE_NUMBER,
            "is a number: a date that lost its format in the spreadsheet.",
            "Format the column as a date.",
        )
    if re.fullmatch(_CLOCK, text, re.IGNORECASE | re.ASCII):
        return Fault(
            ProblemCode.CALLDATE_NO_DAY, "is a time without a day.", "Write the day before it."
        )
    return Fault(
        ProblemCode.CALLDATE_UNREADABLE, "is not a date that can be read for sure.", _SAY_FORMAT
    )
