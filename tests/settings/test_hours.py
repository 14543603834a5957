from __future__ import annotations

from datetime import time

import pytest
from pydantic import ValidationError

from bulk_loader.settings import HoursTable, Settings, Window

OFFICE = Window(time(9), time(18))


def test_a_weekday_has_one_span_several_or_none() -> None:
    """Each weekday takes a span, a list of spans, or nothing: a day without calls."""
    hours = HoursTable.model_validate(
        {"monday": "09:00-18:00", "tuesday": ["9:00 - 13:00", "14:30-24:00"], "sunday": ""}
    )
    assert hours.by_weekday == (
        (OFFICE,),
        (Window(time(9), time(13)), Window(time(14, 30), time.max)),
        *((),) * 5,
    )


@pytest.mark.parametrize(
    "span", ["9-18", "18:00-09:00", "09:00-09:00", "09:61-10:00", 9, "9:00-24:01"]
)
def test_refuses_what_is_no_span_of_a_day(span: object) -> None:
    """A span that is none, or ends before it begins, is refused and not turned round."""
    with pytest.raises(ValidationError, match=r"span of hours|ends before it begins"):
        HoursTable.model_validate({"monday": span})


def test_reads_back_what_it_wrote() -> None:
    """Calling hours survive the ledger's JSON."""
    hours = HoursTable.model_validate(
        {"zone": "America/Montevideo", "friday": ["09:00-12:00", "13:00-24:00"]}
    )
    assert HoursTable.model_validate_json(hours.model_dump_json()) == hours


def test_hours_of_a_country_are_those_of_its_law() -> None:
    """A text or a table with nothing but the country, and perhaps a zone, means the same hours."""
    told = Settings(calling_hours="country: co").calling_hours
    assert told == HoursTable(country="CO")
    assert [" ".join(map(str, windows)) for windows in told.by_weekday] == [
        *["07:00-19:00"] * 5,
        "08:00-15:00",
        "",
    ]
    assert told.country_of_holidays == "CO"


def test_hours_of_ones_own_stay_beside_a_country() -> None:
    """Then only its holidays are meant, whatever its law says of hours, and of holidays."""
    hours = HoursTable.model_validate({"country": "US", "monday": "09:00-18:00"})
    assert hours.law is None
    assert hours.by_weekday == ((OFFICE,), *((),) * 6)
    assert hours.country_of_holidays == "US"
    assert HoursTable(country="US").country_of_holidays is None, "its law has none"


def test_a_country_whose_hours_are_not_known_needs_hours_of_ones_own() -> None:
    """The message names the known ones, and a country is never taken for a week without calls."""
    with pytest.raises(ValidationError, match=r"known are CO, EC, ES, PE and US\. Write hours"):
        HoursTable(country="UY")
    assert HoursTable.model_validate({"country": "UY", "sunday": "09:00-18:00"}).law is None


def test_a_retry_is_told_the_country_and_the_zone() -> None:
    """The snapshot of the settings makes the same hours again."""
    told = Settings(calling_hours={"country": "US", "zone": "America/Chicago"})
    assert Settings.model_validate(told.remembered()).calling_hours == told.calling_hours
