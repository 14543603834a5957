"""The ways to upload that are compared: each begins a process, and says what it heard."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bulk_loader.model import Status
from tests.tools.alternatives.counting import Word
from tests.tools.crash.processes import environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = Path(__file__).parent
COLUMNS = ("phone", "campaign", "data")
MOST_ROUNDS = 5
"""Newman has no retries, so people run what failed again; as often as the others try."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One list for one dialer."""

    directory: Path
    phones: Sequence[str]
    url: str
    token: str

    @property
    def leads(self) -> Path:
        return self.directory / "leads.csv"

    @property
    def answers(self) -> Path:
        """Whatever the process says."""
        return self.directory / "answers"

    def write(self, path: Path, phones: Sequence[str]) -> None:
        """A list of some phones; quoted, since Newman takes a bare number for a number."""
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = ([phone, "SALES", f"id={int(phone)}"] for phone in phones)
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([COLUMNS, *rows])

    def begin(self, *command: str | Path, **variables: str) -> subprocess.Popen[bytes]:
        """A process with a group of its own, so that it dies with all its children."""
        with self.answers.open("wb") as answers:
            return subprocess.Popen(
                [str(word) for word in command],
                cwd=self.directory,
                env=environment(**variables),
                stdin=subprocess.DEVNULL,
                stdout=answers,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )


def kill(process: subprocess.Popen[bytes]) -> None:
    """`kill -9`, children included."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Way(Protocol):
    """One way to upload."""

    @property
    def name(self) -> str:
        """As the table shows it."""

    def begin(self, errand: Errand) -> subprocess.Popen[bytes]:
        """Start to send the whole list, with the same command every time."""

    def hear(self, errand: Errand) -> Mapping[str, Word]:
        """The last word on each phone, once the process has ended; may send what failed again."""


@dataclass(frozen=True, slots=True)
class BulkLoader:
    """This program: the upload, and one `retry` of what was certainly not taken."""

    name: str = "bulk-loader upload, then retry"

    def begin(self, errand: Errand) -> subprocess.Popen[bytes]:
        return self._command(errand, "upload", "leads.csv", "--url", errand.url)

    def hear(self, errand: Errand) -> Mapping[str, Word]:
        self._command(errand, "retry", "leads.results.csv").wait()
        words = {Status.ACCEPTED: Word.IN, Status.UNKNOWN: Word.UNKNOWN}
        with (errand.directory / "leads.results.csv").open(encoding="utf-8", newline="") as file:
            return {
                row["phone"]: words.get(Status(row["dialer_status"]), Word.FAILED)
                for row in csv.DictReader(file)
            }

    def _command(self, errand: Errand, *arguments: str) -> subprocess.Popen[bytes]:
        return errand.begin(
            *(sys.executable, "-m", "bulk_loader", *arguments),
            BULK_LOADER_HOME=str(errand.directory / "home"),
            BULK_LOADER_TOKEN=errand.token,
        )


class _Loop:
    """A script that writes a line for each phone."""

    def hear(self, errand: Errand) -> Mapping[str, Word]:
        lines = errand.answers.read_text("utf-8").split()
        return {phone: Word(word) for phone, word in (line.split(",") for line in lines)}


@dataclass(frozen=True, slots=True)
class RequestsLoop(_Loop):
    """A script with requests.

    Attributes:
        python: an interpreter that has it.
    """

    name: str
    python: Path
    retries: int

    def begin(self, errand: Errand) -> subprocess.Popen[bytes]:
        script = HERE / "requests_loop.py"
        return errand.begin(
            self.python, script, errand.leads, errand.url, errand.token, str(self.retries)
        )


@dataclass(frozen=True, slots=True)
class CurlLoop(_Loop):
    """A shell script with curl."""

    name: str = "curl --retry 5 --retry-all-errors"

    def begin(self, errand: Errand) -> subprocess.Popen[bytes]:
        script = HERE / "curl_loop.sh"
        return errand.begin("sh", script, errand.leads, errand.url, errand.token)


@dataclass(frozen=True, slots=True)
class Newman:
    """Postman's command line with the list as iteration data.

    Attributes:
        program: the command itself.
    """

    program: Path
    name: str = "Newman, what failed run again"

    def begin(self, errand: Errand) -> subprocess.Popen[bytes]:
        return self._round(errand, errand.leads)

    def hear(self, errand: Errand) -> Mapping[str, Word]:
        said = self._words(errand, errand.phones)
        for _ in range(MOST_ROUNDS):
            failed = [phone for phone, word in said.items() if word is Word.FAILED]
            if not failed:
                break
            again = errand.directory / "again.csv"
            errand.write(again, failed)
            self._round(errand, again).wait()
            said |= self._words(errand, failed)
        return said

    def _round(self, errand: Errand, leads: Path) -> subprocess.Popen[bytes]:
        report = errand.directory / "report.json"
        report.unlink(missing_ok=True)
        return errand.begin(
            *(self.program, "run", HERE / "collection.json", "--iteration-data", leads),
            *("--env-var", f"url={errand.url}", "--env-var", f"token={errand.token}"),
            *("--reporters", "json", "--reporter-json-export", report),
            *("--timeout-request", "30000"),
        )

    def _words(self, errand: Errand, phones: Sequence[str]) -> dict[str, Word]:
        report = json.loads((errand.directory / "report.json").read_text("utf-8"))
        return {
            phones[execution["cursor"]["iteration"]]: _word(execution)
            for execution in report["run"]["executions"]
        }


def _word(execution: Mapping[str, object]) -> Word:
    assertions = execution.get("assertions") or []
    assert isinstance(assertions, list)
    passed = assertions and not any("error" in assertion for assertion in assertions)
    return Word.IN if passed and "requestError" not in execution else Word.FAILED
