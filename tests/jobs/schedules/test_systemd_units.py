from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.jobs.schedules.systemd_units import service_unit, timer_unit
from tests.jobs.schedules.conftest import made

analyze = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(analyze is None, reason="no systemd here")
LEAP = datetime(2027, 3, 28, 3)  # noqa: DTZ001 - on the wall


def lines(unit: str, key: str) -> list[str]:
    """The values of a key."""
    return [line.partition("=")[2] for line in unit.splitlines() if line.startswith(f"{key}=")]


def test_a_service_may_write_only_where_its_job_does() -> None:
    """And sees no temporary files of others; a folder that is missing is for the job to tell."""
    unit = service_unit(made(), is_user=False)
    assert lines(unit, "ReadWritePaths") == ['"-/srv/leads/ledger"', '"-/srv/leads/inbox"']
    assert lines(unit, "ProtectSystem") == ["strict"]
    assert lines(unit, "PrivateTmp") == ["yes"]
    assert lines(unit, "NoNewPrivileges") == ["yes"]


def test_what_the_job_needs_in_a_shared_folder_is_seen() -> None:
    """Else it would look into an empty folder, and find no list, each night."""
    unit = service_unit(made("/tmp/leads"), is_user=False)  # noqa: S108 - no file is made
    assert lines(unit, "PrivateTmp") == ["no"]
    assert '"-/tmp"' in lines(unit, "ReadWritePaths")


def test_odd_letters_of_paths_mean_nothing() -> None:
    """A percent sign begins a specifier, a dollar a variable, and a quote ends a word."""
    unit = service_unit(made("/srv/50% of $HOME"), is_user=False)
    (start,) = lines(unit, "ExecStart")
    assert start.startswith(':"/srv/50%% of $HOME/venv/bin/python" ')
    assert lines(unit, "Environment") == ['"BULK_LOADER_HOME=/srv/50%% of $HOME/ledger"']
    assert lines(unit, "ReadWritePaths")[0] == '"-/srv/50%% of $HOME/ledger"'
    quoted = service_unit(made(written=(Path('/srv/a "b"'),)), is_user=False)
    assert lines(quoted, "ReadWritePaths") == ["'-/srv/a \"b\"'"]


def test_what_systemd_can_not_be_told_is_refused() -> None:
    """Both kinds of quotes in a folder, and any in the path of the program."""
    for path in ('/srv/it\'s "b"', "/srv/a\\b"):
        with pytest.raises(SettingsError, match="quotes or a backslash"):
            service_unit(made(written=(Path(path),)), is_user=False)
    with pytest.raises(SettingsError, match="quotes or a backslash"):
        service_unit(made("/srv/it's"), is_user=True)


def test_a_secret_is_handed_over_under_the_variable_of_its_setting() -> None:
    """Which wins over the file that the settings name."""
    night = made(secrets={"token_file": Path("/etc/a b/50%")})
    unit = service_unit(night, is_user=False)
    assert lines(unit, "LoadCredential") == ["bulk_loader_token:/etc/a b/50%%"]
    assert "BULK_LOADER_TOKEN_FILE=%d/bulk_loader_token" in lines(unit, "Environment")


def test_a_users_service_asks_for_nothing_that_only_root_can_give() -> None:
    """His manager would ignore it, or the service would fail each night."""
    unit = service_unit(made(secrets={"token_file": Path("/etc/token")}), is_user=True)
    for key in ("ProtectSystem", "CapabilityBoundingSet", "PrivateDevices", "LoadCredential"):
        assert lines(unit, key) == []
    assert lines(unit, "NoNewPrivileges") == ["yes"]


def test_a_timer_makes_up_for_a_machine_that_was_off_and_for_leaps() -> None:
    """Both are nights that would else pass without a run."""
    unit = timer_unit(made(leapt=(LEAP,)))
    assert lines(unit, "Persistent") == ["true"]
    assert lines(unit, "OnCalendar")[-1] == "2027-03-28 03:00:00"


@needs_systemd
@pytest.mark.parametrize("folder", ["leads", "50% of $HOME"])
@pytest.mark.parametrize("is_user", [True, False])
def test_systemd_takes_the_units(tmp_path: Path, folder: str, *, is_user: bool) -> None:
    """It says nothing against them, and reads every path as it is."""
    place = tmp_path / folder
    python = place / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n", "utf-8")
    python.chmod(0o755)
    written = (place / 'a "b"', place / "it's")
    secrets = {"token_file": place / "to ken"}
    night = made(str(place), secrets=secrets, written=written, leapt=(LEAP,))
    units = [tmp_path / f"{night.job.label}.{kind}" for kind in ("service", "timer")]
    units[0].write_text(service_unit(night, is_user=is_user), "utf-8")
    units[1].write_text(timer_unit(night), "utf-8")
    ended = subprocess.run(
        [str(analyze), "verify", *map(str, units)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in ended.stderr.splitlines() if night.job.label in line]
    assert (ours, ended.returncode) == ([], 0), ended.stderr
