from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulk_loader.sandbox.clock import Clock, read_moment, write_moment


def test_a_clock_runs_from_what_it_shows() -> None:
    """So many times faster than the day outside, also before it began."""
    clock = Clock(speed=60, real_s=1000, shown_s=5000)
    assert [clock.at(real_s) for real_s in (1000, 1001, 999)] == [5000, 5060, 4940]


@pytest.mark.parametrize("calldate", [None, ""])
def test_no_date_is_no_moment(calldate: str | None) -> None:
    """A key may be sent empty."""
    assert read_moment(calldate) is None


def test_a_date_is_read_in_the_zone_of_this_machine() -> None:
    """As by a dialer whose server stands here."""
    moment = read_moment("2026-11-23 12:00:00")
    assert moment == datetime(2026, 11, 23, 12).astimezone().timestamp()


@pytest.mark.parametrize("calldate", ["0001-01-01 00:00:00", "9999-12-31 23:59:59"])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_ends_of_the_calendar_can_be_read_and_written(
    calldate: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever this machine stands, they are within a day of what was written."""
    monkeypatch.setenv("TZ", zone)
    moment = read_moment(calldate)
    assert moment is not None
    written = datetime.fromisoformat(calldate).replace(tzinfo=UTC)
    assert abs((write_moment(moment) - written).total_seconds()) <= 86_400
