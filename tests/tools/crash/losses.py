"""A ledger that is lost, older than its results, or another machine's, until it is brought back."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Protocol

from bulk_loader.errors import ExitCode
from bulk_loader.ledger.files import LEDGER_FILE
from bulk_loader.ledger.keys import KEY_FILE
from tests.tools.crash.interruptions import kill_uploader
from tests.tools.crash.ledger_view import sent
from tests.tools.crash.processes import frozen

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.crash.judge import Judge
    from tests.tools.crash.scene import Scene

LOG_LOST = "the ledger's -wal was deleted"
LOSSES = (
    "the ledger was deleted",
    "the ledger was emptied",
    LOG_LOST,
    "the ledger's key was deleted",
    "the state directory was deleted",
    "the ledger was put back to an earlier copy",
    "the state directory was another machine's",
)


def lose_ledger(scene: Scene, judge: Judge) -> None:
    """Killed or finished, then without its ledger, then with it again."""
    (command,) = scene.commands
    earlier, kept = scene.directory / "earlier", scene.directory / "kept"
    if scene.dice.random() < 0.5:
        _finish_after_copy(scene, judge, earlier)
    else:
        _kill_after_copy(scene, judge, earlier)
    shutil.copytree(scene.home, kept)
    # Only a crash leaves a log behind, so it is lost more often then.
    has_log = (scene.home / f"{LEDGER_FILE}-wal").exists()
    loss = scene.dice.choice((*LOSSES, *[LOG_LOST] * 3) if has_log else LOSSES)
    lose(loss, scene, earlier)
    if is_lost(scene.home, kept):
        judge.figures.kills += 1
        judge.see_refusal(command.give(), loss)
    _replace(scene.home, kept)
    shutil.rmtree(earlier, ignore_errors=True)
    judge.expect_more(command)


def _finish_after_copy(scene: Scene, judge: Judge, earlier: Path) -> None:
    attempt = scene.upload()
    scene.await_moment(attempt)
    with frozen([attempt]):
        shutil.copytree(scene.home, earlier)
    judge.see_end(attempt, ExitCode.STOPPED)


def _kill_after_copy(scene: Scene, judge: Judge, earlier: Path) -> None:
    """The copy is of the attempt before: one of the last second need not be noticed."""
    kill_uploader(scene, judge)
    shutil.copytree(scene.home, earlier)
    kill_uploader(scene, judge)


class Machine(Protocol):
    """Where something is lost."""

    @property
    def home(self) -> Path:
        """The state directory."""

    def run(self, *words: str) -> object:
        """Give a command, and wait for its end."""


def lose(loss: str, machine: Machine, earlier: Path) -> None:
    """Let one of the losses befall the state directory.

    Args:
        earlier: a copy of it as it was before.
    """
    home = machine.home
    match loss:
        case "the ledger was deleted":
            (home / LEDGER_FILE).unlink(missing_ok=True)
        case "the ledger was emptied":
            (home / LEDGER_FILE).write_bytes(b"")
        case "the ledger's -wal was deleted":
            (home / f"{LEDGER_FILE}-wal").unlink(missing_ok=True)
        case "the ledger's key was deleted":
            (home / KEY_FILE).unlink(missing_ok=True)
        case "the state directory was deleted":
            shutil.rmtree(home)
        case "the ledger was put back to an earlier copy":
            _replace(home, earlier)
        case "the state directory was another machine's":
            shutil.rmtree(home)
            machine.run("runs")  # makes a ledger of its own


def is_lost(home: Path, kept: Path) -> bool:
    """Whether a ledger lacks anything that was sent; before the first lead nothing can be lost."""
    was_sent = sent(kept)
    has_key = (home / KEY_FILE).exists()
    return bool(was_sent) and not (has_key and was_sent <= sent(home))


def _replace(directory: Path, other: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    other.rename(directory)
