from __future__ import annotations

import os
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from bulk_loader.jobs.marks import JobId
from bulk_loader.jobs.schedules.entry import Entry
from bulk_loader.jobs.schedules.timetable import Timetable
from bulk_loader.jobs.schedules.zone import MachineZone
from bulk_loader.settings.clock_times import EVERY_DAY
from tests.support.schedulers import FakeCrontab, FakeProgram

WORKDAYS = Timetable((time(2), time(14, 30)), EVERY_DAY[:5])


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are found; empty."""
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", str(place))
    return place


@pytest.fixture
def crontab(programs: Path) -> FakeCrontab:
    """A command crontab, and its table."""
    return FakeCrontab(programs)


@pytest.fixture
def systemctl(programs: Path) -> FakeProgram:
    """A command systemctl that does as it is told."""
    return FakeProgram(programs / "systemctl")


def made(folder: str = "/srv/leads", timetable: Timetable = WORKDAYS, **others: Any) -> Entry:
    """The night of a job, whose files stand in this folder."""
    given: dict[str, Any] = {
        "job": JobId("night", Path(folder, "bulk_loader.toml")),
        "timetable": timetable,
        "zone": MachineZone("UTC", None),
        "argv": (f"{folder}/venv/bin/python", "-P", "-m", "bulk_loader", "job", "run", "night"),
        "environment": {"BULK_LOADER_HOME": f"{folder}/ledger"},
        "written": (Path(folder, "ledger"), Path(folder, "inbox")),
    }
    return Entry(**{**given, **others})


only_posix = pytest.mark.skipif(os.name != "posix", reason="its programs are shell scripts")
