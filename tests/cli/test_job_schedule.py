from __future__ import annotations

import json
import os
import shlex
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.cli.documents import Document, schema_text
from bulk_loader.errors import ExitCode
from bulk_loader.jobs.schedules.zone import machine_zone
from tests.cli.test_schema import Judge
from tests.support.schedulers import FakeCrontab

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.sandbox import Sandbox
    from tests.cli.conftest import Ended

    Command = Callable[..., Ended]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="its crontab is a shell script")

LIST = "phone,campaign\n0991000001,A<-\n0991000002,A<-\n"
JOB = 'file = "inbox/*.csv"\nsettle = "0s"\nat = "02:00"\n'


@pytest.fixture
def command(real_command: Command) -> Command:
    """Here the program's own workflows run."""
    return real_command


@pytest.fixture
def crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeCrontab:
    """The only program that is found."""
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", str(place))
    return FakeCrontab(place)


@pytest.fixture
def night(crontab: FakeCrontab, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings file of a job whose token stands in a file, in a folder with an odd name."""
    assert not crontab.table.exists()
    place = Path("50% of Ana's leads").absolute()
    (place / "inbox").mkdir(parents=True)
    place.chmod(0o755)
    monkeypatch.chdir(place)
    monkeypatch.delenv("BULK_LOADER_TOKEN")
    token = place / "token"
    token.write_text(sandbox.token, "utf-8")
    token.chmod(0o600)
    return configure(f'url = "{sandbox.url}"\ntoken_file = "token"\n{JOB}')


def configure(job: str) -> Path:
    """A settings file of the user's own."""
    path = Path("bulk_loader.toml").absolute()
    path.write_text(f"[job.night]\n{job}", "utf-8")
    path.chmod(0o644)
    return path


def listed(command: Command) -> dict[str, Any]:
    """What a program is told of the only job."""
    out = command("job", "list", "--json").out
    (job,) = Judge(json.loads(schema_text())).read(out, Document.JOBS)["jobs"]
    schedule: dict[str, Any] = job["schedule"]
    return schedule


def test_what_is_installed_runs_as_it_stands(
    command: Command, night: Path, crontab: FakeCrontab, sandbox: Sandbox
) -> None:
    """From another directory, with an empty environment: the rows arrive, and the ledger knows."""
    ended = command("job", "schedule", "night", "--with", "cron")
    assert ended.code == 0, ended.err
    line = crontab.table.read_text("utf-8")
    assert ended.out == line
    assert line.startswith("0 2 * * * /usr/bin/env ")
    (night.parent / "inbox" / "leads.csv").write_text(LIST, "utf-8")
    words = line.split(" ", 5)[5].replace("\\%", "%")
    ran = subprocess.run(
        ["/bin/sh", "-c", words], env={}, cwd="/", capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert sandbox.queued == 2
    assert "loaded (exit code 0), 2 accepted" in command("job", "list").out


def test_only_shown_it_changes_nothing(command: Command, night: Path, crontab: FakeCrontab) -> None:
    """The times and days of the command line win over the settings."""
    words = ("--with", "cron", "--at", "03:15", "--at", "01:15", "--days", "mon-fri", "--print")
    ended = command("job", "schedule", "night", *words)
    assert (ended.code, ended.out[:25]) == (0, "15 1,3 * * 1,2,3,4,5 /usr")
    assert "at 01:15, 03:15, mon-fri, by the clock of this machine" in ended.err
    assert str(night) in " ".join(shlex.split(ended.out.replace("\\%", "%"), comments=True))
    assert not crontab.table.exists()


def test_the_list_tells_what_is_installed(
    command: Command, night: Path, crontab: FakeCrontab
) -> None:
    """What the settings want, what the machine has, and when it runs next."""
    assert listed(command)["installed"] is None
    assert "at 02:00, daily: not installed" in command("job", "list").out
    command("job", "schedule", "night", "--with", "cron")
    told = listed(command)
    assert (told["installed"], told["at"], told["is_outdated"]) == ("cron", ["02:00"], False)
    assert told["next_run"][11:16] == "02:00"
    assert "at 02:00, daily with cron, next " in command("job", "list").out
    night.write_text(night.read_text("utf-8").replace("02:00", "03:00"), "utf-8")
    assert listed(command)["is_outdated"] is True
    assert "but the settings say at 03:00, daily" in command("job", "list").out
    crontab.table.write_text(crontab.table.read_text("utf-8").replace("0 2", "@0 2"), "utf-8")
    told = listed(command)
    assert (told["installed"], told["at"], told["next_run"]) == ("cron", None, None)
    assert "edited by hand" in command("job", "list").out


def test_a_crontab_that_can_not_be_read_keeps_no_job_from_being_shown(
    command: Command, night: Path, crontab: FakeCrontab
) -> None:
    """Why it is not known is said."""
    assert night.exists()
    crontab.refuse("not allowed")
    ended = command("job", "list")
    assert ended.code == 0
    assert "not installed (The crontab of this user can't be read. Not allowed." in ended.out


def test_a_job_that_is_no_more_is_unscheduled(
    command: Command, night: Path, crontab: FakeCrontab
) -> None:
    """By its name, and without its file by the path that this had."""
    foreign = "0 1 * * * true  # mine\n"
    crontab.table.write_text(foreign, "utf-8")
    command("job", "schedule", "night", "--with", "cron")
    night.write_text("", "utf-8")
    ended = command("job", "unschedule", "night")
    assert (ended.code, ended.err) == (0, "Job night is taken away from cron.\n")
    assert crontab.table.read_text("utf-8") == foreign
    configure('sandbox = true\nat = "02:00"\nfile = "inbox/*.csv"\n')
    command("job", "schedule", "night", "--with", "cron")
    night.unlink()
    assert command("job", "unschedule", "night").code == ExitCode.USAGE
    assert "taken away" in command("job", "unschedule", "night", "--config", str(night)).err
    assert crontab.table.read_text("utf-8") == foreign
    ended = command("job", "unschedule", "night", "--config", str(night))
    assert (ended.code, ended.err) == (0, "Nothing is installed for job night.\n")


def test_a_job_of_the_same_name_in_another_file_is_another_one(
    command: Command, night: Path, crontab: FakeCrontab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither replaces the other, and each is taken away alone."""
    command("job", "schedule", "night", "--with", "cron")
    other = night.parent / "other"
    (other / "inbox").mkdir(parents=True)
    other.chmod(0o755)
    monkeypatch.chdir(other)
    configure('sandbox = true\nat = "02:00"\nfile = "inbox/*.csv"\n')
    command("job", "schedule", "night", "--with", "cron")
    assert len(crontab.table.read_text("utf-8").splitlines()) == 2
    command("job", "unschedule", "night")
    (line,) = crontab.table.read_text("utf-8").splitlines()
    assert "/other/" not in line


def test_a_token_that_only_this_shell_has_is_refused(
    command: Command, crontab: FakeCrontab, sandbox: Sandbox
) -> None:
    """At night there would be none; the error says what to do."""
    Path().absolute().chmod(0o755)
    Path("inbox").mkdir()
    configure(f'url = "{sandbox.url}"\n{JOB}')
    ended = command("job", "schedule", "night", "--with", "cron")
    assert ended.code == ExitCode.USAGE
    assert "would have no credentials at night" in ended.err
    assert "BULK_LOADER_TOKEN of this shell" in ended.err
    assert "token_file = " in ended.err
    assert sandbox.token not in ended.err
    assert not crontab.table.exists()


def test_what_only_this_shell_says_is_named(
    command: Command, night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other settings of the shell are no credentials, and still not there at night."""
    assert night.exists()
    monkeypatch.setenv("BULK_LOADER_CAMPAIGN", "B<-")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    ended = command("job", "schedule", "night", "--with", "cron", "--print")
    assert "Set in this shell, and not there at night: BULK_LOADER_CAMPAIGN" in ended.err
    assert "TZ of this shell does not count" in ended.err
    assert "B<-" not in ended.out


def test_a_job_that_a_check_faults_is_not_scheduled(
    command: Command, night: Path, crontab: FakeCrontab
) -> None:
    """All its faults are told, those of its times too."""
    night.write_text('[job.night]\nfile = "nowhere/*.csv"\nat = "2am"\nrates = 3\n', "utf-8")
    for words in (("check", "night"), ("schedule", "night", "--with", "cron")):
        ended = command("job", *words)
        assert ended.code == ExitCode.USAGE
        assert '2am is not a time of the day: write it as HH:MM, such as "02:00"' in (
            ended.out + ended.err
        )
        assert "Is rate meant?" in ended.out + ended.err
    assert not crontab.table.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--at", "25:00"), "--at: 25:00 is not a time of the day"),
        (("--days", "noday"), "--days: noday is not a list of days"),
        (("--days", ""), "--days:  is not a list of days"),
    ],
)
def test_a_time_that_is_none_is_told_with_its_option(
    command: Command, night: Path, words: tuple[str, ...], told: str
) -> None:
    """In the words of the settings."""
    assert night.exists()
    ended = command("job", "schedule", "night", "--with", "cron", *words)
    assert ended.code == ExitCode.USAGE
    assert told in ended.err


def test_without_any_time_the_places_for_it_are_named(command: Command, night: Path) -> None:
    """None is guessed."""
    night.write_text(night.read_text("utf-8").replace('at = "02:00"\n', ""), "utf-8")
    ended = command("job", "schedule", "night", "--with", "cron")
    assert ended.code == ExitCode.USAGE
    assert "No time is given for job night." in ended.err


def test_a_name_that_no_job_can_have_leads_nowhere(command: Command, crontab: FakeCrontab) -> None:
    """It would be a path to somebody's file."""
    assert crontab.folder.exists()
    ended = command("job", "unschedule", "../../x", "--config", "bulk_loader.toml")
    assert ended.code == ExitCode.USAGE
    assert "is not the name of a job" in ended.err


def test_where_machines_share_a_ledger_its_timers_say_that_they_are_timers(
    command: Command, night: Path, crontab: FakeCrontab, sandbox: Sandbox, database: str
) -> None:
    """So that one of them runs the night, and each lists on which; by hand it can be run again."""
    command("job", "schedule", "night", "--with", "cron")
    assert "--scheduled" not in crontab.table.read_text("utf-8")
    at = machine_zone().local(datetime.now(UTC) - timedelta(hours=12))  # no night ends meanwhile
    told = night.read_text("utf-8").replace("02:00", f"{at:%H:%M}")
    night.write_text(f"ledger = '{database}'\n{told}", "utf-8")
    ended = command("job", "schedule", "night", "--with", "cron")
    line = crontab.table.read_text("utf-8")
    assert ended.code == 0, ended.err
    (night.parent / "inbox" / "leads.csv").write_text(LIST, "utf-8")
    words = line.split(" ", 5)[5].replace("\\%", "%")
    said = []
    for _ in range(2):
        ran = subprocess.run(
            ["/bin/sh", "-c", words], env={}, cwd="/", capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        said.append(ran.stdout)
    assert "loaded, 2 accepted" in said[0]
    assert f"It was run on {gethostname()} from " in said[1]
    assert sandbox.queued == 2
    assert f" on {gethostname()}  loaded (exit code 0)" in command("job", "list").out
    assert command("job", "run", "night").code == ExitCode.BAD_FILE


def test_times_that_other_machines_do_not_know_make_no_common_night(
    command: Command, night: Path, crontab: FakeCrontab, database: str
) -> None:
    """They are told by the settings, which all have; others are installed with a word of that."""
    night.write_text(f"ledger = '{database}'\n{night.read_text('utf-8')}", "utf-8")
    ended = command("job", "schedule", "night", "--with", "cron", "--at", "03:15")
    assert "each of the machines that share the ledger runs it by itself" in ended.err
    assert "--scheduled" not in crontab.table.read_text("utf-8")
