from __future__ import annotations

import errno
import io
import json
import os
import pty
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.cli.console import MAX_UNSAID, Console
from bulk_loader.cli.streams import SafeStream
from bulk_loader.workflows.past_runs import past_runs
from tests.cli.test_end_to_end import statuses
from tests.support.faulty_dialer import Fault, FaultyDialer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.dialer_door import Request
    from tests.support.faults import Reaction, Turns

PROGRAM = (sys.executable, "-m", "bulk_loader")

needs_dev_full = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="a device that is always full is a thing of Linux"
)

# Redirections of a shell; SHUT is a pipe that nobody reads any more.
OUT_LOST = (">/dev/full", ">&-", ">&SHUT")
ERR_LOST = ("2>/dev/full", "2>&-", "2>&SHUT")
BOTH_LOST = (">/dev/full 2>/dev/full", "<&- >&- 2>&-", ">&SHUT 2>&SHUT")


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs commands with their streams redirected.

    Attributes:
        shut: writing end of a pipe whose other end is closed.
    """

    shut: int

    def run(self, *arguments: str, to: str = "") -> subprocess.CompletedProcess[str]:
        """How a command ended; its streams are those that it could write to."""
        redirected = to.replace("SHUT", str(self.shut))
        return subprocess.run(
            ["bash", "-c", f'exec "$@" {redirected}', "bash", *PROGRAM, *arguments],
            capture_output=True,
            check=False,
            encoding="utf-8",
            pass_fds=[self.shut],
            timeout=500,
        )


@pytest.fixture
def shell() -> Iterator[Shell]:
    """A shell with a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield Shell(writing)
    os.close(writing)


@pytest.fixture
def leads(monkeypatch: pytest.MonkeyPatch) -> str:
    """A list of three good leads, with a campaign and a token for them."""
    monkeypatch.setenv("BULK_LOADER_TOKEN", "t")
    monkeypatch.setenv("BULK_LOADER_CAMPAIGN", "SALES")
    Path("leads.csv").write_text("phone;name\n099123456;A\n099123457;B\n099123458;C\n", "utf-8")
    return "leads.csv"


def unsaid() -> str:
    """What the record of the newest run says could not be said."""
    return past_runs(Path(os.environ["BULK_LOADER_HOME"]))[0].unsaid


@needs_dev_full
@pytest.mark.parametrize("to", [*OUT_LOST, *ERR_LOST, *BOTH_LOST])
def test_what_became_of_the_leads_decides_how_the_command_ends(
    shell: Shell, leads: str, to: str
) -> None:
    """With either stream lost, all is sent, written down and told by the exit code."""
    doubt: dict[str | int, Reaction | Turns] = {"099123457": Fault.EMPTY_BODY}
    for script, code, status in (({}, 0, "accepted"), (doubt, 7, "unknown")):
        with FaultyDialer(script) as dialer:
            ended = shell.run("upload", leads, "--url", dialer.url, to=to)
            assert len(dialer.received) == 3
        assert ended.returncode == code, ended.stderr
        assert statuses("leads.results.csv") == ["accepted", status, "accepted"]
        assert "Traceback" not in ended.stdout + ended.stderr
        assert ("  accepted " in unsaid()) is (to not in ERR_LOST)
        assert ("leads.csv: 3 leads, header in row 1" in unsaid()) is (to not in OUT_LOST)
        if to in ERR_LOST:
            assert "  accepted " in ended.stdout
        if to in OUT_LOST[:2]:
            assert "What it lacks stands in: bulk-loader runs show 2" in ended.stderr


@needs_dev_full
@pytest.mark.parametrize("to", [">/dev/full", "2>/dev/full", ">&- 2>&-"])
def test_an_error_ends_with_its_own_code_where_it_can_not_be_told(
    shell: Shell, leads: str, to: str
) -> None:
    """Neither a wrong option, nor a missing file, nor their line of JSON ends otherwise."""
    del leads
    for arguments, code in ((("upload", "none.csv", "--sandbox", "--json"), 3), (("nonsense",), 2)):
        ended = shell.run(*arguments, to=to)
        assert ended.returncode == code
        assert "Traceback" not in ended.stdout + ended.stderr


@needs_dev_full
@pytest.mark.parametrize(
    "arguments", [("--help",), ("upload", "-h"), ("--version",), ("runs", "--json")]
)
@pytest.mark.parametrize(
    ("to", "code"),
    [(">/dev/full", 2), (">&-", 2), (">&- 2>&-", 2), (">&SHUT", 0), ("2>/dev/full", 0)],
)
def test_what_only_prints_fails_cleanly_where_it_can_not(
    shell: Shell, arguments: tuple[str, ...], to: str, code: int
) -> None:
    """A text that was asked for and is lost is an error, but not where its reader has enough."""
    ended = shell.run(*arguments, to=to)
    assert ended.returncode == code
    told = "What was asked for could not be written" in ended.stderr
    assert told is (to in (">/dev/full", ">&-"))
    assert "Traceback" not in ended.stderr


