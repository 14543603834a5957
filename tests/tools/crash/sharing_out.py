"""All machines send one list together, while programs, connections and the database fail."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from tests.tools.crash.outages import die
from tests.tools.crash.processes import LoaderProcess
from tests.tools.crash.rivals import ASIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tools.crash.commands import Attempt, Command
    from tests.tools.crash.judge import Judge
    from tests.tools.crash.machines import SharedScene

ENDINGS = (ExitCode.OK, ExitCode.USAGE, ExitCode.STOPPED, -signal.SIGKILL)
"""How a helper may end: done, with nothing to help with, refused or stopped, or killed."""


class Helper(LoaderProcess):
    """`bulk-loader worker` on a machine that has the list where a command has it."""

    def __init__(self, command: Command) -> None:
        scene = command.scene
        super().__init__(
            [
                *("worker", command.sheet.path, "--wait", "10s", "--url", scene.dialer.url),
                *("--concurrency", str(scene.conditions.concurrency)),
            ],
            scene.next_log("worker"),
            BULK_LOADER_HOME=str(command.home),
            BULK_LOADER_TOKEN=scene.dialer.token,
            **scene.variables,
        )


def send_together(scene: SharedScene, judge: Judge) -> None:
    """One begins the list, two help; each of them may die, sleep, be cut off, or not be heard of."""
    command = scene.commands[0]
    attempts = [command.give("--spread", "--canary", str(scene.dice.choice((0, 0, 1))))]
    helpers = [Helper(scene.at(command, home)) for home in scene.others_than(command.home)]
    scene.await_moment(attempts[0])
    for _ in range(scene.dice.randint(1, 4)):
        attempts += _trouble(attempts[-1], helpers, scene, judge)
        scene.pause(scene.dice.uniform(0, 0.7), attempts[-1])
    if scene.dice.random() < 0.5:
        scene.database.end_leases()
    for process in (*attempts, *helpers):
        if not process.is_over:
            process.signal(signal.SIGCONT)
    for attempt in attempts:
        if attempt.end() != -signal.SIGKILL:
            judge.see_end(attempt, *ASIDE, is_alone=False)
    scene.database.end_leases()  # of those that were killed, so that nobody waits for them
    for helper in helpers:
        _see_end(helper, judge)


def _trouble(
    leader: Attempt, helpers: Sequence[Helper], scene: SharedScene, judge: Judge
) -> list[Attempt]:
    """One of what can befall them; what begins because of it."""
    alive = [process for process in (leader, *helpers) if not process.is_over]
    if not alive:
        return []
    victim = scene.dice.choice(alive)
    match scene.dice.choice(("killed", "killed", "halted", "cut", "database", "unheard")):
        case "killed":
            judge.figures.kills += 1
            victim.signal(signal.SIGKILL)
            victim.end()
            if victim is leader:
                return [scene.take_over(leader.command, judge).give("--spread")]
        case "halted":
            judge.figures.stops += 1
            victim.signal(signal.SIGSTOP)
            if victim is leader and scene.dice.random() < 0.5:
                return [scene.take_over(leader.command, judge).give("--spread")]
        case "cut":
            judge.figures.cuts += scene.database.cut() > 0
        case "database":
            die(scene, judge)
        case "unheard":
            scene.database.expire()
    return []


def _see_end(helper: Helper, judge: Judge) -> None:
    try:
        code = helper.end()
    except TimeoutError as error:
        judge.blame(str(error))
        return
    if code not in ENDINGS or "Traceback" in helper.errors:
        judge.blame(f"{helper.name} ended with {code}: {helper.errors[-300:]}")
