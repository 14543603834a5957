"""The database of many machines is restored from an old backup, until the newest is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tools.crash.interruptions import kill
from tests.tools.crash.ledger_view import sent

if TYPE_CHECKING:
    from tests.tools.crash.judge import Judge
    from tests.tools.crash.machines import SharedScene


def restore_old(scene: SharedScene, judge: Judge) -> None:
    """Backed up before the list or in the middle; later it is as it was, and the command is given.

    It is given on the machine that sent last, or where all have the same folder: what stands beside
    a list is the witness, and whoever uploads a copy that has none beside it has no witness.
    """
    if scene.dice.random() < 0.7:
        attempt = scene.upload()
        scene.await_moment(attempt)
        kill(attempt, judge)
    _make_room(scene)
    scene.database.back_up()
    command = scene.commands[0] if scene.has_copies else scene.pass_on(scene.commands[0], judge)
    later = command.give()
    scene.await_moment(later)
    kill(later, judge)
    _make_room(scene)
    kept = scene.database.restore()
    judge.figures.kills += 1
    if not sent(kept) <= sent(scene.ledger):
        scene.calm()
        judge.see_refusal(command.give(), "the database was restored from an old backup")
    _make_room(scene)
    scene.database.bring_back()
    judge.expect_more(command)


def _make_room(scene: SharedScene) -> None:
    """Nobody is connected, and nothing is held."""
    scene.calm()
    scene.database.cut()