@needs_dev_full
@pytest.mark.parametrize("to", [">/dev/full", ">&- 2>&-"])
def test_a_check_and_what_writes_files_do_not_depend_on_being_heard(
    shell: Shell, leads: str, to: str
) -> None:
    """Their exit code tells of the leads and of the files."""
    for arguments in (("check", leads), ("init",), ("template", "new.xlsx")):
        ended = shell.run(*arguments, to=to)
        assert ended.returncode == 0
        assert "Traceback" not in ended.stdout + ended.stderr
        Path("bulk_loader.toml").unlink(missing_ok=True)
    assert Path("new.xlsx").exists()


@pytest.mark.parametrize("is_terminal", [False, True])
def test_an_error_stream_that_breaks_in_the_middle_stops_nothing(
    leads: str, *, is_terminal: bool
) -> None:
    """A log that is full, or a terminal that is gone with its bar, costs no lead its call."""
    reading, writing = pty.openpty() if is_terminal else os.pipe()

    def break_it(request: Request) -> Reaction | None:
        nonlocal reading
        if reading < 0 or request.task["destination"] != "099123457":
            return None
        os.close(reading)
        reading = -1
        return Fault.throttled(0)

    with FaultyDialer(break_it) as dialer:
        ended = subprocess.run(
            [*PROGRAM, "upload", leads, "--url", dialer.url, "--concurrency", "1"],
            stdout=subprocess.PIPE,
            stderr=writing,
            check=False,
            encoding="utf-8",
            timeout=500,
        )
        assert dialer.recorded == ["099123456", "099123457", "099123458"]
    os.close(writing)
    assert ended.returncode == 0
    assert statuses("leads.results.csv") == ["accepted"] * 3
    assert "asks to slow down" in unsaid()


@pytest.mark.parametrize("encoding", ["ascii", "cp037", "idna", "utf-16"])
def test_an_encoding_that_lacks_letters_stops_nothing(
    leads: str, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """Texts are shown as far as the terminal can, and JSON stays JSON."""
    name = Path(leads).rename("Muñoz 😀.csv").name
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    command = [*PROGRAM, "upload", name, "--sandbox", "--json"]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=500)
    assert ended.returncode == 0, ended.stderr
    told = ended.stdout.decode("ascii" if encoding == "idna" else encoding)
    assert Path(json.loads(told)["file"]).name == name
    assert b"Traceback" not in ended.stderr


def test_nothing_is_held_back_for_the_end_of_the_interpreter() -> None:
    """What could not be written is let go, and does not fail once more."""

    class Full(io.RawIOBase):
        is_full = True

        def __init__(self) -> None:
            self.taken = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            if self.is_full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            assert isinstance(data, memoryview)
            self.taken += data[:3]  # a disk that is nearly full takes a part
            return len(data[:3])

    device = Full()
    stream = SafeStream(io.TextIOWrapper(io.BufferedWriter(device), "utf-8"))
    assert stream.write("lost") == 4
    stream.flush()
    assert isinstance(stream.failure, OSError)
    device.is_full = False
    stream.write("taken\n")
    stream.close()
    assert device.taken == f"taken{os.linesep}".encode()


def test_a_stream_that_answers_at_once_is_waited_for() -> None:
    """A slow reader of a pipe that another program has made so misses nothing."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    text = "x" * 200_000  # more than a pipe holds
    with os.fdopen(writing, "w") as stream:
        reader = subprocess.Popen(["wc", "-c"], stdin=reading, stdout=subprocess.PIPE)
        os.close(reading)
        SafeStream(stream).put(text)
    assert reader.communicate(timeout=500)[0].split() == [b"200000"]


def test_a_stream_says_what_it_stands_for() -> None:
    """Libraries ask before they write, and must not fail by that."""
    gone = SafeStream(None)
    assert (gone.writable(), gone.isatty(), gone.encoding) == (True, False, "utf-8")
    assert gone.errors == "backslashreplace"
    with pytest.raises(OSError, match="Bad file descriptor"):
        gone.fileno()
    with pytest.raises(TypeError):
        gone.write(b"")  # type: ignore[arg-type]
    closed = io.StringIO()
    closed.close()
    assert not SafeStream(closed).isatty()
    assert SafeStream(sys.__stderr__).fileno() == 2


def test_bytes_of_a_name_are_shown_by_their_numbers() -> None:
    """A name that is no text is still told from another."""
    out = io.TextIOWrapper(io.BytesIO(), "ascii")
    SafeStream(out).put("caf\udce9 ñ \ud800")
    assert out.buffer.getvalue() == b"caf\\xe9 \\xf1 \\ud800"


def test_what_could_not_be_said_is_remembered_within_bounds() -> None:
    """The last texts are kept, and no phone number among them."""
    console = Console()
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream, redirect_stdout(stream):
        console.data("first")
        for number in range(MAX_UNSAID):
            console.data(f"{number} {'x' * 10_000}")
    assert len(console.unsaid) == MAX_UNSAID
    assert console.unsaid[0].startswith("0 xxx")
    assert max(map(len, console.unsaid)) < 10_000
    assert console.failure is None


def test_a_phone_number_in_a_header_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger holds none, also where the first row was taken for a header."""
    monkeypatch.setattr("sys.stderr", None)
    console = Console()
    console.say("Columns: destination <- 099123456. Run 20260102-0304-abcdef.")
    assert console.unsaid == ["Columns: destination <- …3456. Run 20260102-0304-abcdef."]
