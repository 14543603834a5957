from __future__ import annotations

import io
from contextlib import redirect_stderr
from datetime import UTC, datetime

import pytest

from bulk_loader.cli.console import Console
from bulk_loader.cli.progress import Progress
from bulk_loader.model import DialerTask, Status
from bulk_loader.sandbox import QueuedTask
from tests.cli.fakes import SOURCE


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that is wide enough for all statuses."""
    monkeypatch.setenv("COLUMNS", "100")


def send(progress: Progress) -> None:
    """A run of three leads."""
    with progress as watch:
        watch.started(3)
        watch.settled(Status.ACCEPTED, 2)
        watch.noted("The dialer asks to wait.")
        watch.settled(Status.REJECTED)


def test_draws_a_bar_on_a_terminal() -> None:
    """The bar ends at all leads, with their statuses, and notes stand above it."""
    with redirect_stderr(Terminal()) as terminal:
        send(Progress(Console(), has_bar=True, on_start=lambda: None))
    shown = terminal.getvalue()
    assert "3/3" in shown
    assert "accepted=2, rejected=1" in shown
    assert "The dialer asks to wait.\n" in shown


@pytest.mark.parametrize(("has_bar", "is_quiet"), [(False, False), (True, True)])
def test_draws_no_bar_where_none_is_wanted(*, has_bar: bool, is_quiet: bool) -> None:
    """Neither `--json` nor `--quiet` has a bar."""
    with redirect_stderr(Terminal()) as terminal:
        send(Progress(Console(is_quiet), has_bar=has_bar, on_start=lambda: None))
    assert terminal.getvalue() == ("" if is_quiet else "The dialer asks to wait.\n")


def test_draws_no_bar_into_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Where standard error is a file, it gets lines only."""
    send(Progress(Console(), has_bar=True, on_start=lambda: None))
    assert capsys.readouterr().err == "The dialer asks to wait.\n"


def test_speaks_plainly_again_after_the_bar() -> None:
    """What is said after the run does not wait for a bar that is gone."""
    console = Console()
    with redirect_stderr(Terminal()) as terminal:
        send(Progress(console, has_bar=True, on_start=lambda: None))
        console.say("Done.")
    assert terminal.getvalue().endswith("\nDone.\n")


def test_tells_that_sending_has_begun() -> None:
    """From the first request on, a fault must not be told as "nothing was sent"."""
    begun: list[bool] = []
    progress = Progress(Console(), has_bar=False, on_start=lambda: begun.append(True))
    progress.opened(SOURCE)
    assert begun == []
    progress.started(3)
    assert begun == [True]


def test_shows_the_beginning_of_the_sandboxs_queue(capsys: pytest.CaptureFixture[str]) -> None:
    """The first tasks are shown in the order of dialing, their numbers masked."""
    task = DialerTask(
        None, "POWER<-", "0991234567", "", "", "", "source", bulk=False, automatic=True
    )
    queue = [QueuedTask(number, datetime.now(UTC), task) for number in range(1, 8)]
    progress = Progress(Console(), has_bar=False, on_start=lambda: None)
    progress.queued([])
    progress.queued(queue[:1])
    progress.queued(queue)
    assert capsys.readouterr().err.splitlines() == [
        "The sandbox's queue holds 0 tasks.",
        "The sandbox's queue holds 1 task:",
        "     1  POWER<-  …4567",
        "The sandbox's queue holds 7 tasks:",
        *(f"     {number}  POWER<-  …4567" for number in range(1, 6)),
        "     …",
    ]
