"""People are called at the hours that are allowed, in their own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.screening.calling_hours import CallingHours, parse_holidays

_ZONE = ZoneInfo("America/Montevideo")
_HOURS = CallingHours(
    {
        **dict.fromkeys(range(5), ((time(9), time(13)), (time(14), time(20)))),
        5: ((time(10), time.max),),
    },
    _ZONE,
    frozenset({date(2026, 12, 25)}),
)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=_ZONE)


@pytest.mark.parametrize(
    "moment", ["2026-12-21 09:00", "2026-12-21 12:59:59", "2026-12-21 14:00", "2026-12-19 23:59"]
)
def test_within_the_hours_nothing_is_closed(moment: str) -> None:
    """A window takes its first minute in, and midnight ends the day."""
    assert _HOURS.closed_because(_at(moment)) == ""


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-12-21 08:59", "on a Monday people are called 09:00-13:00 and 14:00-20:00"),
        ("2026-12-21 13:00", "on a Monday people are called 09:00-13:00 and 14:00-20:00"),
        ("2026-12-19 09:00", "on a Saturday people are called 10:00-24:00"),
        ("2026-12-20 12:00", "nobody is called on a Sunday"),
        ("2026-12-25 12:00", "2026-12-25 is a holiday"),
    ],
)
def test_outside_the_hours_the_reason_names_them(moment: str, why: str) -> None:
    """The end of a window is outside; the operator sees the hours of that day."""
    assert _HOURS.closed_because(_at(moment)).startswith(why)


def test_a_moment_is_judged_in_the_zone_of_the_hours() -> None:
    """Eleven in the morning UTC is eight in Montevideo."""
    assert _HOURS.closed_because(datetime(2026, 12, 21, 11, tzinfo=UTC)) != ""
    assert _HOURS.closed_because(datetime(2026, 12, 21, 12, tzinfo=UTC)) == ""


def test_holidays_are_read_with_names_and_remarks() -> None:
    """A date begins each line; empty lines and remarks are passed over."""
    lines = ["# national", "", "2026-12-25 Navidad", " 2027-01-01;Año nuevo", "2027-05-01"]

    assert parse_holidays(lines) == {date(2026, 12, 25), date(2027, 1, 1), date(2027, 5, 1)}


def test_a_line_without_a_date_is_refused_with_its_number() -> None:
    """A holiday that can't be read would be a day with calls."""
    with pytest.raises(SettingsError, match='Line 2 of the holidays is "25/12/2026"'):
        parse_holidays(["2026-12-25", "25/12/2026"])
