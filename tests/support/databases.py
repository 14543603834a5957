"""A PostgreSQL server of the tests' own: in a temporary folder, as an ordinary user, on a socket."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.support.users import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin")


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; None where it is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    for place in _PLACES:
        folders = sorted(Path("/").glob(place.removeprefix("/")))
        if folders:
            return folders[-1]
    return None


class Server:
    """A server that can be ended and begun again, gently or not.

    Args:
        folder: of its data, its socket and its log; on a path that is short enough for a socket.
    """

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder = folder
        self._bin = bin_folder

    def url(self, database: str = "postgres") -> str:
        """The address of a database, by the socket."""
        return f"postgresql://tester@/{database}?host={quote(str(self.folder), safe='')}"

    def make(self) -> None:
        """Make its data, for whom nobody else knows."""
        self._run("initdb", "-D", "data", "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self, *options: str) -> None:
        """Begin, and return when it takes connections."""
        told = f"-k {self.folder} -c listen_addresses= -c max_connections=60 {' '.join(options)}"
        self._control("-l", "log", "-o", told, "start")

    def stop(self, mode: str = "fast") -> None:
        """End: `fast` cuts all connections, `immediate` is what a crash is."""
        self._control("-m", mode, "stop")

    def end(self) -> None:
        """End it whatever it is about; nothing where it has ended by itself."""
        with suppress(subprocess.CalledProcessError):
            self.stop("immediate")

    def kill(self) -> None:
        """`kill -9` for all of its processes, at once."""
        first, *others = self._processes()
        for pid in (first, *others):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            while True:  # a server that begins while another one is still dying gives up
                os.kill(first, 0)
                time.sleep(0.01)

    def copy(self, database: str, name: str) -> None:
        """One more database with all that another one has, to which nobody is connected."""
        self.ask("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{database}"')

    def rename(self, database: str, name: str) -> None:
        """Give a database another name, when nobody is connected."""
        self.ask("postgres", f'ALTER DATABASE "{database}" RENAME TO "{name}"')

    def limit_files(self, size: int | None) -> None:
        """No file of its may grow beyond so many bytes; None for any size. Only where is prlimit."""
        told = "unlimited" if size is None else str(size)
        for pid in self._processes():
            with suppress(subprocess.CalledProcessError):  # it has ended meanwhile
                self._run("prlimit", "--pid", str(pid), f"--fsize={told}:unlimited")

    def _processes(self) -> list[int]:
        """The first of them, whose limits the next ones have, and those that work."""
        others = self.ask("postgres", "SELECT pid FROM pg_stat_activity").split()
        first = (self.folder / "data" / "postmaster.pid").read_text("ascii").split()[0]
        return [int(first), *map(int, others)]

    @property
    def is_up(self) -> bool:
        """It takes connections."""
        try:
            self._run("pg_isready", "-q", "-d", self.url())
        except subprocess.CalledProcessError:
            return False
        return True

    def create(self, database: str) -> str:
        """A new database; its address."""
        self.ask("postgres", f'CREATE DATABASE "{database}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected."""
        self.ask("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def ask(self, database: str, statement: str) -> str:
        """What psql prints, without its frame."""
        return self._run("psql", "-X", "-q", "-At", "-d", self.url(database), "-c", statement)

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-s", "-D", "data", "-w", "-t", "120", *arguments)

    def _run(self, program: str, *arguments: str) -> str:
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if _is_root() else {}
        done = subprocess.run(
            [_path(self._bin, program), *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            # What begins after a crash remarks on it; what is wrong stands in the log.
            stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            text=True,
            check=True,
            timeout=300,
            **user,  # type: ignore[call-overload]
        )
        return (done.stdout or "").strip()


def _path(bin_folder: Path, program: str) -> Path | str:
    return bin_folder / program if (bin_folder / program).exists() else program


@contextmanager
def running_server(bin_folder: Path) -> Iterator[Server]:
    """A new server, gone with all its data at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a short path, as sockets need it
    try:
        if _is_root():
            os.chown(folder, NOBODY, NOBODY)
        server = Server(folder, bin_folder)
        server.make()
        server.start("-c fsync=off")  # no test pulls the plug
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server for all tests of this process."""
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed; on Debian: apt install postgresql")
    with running_server(folder) as server:
        yield server


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """The address of an empty database."""
    name = f"test-{secrets.token_hex(6)}"
    yield server.create(name)
    server.drop(name)
