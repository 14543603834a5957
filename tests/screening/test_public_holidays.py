"""Nobody is called on a public holiday, and never because one is not known."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.screening.calling_hours import CallingHours
from bulk_loader.screening.public_holidays import PublicHolidays

WHOLE_DAYS = CallingHours(
    {day: ((datetime.min.time(), datetime.max.time()),) for day in range(7)},
    ZoneInfo("America/Bogota"),
    public_holidays=PublicHolidays.of("CO"),
)


def test_a_holiday_is_named_with_its_country() -> None:
    """Whoever reads the sentence can look it up."""
    days = PublicHolidays.of("CO")
    assert days.closed_because(date(2026, 7, 20)).startswith(
        "2026-07-20 is a public holiday of CO ("
    )
    assert days.closed_because(date(2026, 7, 21)) == ""


def test_a_holiday_that_is_made_up_for_counts_on_both_days() -> None:
    """The day itself, and the Monday on which people are off."""
    days = PublicHolidays.of("US")
    assert days.closed_because(date(2027, 7, 4)) != ""
    assert days.closed_because(date(2027, 7, 5)) != ""


def test_years_that_nobody_knows_are_years_without_calls() -> None:
    """A date far ahead is not taken for a working day."""
    days = PublicHolidays.of("CO")
    assert days.closed_because(date(2099, 12, 25)).startswith("2099-12-25 is a public holiday")
    told = "the public holidays of CO in 2500 are not known"
    assert days.closed_because(date(2500, 3, 3)) == told


def test_midnight_of_the_people_called_begins_the_holiday() -> None:
    """Wherever the date of the call was written."""
    in_bogota = datetime(2026, 7, 20, tzinfo=timezone(timedelta(hours=-5)))
    assert "public holiday" in WHOLE_DAYS.closed_because(in_bogota)
    assert "public holiday" in WHOLE_DAYS.closed_because(datetime(2026, 7, 21, 4, 59, tzinfo=UTC))
    assert WHOLE_DAYS.closed_because(datetime(2026, 7, 20, 4, 59, tzinfo=UTC)) == ""
    assert WHOLE_DAYS.closed_because(datetime(2026, 7, 21, 5, tzinfo=UTC)) == ""


def test_regions_are_known_to_have_more() -> None:
    """What the days of the whole country leave out can be said."""
    assert PublicHolidays.of("ES").has_regional
    assert not PublicHolidays.of("CO").has_regional


def test_a_country_that_the_library_does_not_know_is_refused() -> None:
    """It would be one without holidays."""
    with pytest.raises(SettingsError, match="public holidays of XX are not known"):
        PublicHolidays.of("XX")


def test_without_the_library_the_run_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says how to install it, and what to write instead."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(SettingsError) as caught:
        PublicHolidays.of("CO")
    assert caught.value.why == "The package holidays is not installed."
    assert 'pip install "bulk-loader[holidays]"' in caught.value.remedy
