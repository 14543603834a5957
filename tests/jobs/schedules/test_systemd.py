from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.jobs.schedules.systemd import Systemd
from bulk_loader.jobs.schedules.timetable import Timetable
from tests.jobs.schedules.conftest import WORKDAYS, made, only_posix

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.jobs.marks import JobId
    from tests.support.schedulers import FakeProgram

pytestmark = only_posix

_LEAP = datetime(2027, 3, 28, 3)  # noqa: DTZ001 - on the wall


@pytest.fixture
def manager(tmp_path: Path, systemctl: FakeProgram) -> Systemd:
    """A service manager of the system, which turns timers on by a link as systemd does."""
    folder = tmp_path / "units"
    wants = folder / "timers.target.wants"
    systemctl.answer(
        f'if [ "$1" = enable ]; then mkdir -p "{wants}"; ln -s "{folder}/$3" "{wants}/$3"; fi\n'
    )
    return Systemd(folder, is_user=False)


def left(manager: Systemd) -> list[str]:
    """What stands in the folder of units."""
    return sorted(path.name for path in manager.folder.rglob("*") if not path.is_dir())


def units(job: JobId) -> list[str]:
    """A service, its timer, and the link that turns it on."""
    return sorted([f"{job.label}.service", f"{job.label}.timer", f"{job.label}.timer"])


def test_a_timer_is_turned_on_and_what_was_before_is_forgotten(
    manager: Systemd, systemctl: FakeProgram
) -> None:
    """What systemd knows of the last run would else start a job at once that got another time."""
    night = made()
    manager.install(night)
    assert left(manager) == units(night.job)
    timer = f"{night.job.label}.timer"
    assert systemctl.calls == ["show --property=Version", "daemon-reload", f"enable --now {timer}"]
    manager.install(made(timetable=Timetable((time(3),))))
    assert left(manager) == units(night.job)
    assert systemctl.calls[4:6] == [f"disable --now {timer}", f"clean --what=state {timer}"]
    found = manager.installed(night.job)
    assert found is not None
    assert found.timetable == Timetable((time(3),))


def test_what_is_installed_is_told_by_the_units(manager: Systemd) -> None:
    """Nights of leaps are no times of it; a timer that is turned off is not installed."""
    night = made()
    assert manager.installed(night.job) is None
    manager.install(made(leapt=(_LEAP,)))
    found = manager.installed(night.job)
    assert found is not None
    assert found.timetable == WORKDAYS
    (manager.folder / "timers.target.wants" / f"{night.job.label}.timer").unlink()
    assert manager.installed(night.job) is None
    assert manager.remove(night.job)
    assert left(manager) == []
    assert not manager.remove(night.job)


def test_the_units_of_others_are_not_touched(manager: Systemd) -> None:
    """Those of other jobs, and what somebody has put in the place of ours."""
    night, other = made(), made("/srv/other")
    manager.install(night)
    manager.install(other)
    assert manager.remove(night.job)
    assert left(manager) == units(other.job)
    (manager.folder / f"{night.job.label}.timer").write_text("[Timer]\n", "utf-8")
    for attempt in (lambda: manager.remove(night.job), lambda: manager.install(night)):
        with pytest.raises(SettingsError, match="is not touched"):
            attempt()
    assert (manager.folder / f"{night.job.label}.timer").read_text("utf-8") == "[Timer]\n"


def test_where_no_systemd_runs_nothing_is_written(manager: Systemd, systemctl: FakeProgram) -> None:
    """As in most containers."""
    systemctl.answer('echo "System has not been booted with systemd" >&2; exit 1\n')
    with pytest.raises(SettingsError, match="has not been booted"):
        manager.install(made())
    assert not manager.folder.exists()


def test_a_timer_that_can_not_be_turned_on_leaves_nothing(
    manager: Systemd, systemctl: FakeProgram
) -> None:
    """Units that lie there would look as if the job were scheduled."""
    systemctl.answer('if [ "$1" = enable ]; then echo "Bad unit" >&2; exit 1; fi\n')
    with pytest.raises(SettingsError, match="Bad unit"):
        manager.install(made())
    assert left(manager) == []


def test_a_user_is_told_of_lingering(tmp_path: Path, systemctl: FakeProgram) -> None:
    """Only where it is not turned on; his service manager is asked, and not the system's."""
    users = Systemd(tmp_path / "units", is_user=True, lingering=tmp_path / "linger")
    assert "loginctl enable-linger" in users.notes()[0]
    users.install(made())
    assert all(call.startswith("--user ") for call in systemctl.calls)
    assert Systemd(tmp_path, is_user=False).notes() == ()
