"""Dates and times of spreadsheets as ISO text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.spreadsheets.cells import Damaged
from bulk_loader.spreadsheets.serials import Calendar, Moment, iso_text


def _at(year: int, month: int, day: int) -> dt.datetime:
    """Midnight of a day; spreadsheets know no time zones."""
    return dt.datetime(year, month, day)  # noqa: DTZ001


BOTH = Moment(has_date=True, has_time=True)
EPOCHS = {
    Calendar.FROM_1900: _at(1899, 12, 30),
    Calendar.FROM_1904: _at(1904, 1, 1),
}


@given(
    st.datetimes(_at(1904, 1, 1), _at(9999, 12, 31)),
    st.sampled_from(list(Calendar)),
)
def test_every_second_of_a_calendar_reads_as_itself(
    moment: dt.datetime, calendar: Calendar
) -> None:
    """A moment stored with the precision of a spreadsheet reads as the same second."""
    moment = moment.replace(microsecond=0)
    serial = (moment - EPOCHS[calendar]) / dt.timedelta(days=1)
    assert iso_text(Decimal(f"{serial:.15g}"), BOTH, calendar) == moment.isoformat(" ")


@pytest.mark.parametrize(
    ("day", "text"), [(1, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01")]
)
def test_counts_around_the_day_that_never_was(day: int, text: str) -> None:
    """Days before and after the 29th of February 1900 are those that Excel shows."""
    assert iso_text(Decimal(day), Moment(has_date=True, has_time=False), Calendar.FROM_1900) == text


@pytest.mark.parametrize(
    ("serial", "calendar"),
    [
        ("0", Calendar.FROM_1900),
        ("60", Calendar.FROM_1900),
        ("-1", Calendar.FROM_1904),
        ("2958466", Calendar.FROM_1900),
        ("2957004", Calendar.FROM_1904),
    ],
)
def test_names_days_that_do_not_exist(serial: str, calendar: Calendar) -> None:
    """A number that is no day is a damage with the number shown."""
    text = iso_text(Decimal(serial), BOTH, calendar)
    assert isinstance(text, Damaged)
    assert (text, text.damage.code) == (serial, "no_such_date")
