"""A log that has what is said, is this user's alone, and never changes what becomes of a run."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.choices import LogFormat
from bulk_loader.cli.app import run
from bulk_loader.cli.console import Console
from bulk_loader.cli.context import App
from bulk_loader.cli.log_files import LogFile
from bulk_loader.cli.logs import Event, Log
from bulk_loader.errors import SettingsError
from tests.support.faults import Fault
from tests.support.faulty_dialer import FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.faults import Reaction

RUN = "20260102-0304-abcdef"
RUN_ID = re.compile(r"\d{8}-\d{4}-[0-9a-f]{6}")


def moment() -> datetime:
    """Always the same."""
    return datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)


@pytest.fixture(autouse=True)
def _hangups() -> Iterator[None]:
    """What a log makes of SIGHUP ends with the test."""
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def leads() -> Leads:
    """A list that is still to be written."""
    return Leads(Path("leads.csv"))


def upload(leads: Leads, dialer: FaultyDialer, *arguments: str) -> int:
    """The exit code of an upload with a log."""
    told = ("--url", dialer.url, "--campaign", "A<-", "--log-file", "night.log", *arguments)
    return run(App(("upload", str(leads.path), *told)))


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULK_LOADER_TOKEN", "secret-token")


def lines() -> list[dict[str, str]]:
    """The lines of a log in JSON."""
    return [json.loads(line) for line in Path("night.log").read_text("utf-8").splitlines()]


class TestLines:
    """What a line has."""

    def test_a_line_has_time_level_run_and_sentence(self, tmp_path: Path) -> None:
        """In either form, and one line whatever the sentence holds."""
        for form in LogFormat:
            log = Log(now=moment)
            log.open(tmp_path / form, form)
            log.add(Event.NOTE, "Before.")
            log.run_id = RUN
            log.add(Event.ERROR, 'Two\nlines, \x1b[2J\u202e and "Muñoz".')
        at = "2026-01-02T03:04:05.678+00:00"
        assert (tmp_path / "text").read_text("utf-8").splitlines() == [
            f"{at} INFO - Before.",
            f'{at} ERROR {RUN} Two lines, \\x1b[2J\\u202e and "Muñoz".',
        ]
        raw = (tmp_path / "json").read_text("utf-8")
        assert "\x1b" not in raw
        assert [json.loads(line) for line in raw.splitlines()] == [
            {"at": at, "level": "INFO", "run_id": "", "event": "note", "text": "Before."},
            {
                "at": at,
                "level": "ERROR",
                "run_id": RUN,
                "event": "error",
                "text": 'Two lines, \x1b[2J\u202e and "Muñoz".',
            },
        ]

    def test_what_may_be_a_phone_number_is_masked(self, tmp_path: Path) -> None:
        """A header that is none may hold one; the names of runs are none."""
        console = Console(is_quiet=True)
        console.log.open(tmp_path / "log", LogFormat.TEXT)
        console.say(f'The column "0991234567" of {RUN}.')
        assert f'The column "…4567" of {RUN}.' in (tmp_path / "log").read_text("utf-8")


class TestRuns:
    """What a run leaves in it."""

    def test_a_run_begins_and_ends(self, leads: Leads) -> None:
        """Each with its id, and with what became of it; --quiet takes nothing away."""
        leads.write(*numbered(3))
        with FaultyDialer() as dialer:
            assert upload(leads, dialer, "--log-format", "json", "--quiet") == 0
        found = lines()
        began = next(n for n, line in enumerate(found) if line["event"] == "began")
        (run_id,) = {line["run_id"] for line in found[began:]}
        assert RUN_ID.fullmatch(run_id)
        assert found[-1]["event"] == "ended"
        assert found[-1]["text"] == f"Run {run_id} ended with 0: 3 accepted."
        assert "secret-token" not in Path("night.log").read_text("utf-8")
        assert stat.S_IMODE(Path("night.log").stat().st_mode) == 0o600

    def test_each_pause_has_a_line(self, leads: Leads) -> None:
        """At a terminal the first one is enough; who looks for the reason later needs them all."""
        leads.write(*numbered(2))
        throttled: Reaction = Fault.throttled(0)
        with FaultyDialer(dict.fromkeys(range(1, 5), throttled)) as dialer:
            assert upload(leads, dialer, "--log-format", "json", "--concurrency", "1") == 0
        events = [line["event"] for line in lines() if "slow down" in line["text"]]
        assert events == ["note", "waited", "waited", "waited"]

    def test_a_stop_has_a_line(self, leads: Leads) -> None:
        """With its reason, before the end."""
        leads.write(*numbered(3))
        with FaultyDialer(otherwise=Fault.UNAUTHORIZED) as dialer:
            assert upload(leads, dialer, "--log-format", "json") == 4
        *_, stopped, ended = lines()
        assert (stopped["event"], stopped["level"]) == ("stopped", "WARNING")
        assert stopped["text"].startswith("Stopped: The dialer refused the credentials")
        assert ended["text"].endswith(" ended with 4: 3 unsent.")

    def test_a_failure_before_the_run_has_a_line(self, leads: Leads) -> None:
        """A night without its list is not silent."""
        with FaultyDialer() as dialer:
            assert upload(leads, dialer, "--log-format", "json") == 3
        assert (lines()[-1]["event"], lines()[-1]["run_id"]) == ("error", "")

    def test_wrong_settings_have_a_line(self, leads: Leads) -> None:
        """Also those of the file, which may be why the log was not opened."""
        Path("bulk_loader.toml").write_text("rate = 'fast'")
        with FaultyDialer() as dialer:
            assert upload(leads, dialer, "--log-format", "json") == 2
        (line,) = lines()
        assert (line["event"], "rate" in line["text"]) == ("error", True)


class TestFile:
    """Where it is written."""

    def test_rotation_needs_no_signal(self, tmp_path: Path) -> None:
        """The next line is in a new file, which is private again; none is lost."""
        log = LogFile(tmp_path / "log")
        log.add("one")
        (tmp_path / "log").rename(tmp_path / "log.1")
        log.add("two")
        (tmp_path / "log").rename(tmp_path / "log.2")
        (tmp_path / "log").touch()
        log.add("three")
        found = [(tmp_path / name).read_text() for name in ("log.1", "log.2", "log")]
        assert found == ["one\n", "two\n", "three\n"]
        assert log.failure is None

    def test_a_planted_link_is_not_followed(self, tmp_path: Path) -> None:
        """In a folder like /tmp anybody could have put it there."""
        shared = tmp_path / "shared"
        shared.mkdir()
        shared.chmod(0o1777)
        victim = tmp_path / "victim"
        victim.write_text("precious")
        (shared / "log").symlink_to(victim)
        (shared / "hard").hardlink_to(victim)
        (shared / "dangling").symlink_to(tmp_path / "new")
        for name in ("log", "hard", "dangling"):
            with pytest.raises(SettingsError, match="The log can't be written"):
                LogFile(shared / name)
        assert victim.read_text() == "precious"
        assert not (tmp_path / "new").exists()
        LogFile(shared / "own").add("fine")
        assert (shared / "own").read_text() == "fine\n"

    def test_a_link_of_ones_own_is_followed(self, tmp_path: Path) -> None:
        """In a folder of one's own it is meant."""
        (tmp_path / "log").symlink_to(tmp_path / "elsewhere")
        LogFile(tmp_path / "log").add("line")
        assert (tmp_path / "elsewhere").read_text() == "line\n"

    @pytest.mark.parametrize("place", ["none/night.log", ".", "pipe"])
    def test_a_log_that_can_not_be_opened_sends_nothing(self, leads: Leads, place: str) -> None:
        """It is a setting like any other; a pipe that nobody reads is none."""
        os.mkfifo("pipe")
        leads.write(*numbered(3))
        with FaultyDialer() as dialer:
            assert upload(leads, dialer, "--log-file", place) == 2
            assert dialer.received == []

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to be had")
    def test_a_full_disk_changes_nothing(
        self, leads: Leads, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The leads are sent, the exit code is theirs, and the reason is said once."""
        leads.write(*numbered(3))
        with FaultyDialer() as dialer:
            assert upload(leads, dialer, "--log-file", "/dev/full") == 0
            assert len(dialer.recorded) == 3
        told = "The log lacks lines: No space left on device."
        assert capsys.readouterr().err.count(told) == 1

    def test_a_folder_that_is_gone_changes_nothing(self, tmp_path: Path) -> None:
        """Nothing is raised; that lines are missing is known."""
        (tmp_path / "folder").mkdir()
        log = LogFile(tmp_path / "folder" / "log")
        (tmp_path / "folder" / "log").unlink()
        (tmp_path / "folder").rmdir()
        log.add("lost")
        assert isinstance(log.failure, FileNotFoundError)


@pytest.fixture
def hang_up_ends() -> Iterator[None]:
    """What is started meets SIGHUP as usual, also where the tests run below `nohup`."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hang_up_ends")
def test_the_signal_of_rotation_does_not_end_a_run(leads: Leads) -> None:
    """It comes in the middle of a night's leads; without a log it still ends the command."""
    codes: dict[tuple[str, ...], int] = {}
    for log in ((), ("--log-file", "night.log")):
        leads.write(*numbered(3, first=1 + 3 * len(codes)))
        with FaultyDialer({1: Fault.ACCEPT.after(2.0)}) as dialer:
            told = ("--url", dialer.url, "--campaign", "A<-", "--concurrency", "1", *log)
            child = subprocess.Popen(
                [sys.executable, "-m", "bulk_loader", "upload", str(leads.path), *told],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            while not dialer.received and child.poll() is None:
                time.sleep(0.01)
            child.send_signal(signal.SIGHUP)
            codes[log] = child.wait()
    assert codes[()] == -signal.SIGHUP
    assert codes["--log-file", "night.log"] == 0
