from __future__ import annotations

import re
import shlex
import sqlite3
import stat
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs.macos
import platformdirs.unix
import pytest

from bulk_loader.cli.app import run
from bulk_loader.cli.context import App
from bulk_loader.cli.crashes import crash_error
from bulk_loader.desk import Desk, DeskOptions
from bulk_loader.jobs.running import run_job
from bulk_loader.reading.copies import PREFIX
from bulk_loader.settings.groups import SETTINGS
from bulk_loader.workflows.check import FIRST_TASKS, check
from bulk_loader.workflows.past_runs import forget_runs
from bulk_loader.workflows.upload import upload
from tests.jobs.fakes import FakeClock, job
from tests.support.faulty_dialer import FaultyDialer
from tests.support.uploads import Leads, dialer, leads, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings

    Make = Callable[..., Settings]

__all__ = ["dialer", "leads", "settings"]

PAGE = (Path(__file__).parent.parent / ".github/WHAT_WE_HOLD.md").read_text("utf-8")
PERSON = ("099123456", "Ana Muñoz")

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")


def table(title: str) -> list[list[str]]:
    """The cells of the table below a title, row by row."""
    below = PAGE[PAGE.index(f"## {title}") :]
    rows = [line for line in below.splitlines() if line.startswith("|")]
    until = next((n for n, row in enumerate(rows) if n > 1 and row.startswith("|---")), len(rows))
    rows = rows[2 : until - 1] if until < len(rows) else rows[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def named(title: str) -> set[str]:
    """The names in the first column of that table."""
    return {name for row in table(title) for name in re.findall(r"`([^`]+)`", row[0])}


def names(folder: Path) -> set[str]:
    """What stands in a folder; folders end with a stroke."""
    return {f"{path.name}{'/' * path.is_dir()}" for path in folder.iterdir()}


@pytest.fixture
def home(
    leads: Leads, dialer: FaultyDialer, settings: Make, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A state directory after an upload, a run of a job, and a fault of the program."""
    leads.write(PERSON, ("no tiene", "Luz"))
    told = settings(dialer, data="name={name}")
    upload(leads.path, told)
    monkeypatch.setenv("BULK_LOADER_HOME", str(told.home))
    crash_error(ValueError(PERSON[0]), has_started=False)
    run_job(job(told, leads.path.parent / "inbox" / "*.csv"), clock=FakeClock())
    with Desk(DeskOptions()):
        pass
    return told.home


def test_the_state_directory_holds_what_is_said(home: Path) -> None:
    """After an upload has ended, and a fault was written down."""
    while_open = {"ledger.sqlite3-wal", "ledger.sqlite3-shm", "ledger.busy"}
    assert names(home) == named("In the state directory") - while_open
    assert all(path.suffix == ".lock" and not path.stat().st_size for path in home.glob("locks/*"))


def test_while_a_program_sends_the_end_of_the_ledger_stands_beside_it(
    leads: Leads, settings: Make
) -> None:
    """These, and no others."""
    leads.write(PERSON)
    seen: set[str] = set()
    told = settings()

    def look(_request: object) -> None:
        seen.update(names(told.home))

    with FaultyDialer(look) as dialer:
        upload(leads.path, settings(dialer))
    assert seen == named("In the state directory") - {"crashes/", "desk/", "jobs/"}


@posix
def test_nobody_else_can_read_the_state_directory(home: Path) -> None:
    """Neither it nor anything in it."""
    for path in (home, *home.rglob("*")):
        usual = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == usual, path


def test_no_phone_number_or_name_is_kept(home: Path, leads: Leads) -> None:
    """Neither in the state directory nor in what says whose a results file is."""
    stamp = leads.path.with_name(".leads.results.csv.run")
    held = [path for path in (*home.rglob("*"), stamp) if path.is_file()]
    assert len(held) > 4
    for path in held:
        content = path.read_bytes()
        for text in PERSON:
            assert text.encode() not in content, path
            assert text.split()[0].encode() not in content, path


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_the_results_can_be_read_by_whoever_can_read_the_list(
    leads: Leads, dialer: FaultyDialer, settings: Make, mode: int
) -> None:
    """And what stands beside them is named as it is said."""
    leads.write(PERSON)
    leads.path.chmod(mode)
    upload(leads.path, settings(dialer, report=True))
    report = check(leads.path, settings(report=True)).report
    assert report is not None
    for path in (leads.results, leads.path.with_name("leads.report.html"), report):
        assert stat.S_IMODE(path.stat().st_mode) == mode
    left = {
        name.replace("leads", "NAME").replace("csv", "EXT") for name in names(leads.path.parent)
    }
    assert left - {"home/", "NAME.EXT"} == {
        name for name in named("Beside the list") if "part" not in name
    }


def test_of_a_forgotten_run_only_its_name_stays(home: Path) -> None:
    """Also where all are forgotten."""
    assert forget_runs(home, timedelta(0), timedelta(days=7)) == 1
    with closing(sqlite3.connect(home / "ledger.sqlite3")) as ledger:
        counts = {
            name: ledger.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
            for name in ("run", "lead", "written", "forgotten")
        }
    assert counts == {"run": 0, "lead": 0, "written": 0, "forgotten": 1}


def test_the_places_are_those_of_the_systems() -> None:
    """As far as they can be asked for here."""
    home = str(Path.home())
    linux = platformdirs.unix.Unix("bulk-loader", appauthor=False).user_state_dir
    macos = platformdirs.macos.MacOS("bulk-loader", appauthor=False).user_state_dir
    assert f"`{macos.replace(home, '~')}`" in PAGE
    assert linux.endswith("/bulk-loader")
    assert f"`{PREFIX}…`" in PAGE


def test_variables_and_lengths_of_time_are_ours() -> None:
    """A setting that gets another name or default is not forgotten here."""
    variables = {setting.variable for setting in SETTINGS.values()}
    assert set(re.findall(r"BULK_LOADER_\w+", PAGE)) <= variables
    assert f"`{SETTINGS['hold_doubts'].default}` (`--hold-doubts`)" in PAGE
    assert FIRST_TASKS == 3
    assert "the first three tasks" in " ".join(PAGE.split())
    assert "`keep_results = " in PAGE
    assert "keep_results" in SETTINGS


@pytest.mark.parametrize("line", sorted(set(re.findall(r"`bulk-loader (runs [^`]+)`", PAGE))))
def test_its_commands_are_understood(line: str) -> None:
    """Each of them with its options."""
    assert run(App([*shlex.split(line), "--help"])) == 0
