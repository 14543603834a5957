"""The database of many machines dies, is stopped, or can't be reached, while a list is sent."""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from tests.tools.crash.shared_database import BY_ERROR, BY_LIMIT, BY_LOG, DEATHS

if TYPE_CHECKING:
    from tests.tools.crash.commands import Attempt
    from tests.tools.crash.judge import Judge
    from tests.tools.crash.machines import SharedScene

AWAY = (ExitCode.STOPPED, ExitCode.USAGE)
"""How a command may end while the database is away: stopped, or before anything was sent."""

PATIENT_S = 120
"""Longer than room ever lacks, on a busy machine, too."""

FULL = "The disk of the database is full."


def kill_database(scene: SharedScene, judge: Judge) -> None:
    """It dies in the middle and is soon back; the upload waits and goes on."""
    attempt = scene.upload()
    scene.await_moment(attempt)
    die(scene, judge)
    see_end(attempt, judge)


def cut_connections(scene: SharedScene, judge: Judge) -> None:
    """Again and again, as a bad network does."""
    attempt = scene.upload()
    scene.await_moment(attempt)
    longest_s = scene.dice.choice((0.02, 0.1, 0.4))
    for _ in range(scene.dice.randint(1, 30)):
        if not attempt.is_over:
            judge.figures.cuts += scene.database.cut() > 0
            scene.pause(scene.dice.uniform(0, longest_s), attempt)
    see_end(attempt, judge)


def stay_away(scene: SharedScene, judge: Judge) -> None:
    """For longer than the upload waits, which then stops; another machine goes on later."""
    attempt = scene.commands[0].give("--retry-for", "1s")
    scene.await_moment(attempt)
    judge.figures.stops += 1
    with scene.database.down("fast"):
        try:
            attempt.end()
        except TimeoutError as error:
            judge.blame(str(error))
    see_end(attempt, judge)
    if not judge.is_finished:
        scene.take_over(attempt.command, judge)


def lack_room(scene: SharedScene, judge: Judge) -> None:
    """Its disk is full; room is made while the upload waits, or after it has stopped."""
    has_limits = shutil.which("prlimit") is not None
    how = scene.dice.choice([BY_LIMIT, BY_LOG, BY_ERROR] if has_limits else [BY_ERROR])
    patience_s = scene.dice.choice((1, PATIENT_S))
    attempt = scene.commands[0].give("--retry-for", f"{patience_s}s")
    scene.await_moment(attempt)
    judge.figures.stops += 1
    with scene.database.without_room(how):
        scene.pause(scene.dice.uniform(0, 4), attempt)
    see_end(attempt, judge)
    if not judge.is_finished:
        _see_reason(attempt, judge, how, patience_s)
        scene.take_over(attempt.command, judge)


def _see_reason(attempt: Attempt, judge: Judge, how: str, patience_s: int) -> None:
    """Make sure that an upload that a full disk ended said so, and had waited for room.

    Before anything is sent, nothing is waited for.
    """
    told = f"{attempt.errors}{attempt.output}"
    if how != BY_ERROR or "The ledger at" not in told:
        return
    if FULL not in told:
        judge.blame(f"{attempt.name} met a full disk and did not say so")
    stopped_why = json.loads(attempt.output or "{}").get("stopped_why", "")
    if FULL in stopped_why and patience_s == PATIENT_S:
        judge.blame(f"{attempt.name} stopped on a full disk, though it was to wait for room")


def die(scene: SharedScene, judge: Judge) -> None:
    """The database dies in any way, and is soon back."""
    how = scene.dice.choice(DEATHS)
    judge.figures.kills += how != "fast"
    judge.figures.stops += how == "fast"
    with scene.database.down(how):
        time.sleep(scene.dice.uniform(0, 1))


def see_end(attempt: Attempt, judge: Judge) -> None:
    """Hold a command to its end, and to what it left where that was no good one."""
    judge.see_end(attempt, *AWAY)
    if not judge.has_finished(attempt.command):
        judge.see_rest(attempt)
