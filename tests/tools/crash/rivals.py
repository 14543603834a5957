"""Commands under way at the same time: one list twice, two lists, two copies of its results."""

from __future__ import annotations

import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from tests.tools.crash.endings import REFUSALS
from tests.tools.crash.interruptions import leave_results
from tests.tools.crash.results import ResultsSheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tools.crash.commands import Attempt
    from tests.tools.crash.judge import Judge
    from tests.tools.crash.scene import Scene

ASIDE = (ExitCode.STOPPED, ExitCode.LOCKED, *REFUSALS)
"""How a command may end while another one has the list or its people: it is given again."""


def start_twice(scene: Scene, judge: Judge) -> None:
    """The same command in two windows."""
    first = scene.upload()
    scene.pause(scene.dice.uniform(0, 1), first)
    _live_through(scene, judge, [first, scene.upload()])


def start_two_lists(scene: Scene, judge: Judge) -> None:
    """Two people upload two lists of mostly the same people."""
    if len(scene.commands) == 1:
        mark = scene.dice.choice(("", "b"))
        scene.add("upload", scene.list.other(scene.directory / "others.csv", mark=mark))
    unfinished = [one for one in scene.commands if not judge.has_finished(one)]
    _live_through(scene, judge, [command.give() for command in unfinished])


def retry_two_copies(scene: Scene, judge: Judge) -> None:
    """Two people retry what an upload left, each in a copy of its own of the results."""
    if not leave_results(scene, judge):
        return  # which is noted already
    (upload,) = scene.commands
    scene.commands.remove(upload)  # from now on the leads are those of the two
    for name in ("leads.results (1).csv", "leads.results (2).csv"):
        copy = Path(shutil.copy(upload.sheet.results, scene.directory / name))
        scene.add("retry", sheet := ResultsSheet(copy, scene.list))
        if scene.dice.random() < 0.5:
            sheet.type_into(scene.dice)  # then it is no longer the same file by its content
    _live_through(scene, judge, [command.give() for command in scene.commands])


def _live_through(scene: Scene, judge: Judge, attempts: Sequence[Attempt]) -> None:
    """At a random moment kill one of them, all or none; the others end by themselves."""
    dice = scene.dice
    scene.await_moment(dice.choice(attempts))
    for attempt in dice.sample(attempts, min(len(attempts), dice.choice((0, 1, 1, 2)))):
        if not attempt.is_over:
            attempt.signal(signal.SIGKILL)
            attempt.end()
            judge.see_crash(attempt, attempts)
            time.sleep(dice.uniform(0, 0.3))
    for attempt in attempts:
        if attempt.end() != -signal.SIGKILL:
            judge.see_end(attempt, *ASIDE, is_alone=False)
