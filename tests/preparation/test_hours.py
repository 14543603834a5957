"""Hours of a country: in force as its law says them, and said with source and date."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.model import Status
from bulk_loader.workflows.check import check
from bulk_loader.workflows.upload import upload
from tests.support.uploads import Leads, Witness, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings
    from tests.support.faulty_dialer import FaultyDialer


def dated(*dates: str) -> list[tuple[str, str]]:
    """Leads of these dates, with different numbers."""
    return [(phone, when) for (phone, _), when in zip(numbered(len(dates)), dates, strict=True)]


def test_the_law_of_a_country_says_when_its_people_are_called(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """By weekday, never on a Sunday or a public holiday, in the zone of the country."""
    leads.write(
        *dated(
            "2035-01-02 07:00:00",  # a Tuesday
            "2035-01-02 19:00:00",
            "2035-01-06 14:59:59",  # a Saturday
            "2035-01-06 15:00:00",
            "2035-01-07 10:00:00",  # a Sunday
            "2035-01-01 10:00:00",  # a holiday
        ),
        header=("phone", "calldate"),
    )
    report = check(leads.path, settings(calling_hours="country:CO"))
    assert report.counts[Status.UNSENT] == 2
    assert [problem.row for problem in report.problems] == [3, 5, 6, 7]
    assert "2035-01-01 is a public holiday of CO" in report.problems[-1].sentence


def test_a_date_in_the_zone_of_the_dialer_is_judged_in_that_of_the_country(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Noon in Madrid is six in the morning in Bogota."""
    leads.write(*dated("2035-01-02 12:00:00", "2035-01-02 13:00:00"), header=("phone", "calldate"))
    told = settings(calling_hours="country:CO", timezone="Europe/Madrid")
    assert [problem.row for problem in check(leads.path, told).problems] == [2]


def test_an_upload_says_whose_hours_are_in_force(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """The hours, the law, its source and date, what is not known, and that it is no advice."""
    leads.write(*dated("2035-01-02 07:00:00"), header=("phone", "calldate"))
    witness = Witness()
    upload(leads.path, settings(dialer, calling_hours="country:CO"), witness)
    (law,) = [note for note in witness.notes if note.startswith("Calling hours of Colombia")]
    hours = "in the time of America/Bogota: Mon-Fri 07:00-19:00, Sat 08:00-15:00, Sun none"
    assert f"{hours}; none on public holidays." in law
    for told in ("Ley 2300 de 2023, art. 3", "https://", "read on 2026-11-27", "no legal advice"):
        assert told in law
    assert "Exceptions, and what has changed since, are not known" in law
    (days,) = [note for note in witness.notes if note.startswith("Public holidays")]
    assert days.startswith("Public holidays of CO are taken from holidays 0.")


def test_a_country_of_several_zones_asks_where_the_people_live(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """The dialer's zone is no answer to that, and one in the table is."""
    leads.write(*dated("2035-01-07 21:30:00"), header=("phone", "calldate"))
    with pytest.raises(SettingsError, match="United States have no time zone"):
        check(leads.path, settings(calling_hours="country:US", timezone="America/New_York"))
    hours = {"country": "US", "zone": "America/Chicago"}
    told = settings(calling_hours=hours, timezone="America/New_York")
    assert check(leads.path, told).counts[Status.UNSENT] == 1


def test_holidays_of_a_country_beside_hours_of_ones_own(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """No law is told of then; that regions have more holidays is."""
    leads.write(*dated("2035-12-24 10:00:00", "2035-12-25 10:00:00"), header=("phone", "calldate"))
    hours = {"country": "ES", "zone": "Europe/Madrid", "monday": "09:00-14:00"}
    report = check(leads.path, settings(calling_hours=hours | {"tuesday": "09:00-14:00"}))
    assert [problem.row for problem in report.problems] == [3]
    (told,) = [note for note in report.notes if "holidays" in note]
    assert "Those of its regions are not among them" in told


def test_where_the_law_has_no_holidays_none_are_looked_up(
    leads: Leads, settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is needed only where it is used."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    leads.write(*dated("2035-12-25 10:00:00"), header=("phone", "calldate"))
    hours = {"country": "US", "zone": "America/Chicago"}
    told = settings(calling_hours=hours, timezone="America/Chicago")
    assert check(leads.path, told).counts[Status.UNSENT] == 1
    with pytest.raises(SettingsError, match="holidays of CO"):
        check(leads.path, settings(calling_hours="country:CO"))
