from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulk_loader.jobs.schedules.zone import machine_zone
from tests.jobs.schedules.conftest import only_posix

ZONES = Path("/usr/share/zoneinfo")


@only_posix
@pytest.mark.skipif(not (ZONES / "Europe/Madrid").is_file(), reason="no zones on this machine")
def test_the_zone_is_the_one_that_the_machine_is_linked_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever TZ says in a shell."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    link = tmp_path / "localtime"
    link.symlink_to(ZONES / "Europe/Madrid")
    zone = machine_zone(link)
    assert zone.name == "Europe/Madrid"
    assert zone.local(datetime(2026, 7, 1, tzinfo=UTC)).hour == 2
    copy = tmp_path / "copy"
    copy.write_bytes(link.read_bytes())
    assert machine_zone(copy).name == str(copy)
    assert machine_zone(copy).local(datetime(2026, 7, 1, tzinfo=UTC)).hour == 2


@only_posix
def test_a_machine_without_a_zone_has_utc(tmp_path: Path) -> None:
    """And one with a broken file, too."""
    broken = tmp_path / "broken"
    broken.write_text("no zone", "utf-8")
    assert [machine_zone(each).name for each in (tmp_path / "none", broken)] == ["UTC", "UTC"]
