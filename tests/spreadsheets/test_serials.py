"""Dates and times of spreadsheets as ISO text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.spreadsheets.cells import Damaged
from bulk_loader.spreadsheets.serials import Calendar, Moment, duration_s, iso_date, iso_text


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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-03-04", "2026-03-04"),
        ("2026-03-04T00:00:00", "2026-03-04"),
        ("2026-03-04T00:00Z", "2026-03-04"),
        ("2026-03-04T15:30:00.250Z", "2026-03-04 15:30:00"),
        ("2026-03-04 15:30", "2026-03-04 15:30"),
        ("2026-03-04T15:30:00.5+02:00", "2026-03-04 15:30:00+02:00"),
        ("15:30:00.5", "15:30:00"),
        ("T15:30", "15:30"),
        ("PT36H", "36:00:00"),
        ("P1DT12H5M7.5S", "36:05:07"),
        ("P1M", "P1M"),
        ("P", "P"),
        ("PT", "PT"),
        ("Tomas T. Zuniga", "Tomas T. Zuniga"),
        ("0991.234567Z", "0991.234567Z"),
        ("", ""),
    ],
)
def test_stored_iso_texts_read_as_dates(value: str, text: str) -> None:
    """The `T` becomes a space, a midnight nobody typed is left out, and what is no date stays whole."""
    assert iso_date(value) == text


@pytest.mark.parametrize("value", ["2026-02-30", "0000-01-01", "2026-03-04T25:00:00", "15:61:00"])
def test_names_stored_days_and_times_that_do_not_exist(value: str) -> None:
    """A text in the form of a date that is none is a damage, as it stands."""
    text = iso_date(value)
    assert isinstance(text, Damaged)
    assert (text, text.damage.code) == (value, "no_such_date")


@given(st.timedeltas(dt.timedelta(0), dt.timedelta(days=10**4)))
def test_durations_have_their_seconds(duration: dt.timedelta) -> None:
    """However a program shares a duration out among days, hours and seconds."""
    seconds = duration.days * 86_400 + duration.seconds
    assert duration_s(f"PT{seconds}S") == seconds
    assert duration_s(f"P{duration.days}DT{duration.seconds}.{duration.microseconds}S") == seconds
