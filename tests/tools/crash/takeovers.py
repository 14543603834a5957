"""A program dies, or stands still for too long, and another machine goes on with its list."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.tools.crash import endings
from tests.tools.crash.interruptions import kill
from tests.tools.crash.ledger_view import look
from tests.tools.crash.processes import frozen
from tests.tools.crash.rivals import ASIDE

if TYPE_CHECKING:
    from tests.tools.crash.commands import Attempt
    from tests.tools.crash.judge import Judge
    from tests.tools.crash.ledger_view import Left
    from tests.tools.crash.machines import SharedScene


def kill_and_take_over(scene: SharedScene, judge: Judge) -> None:
    """`kill -9`; when it was not heard of for long enough, another machine goes on."""
    attempt = scene.upload()
    scene.await_moment(attempt)
    kill(attempt, judge)
    if not judge.is_finished:
        scene.take_over(attempt.command, judge)


def halt_and_wake(scene: SharedScene, judge: Judge) -> None:
    """A program stands still, another machine goes on with its list, and then it wakes up."""
    sleeper = scene.upload()
    scene.await_moment(sleeper)
    with frozen([sleeper]):
        judge.figures.stops += not sleeper.is_over
        was_held = scene.database.is_held_by(sleeper.pid)
        command = scene.take_over(sleeper.command, judge)
        rest = look(scene.ledger, sleeper.command.sheet.path)
        other = command.give()
        _let_go_on(other, sleeper, scene, judge)
        is_lost = was_held and not scene.database.is_held_by(sleeper.pid)
    if is_lost:
        _see_refused(sleeper, rest, judge)
    judge.see_end(sleeper, *ASIDE, is_alone=False)
    if other.end() != -signal.SIGKILL:
        judge.see_end(other, *ASIDE, is_alone=False)


def _let_go_on(other: Attempt, sleeper: Attempt, scene: SharedScene, judge: Judge) -> None:
    """For a while, to the end, or to its death."""
    scene.await_moment(other)
    match scene.dice.choice(("goes on", "goes on", "ends", "killed")):
        case "ends":
            other.end()
        case "killed" if not other.is_over:
            # What the one that sleeps is sending it settles itself as long as nobody took over.
            is_held = scene.database.is_held_by(sleeper.pid)
            other.signal(signal.SIGKILL)
            other.end()
            judge.see_crash(other, [sleeper] if is_held else [])


def _see_refused(sleeper: Attempt, rest: Left, judge: Judge) -> None:
    """Whose run was gone on with: what it was sending is in doubt for good, and it does no more."""
    judge.take_note(sleeper, rest)
    if sleeper.end() in endings.FINISHED and not rest.is_finished:
        judge.blame(f"{sleeper.name} woke up after another machine went on, and was not refused")
