from __future__ import annotations

import shlex
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.errors import SettingsError
from bulk_loader.jobs.marks import JobId
from bulk_loader.jobs.schedules.cron import Cron, _lines
from bulk_loader.jobs.schedules.timetable import Timetable
from tests.jobs.schedules.conftest import WORKDAYS, made, only_posix

if TYPE_CHECKING:
    from tests.support.schedulers import FakeCrontab

pytestmark = only_posix

FOREIGN = b"""# a foreign  line\t
FOO = "bar"
@reboot  /bin/true\t
5 4 * * sun\t/bin/echo   \xf1  # x
 this is not cron
#0 1 * * * off # bulk-loader job other 0000000000000000

"""


def read_by_cron(line: str) -> list[str]:
    """The words that a shell gets: cron takes the backslash from before a percent sign."""
    command = line.split(" ", 5)[5]
    assert "%" not in command.replace("\\%", "")
    return shlex.split(command.replace("\\%", "%"), comments=True)


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))))
def test_any_path_reaches_the_program_as_it_is(name: str) -> None:
    """Spaces, quotes, percent signs and dollars; a backslash is refused, and nothing is guessed."""
    folder = f"/srv/{name.replace('/', '')}"
    night = made(folder)
    if "\\" in folder:
        with pytest.raises(SettingsError, match="backslash"):
            _lines(night)
        return
    for line in _lines(night):
        assert line.count("\n") == 1
        env, home, *argv = read_by_cron(line)
        assert (env, home) == ("/usr/bin/env", f"BULK_LOADER_HOME={folder}/ledger")
        assert tuple(argv) == night.argv


def test_lines_of_others_stay_byte_for_byte(crontab: FakeCrontab) -> None:
    """Also those that are no lines of cron, and not even text."""
    crontab.table.write_bytes(FOREIGN)
    night = made()
    Cron().install(night)
    assert crontab.table.read_bytes() == FOREIGN + "".join(_lines(night)).encode()
    assert Cron().remove(night.job)
    assert crontab.table.read_bytes() == FOREIGN


def test_scheduling_again_replaces(crontab: FakeCrontab) -> None:
    """In the same place, however many lines there were, and those of other jobs stay."""
    other = made("/srv/other")
    Cron().install(made())
    Cron().install(other)
    once = made(timetable=Timetable((time(3),)))
    Cron().install(once)
    Cron().install(once)
    assert crontab.table.read_text("utf-8") == "".join([*_lines(once), *_lines(other)])


def test_a_last_line_without_an_end_gets_one(crontab: FakeCrontab) -> None:
    """Else ours would be a part of it."""
    crontab.table.write_bytes(b"0 1 * * * true")
    Cron().install(made())
    first, *ours = crontab.table.read_text("utf-8").splitlines(keepends=True)
    assert (first, ours) == ("0 1 * * * true\n", _lines(made()))


def test_what_is_installed_is_told_by_the_table(crontab: FakeCrontab) -> None:
    """Also where a person has edited the line, turned it off, or removed it."""
    night = made()
    assert Cron().installed(night.job) is None
    Cron().install(night)
    found = Cron().installed(night.job)
    assert found is not None
    assert found.timetable == WORKDAYS
    assert Cron().installed(JobId("night", Path("/srv/other/bulk_loader.toml"))) is None
    text = crontab.table.read_text("utf-8")
    crontab.table.write_text(text.replace("0 2 ", "*/5 2 "), "utf-8")
    edited = Cron().installed(night.job)
    assert edited is not None
    assert edited.timetable is None
    crontab.table.write_text("".join(f"# {line}\n" for line in text.splitlines()), "utf-8")
    assert Cron().installed(night.job) is None
    assert not Cron().remove(night.job)


def test_without_a_crontab_command_nothing_is_there_to_take_away(programs: Path) -> None:
    """But scheduling says what is missing."""
    assert not list(programs.iterdir())
    assert Cron().installed(made().job) is None
    assert not Cron().remove(made().job)
    with pytest.raises(SettingsError) as caught:
        Cron().install(made())
    assert "There is no crontab command on this machine." in caught.value.why
    assert "--with systemd" in caught.value.remedy


def test_a_refusal_is_passed_on(crontab: FakeCrontab) -> None:
    """Such as that of a user who may have no crontab."""
    crontab.refuse("You (ana) are not allowed to use this program")
    with pytest.raises(SettingsError, match="are not allowed"):
        Cron().install(made())


def test_a_machine_where_no_cron_runs_is_said(tmp_path: Path) -> None:
    """In a container its table is kept, and nobody reads it."""
    comm = tmp_path / "1" / "comm"
    comm.parent.mkdir()
    comm.write_text("tini\n", "utf-8")
    assert "No cron is running" in Cron(tmp_path).notes()[-1]
    comm.write_text("crond\n", "utf-8")
    assert "No cron" not in " ".join(Cron(tmp_path).notes())
    assert "No cron" not in " ".join(Cron(tmp_path / "none").notes())
