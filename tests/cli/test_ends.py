from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import pytest

from bulk_loader.cli import main
from bulk_loader.cli.console import Console
from bulk_loader.errors import SettingsError, StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulk_loader.runs.watch import Watch
    from tests.cli.conftest import Ended
    from tests.cli.fakes import FakeVerbs

    Command = Callable[..., Ended]


def fails(fault: BaseException, *, begun: bool = False) -> Callable[[Watch], None]:
    """A workflow that breaks, before or after sending has begun."""

    def meanwhile(watch: Watch) -> None:
        if begun:
            watch.started(3)
        raise fault

    return meanwhile


def test_a_bug_is_told_in_plain_words_and_written_down(
    command: Command, verbs: FakeVerbs, tmp_path: Path
) -> None:
    """No traceback reaches the terminal, and none is lost."""
    verbs.meanwhile = fails(ZeroDivisionError("a bug"))
    ended = command("upload", "leads.csv")
    (report,) = (tmp_path / "home" / "crashes").iterdir()
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "Error: The program has a fault of its own: ZeroDivisionError.\n"
        f"What the program was doing stands in {report}\n"
        "Report it with that text, and try again.\n"
    )
    text = report.read_text("utf-8")
    assert text.startswith("Traceback")
    assert "in meanwhile\n    raise fault\nZeroDivisionError: (" in text
    assert "a bug" not in text  # it could quote a cell
    assert report.stat().st_mode & 0o777 == 0o600


def test_a_bug_after_the_first_request_says_that_the_run_goes_on(
    command: Command, verbs: FakeVerbs
) -> None:
    """The exit code never says "nothing was sent" where something may have been."""
    verbs.meanwhile = fails(ZeroDivisionError(), begun=True)
    ended = command("upload", "leads.csv")
    assert ended.code == 4
    assert "run the same command again: it goes on where it stopped" in ended.err


def test_a_bug_that_can_not_be_written_down_is_shown(
    command: Command, verbs: FakeVerbs, tmp_path: Path
) -> None:
    """Where no report can be written, the terminal is better than nowhere."""
    (tmp_path / "home").write_text("in the way")
    verbs.meanwhile = fails(ZeroDivisionError("a bug"))
    assert (
        "in meanwhile\n    raise fault\nZeroDivisionError: (" in command("upload", "leads.csv").err
    )


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (NameError("name 'x' is not defined"), "NameError: name 'x' is not defined"),
        (FileNotFoundError(2, "No such file", "x"), "FileNotFoundError: [Errno 2] No such file"),
        (StoppedError("0991234567"), "bulk_loader.errors.StoppedError: (its text is left out"),
    ],
)
def test_a_report_says_what_can_be_about_code_only(
    command: Command, verbs: FakeVerbs, tmp_path: Path, fault: Exception, told: str
) -> None:
    """What the interpreter or the system says is told; other texts may quote a cell."""

    def meanwhile(_watch: Watch) -> None:
        try:
            raise fault
        except type(fault) as cause:
            raise ValueError from cause

    verbs.meanwhile = meanwhile
    command("upload", "leads.csv")
    (report,) = (tmp_path / "home" / "crashes").iterdir()
    assert f"\n{told}" in report.read_text("utf-8")


@pytest.mark.parametrize("fault", [BrokenPipeError(32, "Broken pipe"), EOFError()])
def test_a_fault_is_not_taken_for_the_end_of_a_stream(
    command: Command, verbs: FakeVerbs, fault: Exception
) -> None:
    """Neither a connection that broke nor a file that ended hides a fault of the program."""
    verbs.meanwhile = fails(fault, begun=True)
    ended = command("upload", "leads.csv")
    assert ended.code == 4
    assert "The program has a fault of its own" in ended.err


