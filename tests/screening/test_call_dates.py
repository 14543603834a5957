"""A call's date reaches the dialer in the dialer's time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bulk_loader.choices import PastDates
from bulk_loader.errors import SettingsError
from bulk_loader.screening.call_dates import CallDates
from bulk_loader.screening.faults import Fault
from bulk_loader.screening.rules import Rules
from bulk_loader.screening.zones import is_shown_twice, is_skipped

_NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def _read(cell: str, **rules: object) -> str:
    read = CallDates.by(Rules(now=_NOW, **rules)).read(cell)  # type: ignore[arg-type]
    return read.code if isinstance(read, Fault) else read


@pytest.mark.parametrize("cell", ["", "null", "NULL"])
def test_no_date_means_as_soon_as_possible(cell: str) -> None:
    """An empty cell and the vendor's own word leave the date open."""
    assert _read(cell) == ""


def test_a_date_is_written_as_the_dialer_wants_it() -> None:
    """Without zones it stays what the sheet shows, without fractions of a second."""
    assert _read("2027-01-02T03:04:05.9") == "2027-01-02 03:04:05"


def test_a_date_moves_from_the_zone_of_the_sheet_to_that_of_the_dialer() -> None:
    """Noon in Montevideo is four in the afternoon in Madrid, in winter."""
    zones = {"timezone": "America/Montevideo", "dialer_timezone": "Europe/Madrid"}

    assert _read("2026-12-25 12:00", **zones) == "2026-12-25 16:00:00"


@pytest.mark.parametrize("zone", ["timezone", "dialer_timezone"])
def test_one_zone_alone_moves_nothing(zone: str) -> None:
    """Sheet and dialer share the only zone that is known."""
    assert _read("2026-12-25 12:00", **{zone: "Europe/Madrid"}) == "2026-12-25 12:00:00"


def test_a_date_with_an_offset_is_moved_to_the_dialer() -> None:
    """The offset in the cell counts, whatever the zone of the sheet."""
    assert _read("2026-12-25T12:00Z", dialer_timezone="America/Montevideo") == (
        "2026-12-25 09:00:00"
    )


def test_a_date_with_an_offset_needs_the_zone_of_the_dialer() -> None:
    """Without it the local time would be a guess."""
    assert _read("2026-12-25T12:00Z") == "calldate_offset"


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    """On 28 March 2027 there is no half past two in Madrid."""
    assert _read("2027-03-28 02:30", dialer_timezone="Europe/Madrid") == "calldate_skipped"


def test_a_time_that_comes_twice_is_refused_only_where_it_must_be_moved() -> None:
    """Half past two of 25 October 2026 is two moments, but the same words on both clocks."""
    cell = "2026-10-25 02:30"
    zones = {"timezone": "Europe/Madrid", "dialer_timezone": "America/Montevideo"}

    assert _read(cell, **zones) == "calldate_twice"
    assert _read(cell, timezone="Europe/Madrid") == "2026-10-25 02:30:00"


def test_a_date_that_has_passed_is_refused_unless_the_setting_says_otherwise() -> None:
    """A late call may no longer be wanted, so the careful way is the default."""
    cell = "2026-05-31 10:00"

    assert _read(cell) == "calldate_past"
    assert _read(cell, past_dates=PastDates.NOW) == ""
    assert _read(cell, past_dates=PastDates.KEEP) == "2026-05-31 10:00:00"


def test_past_is_told_by_the_clock_of_the_dialer() -> None:
    """Half past twelve has passed in Madrid at noon UTC, not in Montevideo."""
    assert _read("2026-06-01 12:30", dialer_timezone="Europe/Madrid") == "calldate_past"
    assert _read("2026-06-01 12:30", dialer_timezone="America/Montevideo") == (
        "2026-06-01 12:30:00"
    )


def test_a_resumed_run_reads_dates_as_it_did_at_first() -> None:
    """What was to come when the run began is not past because the run was interrupted."""
    began = datetime(2026, 5, 1, tzinfo=UTC)

    assert _read("2026-05-31 10:00", run_began_at=began) == "2026-05-31 10:00:00"


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    """A typo in a zone stops the run; no zone at all is fine."""
    rules = Rules(now=_NOW, timezone=name)
    if not name:
        assert CallDates.by(rules).sheet_zone is None
        return
    with pytest.raises(SettingsError, match="is not a time zone"):
        CallDates.by(rules)


def test_a_wrong_date_format_is_refused_at_the_start() -> None:
    """It is found with the settings, not with the first lead."""
    with pytest.raises(SettingsError, match="date format"):
        CallDates.by(Rules(now=_NOW, date_format="dd/mm/yyyy"))


def test_ordinary_hours_are_neither_skipped_nor_shown_twice() -> None:
    """Only the hours at which clocks change are special."""
    local = datetime(2026, 10, 24, 2, 30, tzinfo=ZoneInfo("Europe/Madrid"))

    assert not is_skipped(local)
    assert not is_shown_twice(local)
