from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING

import psycopg
import pytest

import bulk_loader
from bulk_loader.errors import ExitCode
from bulk_loader.jobs.schedules.zone import machine_zone
from tests.jobs.fakes import names, put
from tests.support.faulty_dialer import FaultyDialer
from tests.support.uploads import numbered

if TYPE_CHECKING:
    from tests.support.faulty_dialer import Request

REPOSITORY = Path(bulk_loader.__file__).parents[1]
LEADS = 60
CONCURRENCY = 4

pytestmark = pytest.mark.skipif(os.name != "posix", reason="another system kills otherwise")


class Machines:
    """Machines with one job and one shared ledger, each a process with a home of its own.

    Attributes:
        at: at which request the process that sends gets which signal.
    """

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.inbox, self.database = folder, folder / "inbox", database
        self.at: dict[int, int] = {}
        self.process: subprocess.Popen[str] | None = None
        rows = "".join(f"{phone},{name}\n" for phone, name in numbered(LEADS))
        put(self.inbox / "leads.csv", f"phone,name\n{rows}")

    def strike(self, request: Request) -> None:
        """For the dialer: what befalls the process when this request comes in."""
        number = self.at.pop(request.ordinal, None)
        if number is not None and self.process is not None:
            self.process.send_signal(number)

    def configure(self, dialer: FaultyDialer) -> None:
        """The settings file of all; the night of each day began half a day ago."""
        at = machine_zone().local(datetime.now(UTC) - timedelta(hours=12))
        path = self.folder / "bulk_loader.toml"
        path.write_text(
            f'[job.night]\nurl = "{dialer.url}"\nfile = "inbox/*.csv"\nsettle = "0s"\n'
            f'campaign = "SALES"\nconcurrency = {CONCURRENCY}\nat = "{at:%H:%M}"\n'
            f"ledger = '{self.database}'\nkey_file = \"ledger.key\"\n",
            "utf-8",
        )
        path.chmod(0o644)
        self.folder.chmod(0o755)

    def start(self, name: str) -> subprocess.Popen[str]:
        """The timer of a machine goes off."""
        environ = {
            "PYTHONPATH": str(REPOSITORY),
            "BULK_LOADER_HOME": str(self.folder / name),
            "BULK_LOADER_TOKEN": "secret-token",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bulk_loader", "job", "run", "night", "--scheduled", "--json"],
            cwd=self.folder,
            env=os.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return self.process

    def run(self, name: str) -> tuple[int, str]:
        """The same; how it ended, and what it said."""
        with self.start(name) as process:
            output, _ = process.communicate()
        return process.returncode, output

    def heard_of(self, ago: str) -> None:
        """All machines were heard of so long ago, as the database sees it."""
        with psycopg.connect(self.database) as changing:
            changing.execute("UPDATE holding SET until = clock_timestamp() - %s::interval", (ago,))


def test_a_night_whose_machine_is_killed_is_finished_by_another(
    tmp_path: Path, database: str
) -> None:
    """Once nothing was heard of it for long enough; nobody is called twice, and a third one knows."""
    machines = Machines(tmp_path, database)
    machines.at = {23: signal.SIGKILL}
    with FaultyDialer(machines.strike) as dialer:
        machines.configure(dialer)
        assert machines.run("a")[0] == -signal.SIGKILL
        machines.heard_of("-1 hour")
        code, output = machines.run("b")
        assert code == ExitCode.LOCKED
        assert gethostname() in output
        machines.heard_of("1 s")
        code, output = machines.run("b")
        night = json.loads(output)
        doubts = night["counts"]["unknown"]
        assert code == night["exit_code"] == (ExitCode.IN_DOUBT if doubts else ExitCode.OK)
        assert "broke off" in night["notes"][0]
        assert doubts <= 2 * CONCURRENCY
        assert night["counts"]["accepted"] == LEADS - doubts
        assert max(Counter(dialer.recorded).values()) == 1
        late_code, output = machines.run("c")
        late = json.loads(output)
        assert late_code == late["exit_code"] == code
        assert (late["machine"], late["files"]) == (gethostname(), [])
        assert "is not run once more" in late["why"]


def test_a_machine_that_only_slept_ends_the_night_where_it_still_has_the_folders(
    tmp_path: Path, database: str
) -> None:
    """Another one leaves them to it, and no lead is sent twice."""
    machines = Machines(tmp_path, database)
    machines.at = {23: signal.SIGSTOP}
    with FaultyDialer(machines.strike) as dialer:
        machines.configure(dialer)
        with machines.start("a") as sleeper:
            os.waitpid(sleeper.pid, os.WUNTRACED)
            machines.heard_of("1 s")
            assert machines.run("b")[0] == ExitCode.LOCKED
            sleeper.send_signal(signal.SIGCONT)
            output, _ = sleeper.communicate()
        assert sleeper.returncode == json.loads(output)["exit_code"] == ExitCode.OK
        assert len(dialer.recorded) == LEADS
        assert max(Counter(dialer.recorded).values()) == 1
        assert names(machines.inbox / "working") == []
        code, output = machines.run("b")
        assert (code, json.loads(output)["files"]) == (ExitCode.OK, [])
