"""What the ledger must not forget, unfinished runs and doubts, and how a doubt ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from bulk_loader.model import Status
from tests.tools.crash.interruptions import kill, kill_uploader
from tests.tools.crash.results import ResultsSheet

if TYPE_CHECKING:
    from tests.tools.crash.judge import Judge
    from tests.tools.crash.scene import Scene


def prune_between(scene: Scene, judge: Judge) -> None:
    """Old runs are forgotten while this one is under way or unfinished."""
    if scene.dice.random() < 0.5:
        kill_uploader(scene, judge)
        if not judge.is_finished:
            _prune(scene, judge)
        return
    upload = scene.upload()
    scene.await_moment(upload)
    _prune(scene, judge)
    # Not killed: it may have ended before, and is rightly forgotten then.
    judge.see_end(upload, ExitCode.STOPPED)


def upload_next_list(scene: Scene, judge: Judge) -> None:
    """Another list has the same people, and some are in doubt by the one before."""
    dice = scene.dice
    if dice.random() < 0.5:
        _prune(scene, judge)
    mark = dice.choice(("", "b"))
    command = scene.add("upload", scene.list.other(scene.directory / "next.csv", mark=mark))
    if dice.random() < 0.5:
        attempt = command.give()
        scene.await_moment(attempt)
        kill(attempt, judge)


def settle_doubts(scene: Scene, judge: Judge) -> None:
    """The operator looks up every doubt in the dialer, says what was found, and retries."""
    (upload,) = scene.commands
    (newest, *_) = json.loads(scene.run("runs", "--json").output)["runs"]
    recorded = scene.recorded
    found: dict[str, list[str]] = {"accepted": [], "unsent": []}
    for number, row in enumerate(upload.told, start=2):  # row 1 is the header
        if row.status == Status.UNKNOWN:
            status = "accepted" if recorded[row.name] else "unsent"
            found[status] += ["--row", str(number)]
    for status, rows in found.items():
        if rows:
            _run(scene, judge, "runs", "settle", newest["run_id"], *rows, "--as", status)
    scene.commands.remove(upload)
    scene.add("retry", ResultsSheet(upload.sheet.results, scene.list))


def _prune(scene: Scene, judge: Judge) -> None:
    _run(scene, judge, "runs", "prune", "--older-than", "0s", "--yes")


def _run(scene: Scene, judge: Judge, *words: str) -> None:
    process = scene.run(*words)
    if code := process.end():
        judge.blame(f"{process.name} ended with {code}")
