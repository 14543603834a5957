"""A text becomes a date only where it certainly is one."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.codes import ProblemCode
from bulk_loader.errors import SettingsError
from bulk_loader.screening.dates import check_date_format, parse_date
from bulk_loader.screening.faults import Fault


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2026-04-03", "2026-04-03T00:00:00"),
        ("2026-04-03 10:20:30", "2026-04-03T10:20:30"),
        ("2026-04-03 10:20", "2026-04-03T10:20:00"),
        ("2026-04-03T10:20:30.5", "2026-04-03T10:20:30.500000"),
        ("2026-04-03T10:20:30Z", "2026-04-03T10:20:30+00:00"),
        ("2026-04-03 10:20-0300", "2026-04-03T10:20:00-03:00"),
        ("2026/4/3 9:05", "2026-04-03T09:05:00"),
        ("25/12/2026", "2026-12-25T00:00:00"),
        ("12/25/2026", "2026-12-25T00:00:00"),
        ("25.12.2026 3:30 p. m.", "2026-12-25T15:30:00"),
        ("25-12-2026 12:00 am", "2026-12-25T00:00:00"),
        ("25-12-2026, 12:00:01 PM", "2026-12-25T12:00:01"),
        ("05/05/2026 14:00", "2026-05-05T14:00:00"),
    ],
)
def test_a_date_with_one_reading_is_taken(cell: str, iso: str) -> None:
    """ISO dates, and dates in digits that can only mean one day, are no guess."""
    read = parse_date(cell, None)

    assert isinstance(read, datetime)
    assert read.isoformat() == iso


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("mañana", "calldate_unreadable"),
        ("25/12/26", "calldate_unreadable"),
        ("31/02/2026", "calldate_unreadable"),
        ("2026-02-30", "calldate_unreadable"),
        ("2026-02-30 25:00", "calldate_unreadable"),
        ("25/12/2026 13:00 pm", "calldate_unreadable"),
        ("25/12-2026", "calldate_unreadable"),
        ("0001-01-01", "calldate_unreadable"),
        ("9999-12-31", "calldate_unreadable"),
        ("46115", "calldate_number"),
        ("46115,5", "calldate_number"),
        ("99999", "calldate_unreadable"),
        ("10:30", "calldate_no_day"),
        ("\u0662\u0660\u0662\u0666-04-03", "calldate_unreadable"),
    ],
)
def test_what_is_no_certain_date_has_its_reason(cell: str, code: str) -> None:
    """A lost format, a missing day and plain nonsense are told apart."""
    read = parse_date(cell, None)

    assert isinstance(read, Fault)
    assert read.code == code


def test_an_ambiguous_date_is_refused_with_both_readings() -> None:
    """The operator sees the two days and the flag for each."""
    read = parse_date("03/04/2026 10:00", None)

    assert read == Fault(
        ProblemCode.CALLDATE_AMBIGUOUS,
        "can be read with the day first or with the month first, as two different dates.",
        'Say which: --date-format "%d/%m/%Y %H:%M" or --date-format "%m/%d/%Y %H:%M".',
    )


def test_a_declared_format_settles_what_is_ambiguous() -> None:
    """The remedy of an ambiguous date is a format that reads it."""
    assert parse_date("03/04/2026", "%d/%m/%Y") == datetime(2026, 4, 3)  # noqa: DTZ001
    assert parse_date("03/04/2026", "%m/%d/%Y") == datetime(2026, 3, 4)  # noqa: DTZ001


def test_iso_is_read_beside_a_declared_format_and_nothing_else_is() -> None:
    """True dates of a workbook come as ISO; another order is not taken for the declared one."""
    other = parse_date("25/12/2026", "%m/%d/%Y")

    assert parse_date("2026-04-03", "%d/%m/%Y") == datetime(2026, 4, 3)  # noqa: DTZ001
    assert isinstance(other, Fault)
    assert 'not a date written like "%m/%d/%Y"' in other.fault


@pytest.mark.parametrize("date_format", ["%d/%m/%Y", "%Y-%m-%dT%H:%M:%S%z", "%d %b %y", "%c"])
def test_a_format_that_reads_whole_dates_is_accepted(date_format: str) -> None:
    """Any codes will do that give back the day they wrote."""
    check_date_format(date_format)


@pytest.mark.parametrize("date_format", ["%d/%Y", "%H:%M", "%Q", "dd/mm/yyyy", "%"])
def test_a_format_that_does_not_is_refused(date_format: str) -> None:
    """A format for Excel, or half a date, stops the run before anything is sent."""
    with pytest.raises(SettingsError, match="date format"):
        check_date_format(date_format)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2199, 12, 31)))  # noqa: DTZ001
def test_every_iso_date_is_read_as_itself(moment: datetime) -> None:
    """What the program writes it reads back."""
    written = moment.replace(microsecond=0)

    assert parse_date(written.isoformat(sep=" "), None) == written


@given(st.text(alphabet="0123456789/-.: TZ+apm", max_size=26) | st.text())
def test_any_text_gives_a_date_or_a_reason(text: str) -> None:
    """No cell brings the program down."""
    assert isinstance(parse_date(text, None), datetime | Fault)
    assert isinstance(parse_date(text, "%d/%m/%Y"), datetime | Fault)
