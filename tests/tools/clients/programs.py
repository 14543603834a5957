"""The clients of the vendor's page, as programs: what each needs, and how it is built and run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tools.clients.trial import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tools.clients.cases import Case

FOLDER = Path(__file__).parent / "sources"
# `make clients` fetches jQuery and jsdom to there.
_MODULES = Path(__file__).parents[3] / ".clients" / "node_modules"
# Where Debian's packages put jars: its policy for Java.
_JARS = Path("/usr/share/java")
_JARS_OF_OKHTTP = f"{_JARS}/okhttp.jar:{_JARS}/okio.jar"
_SECONDS = 300.0  # for what hangs; a busy machine may well take half a minute

_OF_OURS = ("{url}", "{authorization}", "{call}")
_OF_CURL = (
    "--silent", "--show-error", "--location", "--request", "POST", "{url}",
    "--header", "Authorization: {authorization}",
    "--header", "Content-Type: application/x-www-form-urlencoded",
    "--data-urlencode", "call={call}",
    "--write-out", "\n%{{http_code}}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """A command, or a file, and the package that has it."""

    what: str | Path
    package: str

    @property
    def is_met(self) -> bool:
        """It is there."""
        return self.what.exists() if isinstance(self.what, Path) else bool(shutil.which(self.what))

    def __str__(self) -> str:
        name = self.what.name if isinstance(self.what, Path) else f"command {self.what}"
        return f"there is no {name} ({self.package})"


@dataclass(frozen=True, slots=True)
class Client:
    """A program that sends one task, and prints the body of the answer and, below it, the status.

    In the command lines, `{place}` is the folder of what was built.

    Attributes:
        name: the head of its row.
        key: names its recording.
        build: run once, before the first task.
    """

    name: str
    key: str
    command: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    build: tuple[str, ...] = ()
    arguments: tuple[str, ...] = _OF_OURS

    @property
    def lack(self) -> str:
        """Why it can't run here; "" where it can."""
        return ", ".join(str(need) for need in self.needs if not need.is_met)


class Program:
    """A client that is ready to run.

    Args:
        place: an empty folder, for what is built.

    Raises:
        subprocess.CalledProcessError: it does not build, or does not end well.
    """

    def __init__(self, client: Client, place: Path) -> None:
        self._client = client
        self._place = place
        if client.build:
            _run([part.format(place=place) for part in client.build])

    def version(self) -> str:
        """What it is, such as `curl 7.88.1`."""
        return self._run(["--version"]).splitlines()[0].partition(" (")[0]

    def send(self, url: str, case: Case) -> Reply:
        """Send a task to an address."""
        values = {"url": url, "authorization": case.authorization, "call": case.call}
        body, _, status = self._run(
            [part.format(**values) for part in self._client.arguments]
        ).rpartition("\n")
        return Reply(int(status), body)

    def _run(self, arguments: Sequence[str]) -> str:
        return _run(
            [*(part.format(place=self._place) for part in self._client.command), *arguments]
        )


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(
        command, env=_environment(), stdout=subprocess.PIPE, check=True, timeout=_SECONDS
    )
    return done.stdout.decode()


def _environment() -> dict[str, str]:
    """Ours, but texts are UTF-8, and no proxy stands before the sandbox."""
    kept = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    return kept | {"LC_ALL": "C.UTF-8", "NODE_PATH": str(_MODULES)}


def _python(module: str) -> Client:
    command = (sys.executable, str(FOLDER / f"with_{module}.py"))
    return Client(f"Python, {module}", module, command)


def _okhttp(name: str, kind: str) -> Client:
    return Client(
        name,
        f"okhttp-{kind}",
        ("java", "-cp", f"{_JARS_OF_OKHTTP}:{{place}}", "WithOkHttp", kind),
        (
            Need("javac", "Debian: default-jdk-headless"),
            Need(_JARS / "okhttp.jar", "Debian: libokhttp-java"),
            Need(_JARS / "okio.jar", "Debian: libokio-java"),
        ),
        ("javac", "-cp", _JARS_OF_OKHTTP, "-d", "{place}", str(FOLDER / "WithOkHttp.java")),
    )


_NODE = Need("node", "Debian: nodejs, 18 or later")

CURL = Client(
    "curl", "curl", ("curl",), (Need("curl", "Debian: curl"),), arguments=_OF_CURL
)  # fmt: skip
PYTHON = (_python("urllib"), _python("requests"), _python("httpx"))
FETCH = Client("JavaScript, fetch", "fetch", ("node", str(FOLDER / "with_fetch.mjs")), (_NODE,))
JQUERY = Client(
    "jQuery",
    "jquery",
    ("node", str(FOLDER / "with_jquery.cjs")),
    (
        _NODE,
        Need(_MODULES / "jquery", "npm: jquery"),
        Need(_MODULES / "jsdom", "npm: jsdom"),
    ),
)
OKHTTP = (
    _okhttp("Java, OkHttp, FormBody", "form"),
    _okhttp("Java, OkHttp, RequestBody", "written"),
)
MONO = Client(
    "C#, HttpWebRequest",
    "webrequest",
    ("mono", "{place}/client.exe"),
    (Need("mcs", "Debian: mono-mcs"), Need("mono", "Debian: mono-runtime")),
    ("mcs", "-out:{place}/client.exe", str(FOLDER / "WithWebRequest.cs")),
)
CLIENTS = (CURL, *PYTHON, FETCH, JQUERY, *OKHTTP, MONO)