def test_what_could_not_be_said_is_kept_with_the_run(
    command: Command, verbs: FakeVerbs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notes and errors alike, and none where there is no run to keep them with."""
    monkeypatch.setattr("sys.stderr", None)
    assert command("upload", "leads.csv").code == 0
    assert verbs.unsaid == {}

    def meanwhile(watch: Watch) -> None:
        watch.noted("The file was cut short.")
        watch.began("r1")
        raise StoppedError("It stopped.", "Line one.\nA trace.", "Go on.")

    verbs.meanwhile = meanwhile
    assert command("upload", "leads.csv").code == 4
    assert verbs.unsaid == {
        "r1": ("The file was cut short.", "Error: It stopped. Line one. Go on."),
    }


def test_a_record_that_can_not_be_written_changes_nothing(
    command: Command, verbs: FakeVerbs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk that is too full for the log may be too full for the ledger."""
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr(verbs, "unsaid", None)  # makes keeping anything fail
    verbs.meanwhile = lambda watch: watch.began("r1")
    ended = command("upload", "leads.csv")
    assert ended.code == 0
    assert ended.err == "Standard output can't be written: Bad file descriptor.\n"


def test_a_shell_is_answered_how_a_word_goes_on() -> None:
    """The completion that click documents works."""
    words = {"COMP_WORDS": "bulk-loader up", "COMP_CWORD": "1"}
    ended = subprocess.run(
        [sys.executable, "-m", "bulk_loader"],
        env={**os.environ, "_BULK_LOADER_COMPLETE": "bash_complete", **words},
        capture_output=True,
        check=True,
        timeout=500,
    )
    assert ended.stdout == b"plain,upload\n"


def test_an_interrupt_before_the_run_ends_with_130(command: Command, verbs: FakeVerbs) -> None:
    """Ctrl-C while the file is still being read is an interrupt like any other."""
    verbs.meanwhile = fails(KeyboardInterrupt())
    ended = command("check", "leads.csv")
    assert (ended.code, ended.out) == (130, "")
    assert ended.err.strip() == "Interrupted: nothing was sent."


def test_an_interrupt_after_the_sending_says_what_goes_on(
    command: Command, verbs: FakeVerbs
) -> None:
    """Who ends the writing of the results file is not left in silence."""
    verbs.meanwhile = fails(KeyboardInterrupt(), begun=True)
    ended = command("upload", "leads.csv")
    assert (ended.code, ended.out) == (130, "")
    assert ended.err.strip().endswith("goes on where it stopped: bulk-loader upload leads.csv")


@pytest.fixture
def own_signals() -> Iterator[None]:
    """What the end of the program ignores, and would be ignored by every child of the tests."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("own_signals")
def test_main_ends_the_process_with_the_code() -> None:
    """The code of `run` is that of the process."""
    with pytest.raises(SystemExit) as ended:
        main(["upload"])
    assert ended.value.code == 2


def test_a_reader_that_is_gone_changes_nothing() -> None:
    """`bulk-loader … | head` still ends with the code that tells of the leads."""
    script = (
        "from bulk_loader.cli.console import Console\n"
        "import sys\n"
        "for _ in range(3): Console().data('x' * 100)\n"
        "sys.exit(7)\n"
    )
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-c", script],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=500,
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (7, "")


def test_a_stream_that_broke_takes_more_lines() -> None:
    """After the reader is gone, each further line is let go in silence."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream, redirect_stdout(stream):
        console = Console()
        console.data("lost")
        console.data("lost, too")
    assert console.unsaid == ["lost", "lost, too"]


def test_a_terminal_with_few_letters_does_not_stop_a_run() -> None:
    """A name that the terminal can't show is shown by its code."""
    ended = subprocess.run(
        [sys.executable, "-c", "from bulk_loader.cli.console import Console as C; C().data('a→ñ')"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
        timeout=500,
    )
    assert ended.stdout == b"a\\u2192\xf1" + os.linesep.encode()


def test_a_quiet_console_still_fails_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    """Being quiet is about what goes well."""
    console = Console(is_quiet=True)
    console.say("nothing")
    console.data("something")
    streams = capsys.readouterr()
    assert (streams.out, streams.err) == ("something\n", "")


def test_a_command_that_did_nothing_still_gives_a_line_of_json(
    command: Command, verbs: FakeVerbs
) -> None:
    """A log of nightly runs has a line for the worst night, too."""
    verbs.meanwhile = fails(SettingsError("No dialer given.", "Looked everywhere.", "Give one."))
    ended = command("upload", "leads.csv", "--json")
    assert ended.code == 2
    found = json.loads(ended.out)
    assert (found["schema"], found["code"], found["exit_code"]) == ("error", "settings", 2)
    assert [found[part] for part in ("what", "why", "remedy")] == [
        "No dialer given.",
        "Looked everywhere.",
        "Give one.",
    ]
