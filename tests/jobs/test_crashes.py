from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import bulk_loader
from bulk_loader.errors import ExitCode
from tests.jobs.fakes import names, put
from tests.support.faulty_dialer import FaultyDialer
from tests.support.uploads import numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.faulty_dialer import Request

REPOSITORY = Path(bulk_loader.__file__).parents[1]
LEADS = 60
CONCURRENCY = 4
PEOPLE = [phone for phone, _ in numbered(LEADS)]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="another system kills otherwise")


class Nights:
    """A job in a folder of its own, run by a process that can be killed.

    Attributes:
        at: at which request the process gets which signal.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.inbox = folder, folder / "inbox"
        self.at: dict[int, int] = {}
        self.process: subprocess.Popen[str] | None = None
        rows = "".join(f"{phone},{name}\n" for phone, name in numbered(LEADS))
        put(self.inbox / "leads.csv", f"phone,name\n{rows}")

    def strike(self, request: Request) -> None:
        """For the dialer: what befalls the process when this request comes in."""
        number = self.at.get(request.ordinal)
        if number is not None and self.process is not None:
            self.process.send_signal(number)

    def configure(self, dialer: FaultyDialer) -> None:
        """The settings file of the job."""
        path = self.folder / "bulk_loader.toml"
        path.write_text(
            f'[job.night]\nurl = "{dialer.url}"\nfile = "inbox/*.csv"\nsettle = "0s"\n'
            f'campaign = "SALES"\nconcurrency = {CONCURRENCY}\n',
            "utf-8",
        )
        path.chmod(0o644)
        self.folder.chmod(0o755)

    def run(self, until: Callable[[], bool] | None = None) -> tuple[int, str]:
        """One night, killed as soon as something is so; how it ended, and what it said."""
        environ = {
            "PYTHONPATH": str(REPOSITORY),
            "BULK_LOADER_HOME": str(self.folder / "home"),
            "BULK_LOADER_TOKEN": "secret-token",
        }
        with subprocess.Popen(
            [sys.executable, "-m", "bulk_loader", "job", "run", "night", "--json"],
            cwd=self.folder,
            env=os.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            self.process = process
            while until is not None and process.poll() is None:
                if until():
                    process.kill()
                time.sleep(0.001)
            output, _ = process.communicate()
        return process.returncode, output


def statuses(results: Path) -> dict[str, str]:
    """Of each person in a results file."""
    with results.open(encoding="utf-8", newline="") as file:
        return {row["phone"]: row["dialer_status"] for row in csv.DictReader(file)}


def require_right(nights: Nights, dialer: FaultyDialer, night: dict[str, Any]) -> None:
    """All that was recorded is known, nobody was called twice, and all stands where it belongs."""
    (report,) = night["files"]
    assert night["outcome"] == "loaded"
    results = Path(report["results"])
    assert results.parent == nights.inbox / "done"
    assert Path(report["place"]).parent == nights.inbox / "done"
    assert len(names(nights.inbox / "done")) == 3
    for folder in ("", "working", "failed", "repeated"):
        assert names(nights.inbox / folder) == []
    found = statuses(results)
    called = Counter(dialer.recorded)
    assert max(called.values()) == 1
    assert {phone for phone, status in found.items() if status == "accepted"} <= called.keys()
    assert {found[phone] for phone in called} <= {"accepted", "unknown"}
    assert found.keys() == set(PEOPLE)
    doubts = Counter(found.values())["unknown"]
    assert doubts <= 2 * CONCURRENCY
    assert Counter(found.values())["accepted"] == LEADS - doubts
    assert night["exit_code"] == (ExitCode.IN_DOUBT if doubts else ExitCode.OK)


@pytest.mark.parametrize("at", [1, 2, 23, LEADS - 1, LEADS])
def test_a_night_that_is_killed_is_finished_by_the_next_without_a_second_call(
    tmp_path: Path, at: int
) -> None:
    """At the first lead, in the middle, and at the last; by what the dialer recorded."""
    nights = Nights(tmp_path)
    nights.at = {at: signal.SIGKILL}
    with FaultyDialer(nights.strike) as dialer:
        nights.configure(dialer)
        assert nights.run()[0] == -signal.SIGKILL
        assert names(nights.inbox) == []
        nights.at = {}
        code, output = nights.run()
        night = json.loads(output)
        assert code == night["exit_code"]
        require_right(nights, dialer, night)


def test_a_job_that_is_killed_again_and_again_ends_at_last(tmp_path: Path) -> None:
    """Each night goes on where the one before was killed."""
    nights = Nights(tmp_path)
    nights.at = dict.fromkeys((9, 27), signal.SIGKILL)
    with FaultyDialer(nights.strike) as dialer:
        nights.configure(dialer)
        while (ended := nights.run())[0] == -signal.SIGKILL:
            assert names(nights.inbox) == []
        night = json.loads(ended[1])
        doubts = night["counts"]["unknown"]
        assert doubts <= 2 * 2 * CONCURRENCY
        assert max(Counter(dialer.recorded).values()) == 1
        assert night["counts"]["accepted"] == LEADS - doubts


@pytest.mark.parametrize("pattern", ["working/*-leads.csv", "done/*.results.csv", "done/*"])
def test_a_night_that_is_killed_while_files_move_is_finished_by_the_next(
    tmp_path: Path, pattern: str
) -> None:
    """Just after the list was taken, and while it is put away."""
    nights = Nights(tmp_path)
    with FaultyDialer() as dialer:
        nights.configure(dialer)
        code, output = nights.run(lambda: any(nights.inbox.glob(pattern)))
        if code == -signal.SIGKILL:
            left = names(nights.inbox / "working")
            code, output = nights.run()
            if not left:  # all stood in its place already
                assert json.loads(output)["outcome"] == "no_file"
                assert sorted(dialer.recorded) == PEOPLE
                return
        require_right(nights, dialer, json.loads(output))


def test_sigterm_ends_a_night_between_two_leads(tmp_path: Path) -> None:
    """It says so, the list waits in working, and the next night leaves no doubt behind."""
    nights = Nights(tmp_path)
    nights.at = {20: signal.SIGTERM}
    with FaultyDialer(nights.strike) as dialer:
        nights.configure(dialer)
        code, output = nights.run()
        night = json.loads(output)
        assert code == night["exit_code"] == ExitCode.INTERRUPTED
        assert night["outcome"] == "interrupted"
        assert len(names(nights.inbox / "working")) == 3
        nights.at = {}
        code, output = nights.run()
        assert code == ExitCode.OK
        require_right(nights, dialer, json.loads(output))
