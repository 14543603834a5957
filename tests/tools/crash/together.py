"""Several machines at the same moment: with one list, with overlapping ones, and with troubles."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

from tests.tools.crash.outages import die
from tests.tools.crash.processes import frozen
from tests.tools.crash.rivals import ASIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tools.crash.commands import Attempt, Command
    from tests.tools.crash.judge import Judge
    from tests.tools.crash.machines import SharedScene


def start_same_list(scene: SharedScene, judge: Judge) -> None:
    """Two or three machines begin one list; perhaps by a clock that ends what they hold at once."""
    first = scene.commands[0]
    machines = [first.home, *scene.others_than(first.home)][: scene.dice.choice((2, 3))]
    commands = [first, *(scene.at(first, home) for home in machines[1:])]
    for command in commands[1:]:
        judge.hand_over(first, command)
    attempts = []
    for command in commands:
        attempts.append(command.give())
        scene.pause(scene.dice.choice((0, 0, scene.dice.uniform(0, 1))), attempts[0])
    if scene.dice.random() < 0.5:
        _end_leases_meanwhile(attempts, scene, judge)
    else:
        _kill_some(attempts, scene, judge)
    _see_ends(attempts, judge)


def start_lists(scene: SharedScene, judge: Judge) -> None:
    """Two people on as many machines upload lists of mostly the same people."""
    attempts = _begin_lists(scene, judge)
    _kill_some(attempts, scene, judge)
    if scene.dice.random() < 0.5:
        scene.database.expire()
    _see_ends(attempts, judge)


def start_three_lists(scene: SharedScene, judge: Judge) -> None:
    """Three people, whom nothing disturbs but each other."""
    _see_ends(_begin_lists(scene, judge, lists=3), judge)


def start_beside_halted(scene: SharedScene, judge: Judge) -> None:
    """While a program stands still, another list of mostly the same people is begun elsewhere."""
    sleeper = scene.upload()
    scene.await_moment(sleeper)
    with frozen([sleeper]):
        judge.figures.stops += not sleeper.is_over
        scene.database.end_leases()
        others = _begin_lists(scene, judge, but=sleeper.command)
        for other in others:
            scene.await_moment(other)
    _see_ends([sleeper, *others], judge)


def start_lists_in_trouble(scene: SharedScene, judge: Judge) -> None:
    """Two lists, and meanwhile all that can befall programs, connections and the database."""
    attempts = _begin_lists(scene, judge)
    if attempts:
        scene.await_moment(scene.dice.choice(attempts))
    for _ in range(scene.dice.randint(2, 5)):
        alive = [attempt for attempt in attempts if not attempt.is_over]
        if alive:
            attempts += _trouble(alive, scene, judge)
            scene.pause(scene.dice.uniform(0, 1), alive[0])
    for attempt in attempts:
        if not attempt.is_over:
            attempt.signal(signal.SIGCONT)
    _see_ends(attempts, judge)


def _trouble(alive: Sequence[Attempt], scene: SharedScene, judge: Judge) -> list[Attempt]:
    """One of them; what begins because of it."""
    victim = scene.dice.choice(alive)
    match scene.dice.choice(("killed", "halted", "cut", "cut", "database", "unheard")):
        case "killed":
            _kill(victim, alive, judge)
            return _go_on_elsewhere(victim, scene, judge)
        case "halted":
            judge.figures.stops += not victim.is_over
            victim.signal(signal.SIGSTOP)
            return _go_on_elsewhere(victim, scene, judge)
        case "cut":
            judge.figures.cuts += scene.database.cut() > 0
        case "database":
            die(scene, judge)
        case "unheard":
            return _go_on_elsewhere(victim, scene, judge)
    return []


def _go_on_elsewhere(victim: Attempt, scene: SharedScene, judge: Judge) -> list[Attempt]:
    standing = [one for one in scene.commands if judge.is_same(one, victim.command)]
    return [scene.take_over(standing[0], judge).give()] if standing else []


def _begin_lists(
    scene: SharedScene, judge: Judge, lists: int = 2, but: Command | None = None
) -> list[Attempt]:
    """Begin all that have not come to their end.

    Args:
        but: what is under way already.
    """
    for number in range(len(scene.commands), lists):
        mark = scene.dice.choice(("", "b"))
        scene.add_list(f"list-{number + 1}.csv", scene.homes[number], mark)
    left = [one for one in scene.commands if not judge.has_finished(one) and one is not but]
    return [command.give() for command in left]


def _end_leases_meanwhile(attempts: Sequence[Attempt], scene: SharedScene, judge: Judge) -> None:
    """Until one has gone on with what another held, or all are over."""
    holders: set[int] = set()
    while len(holders) < 2 and not all(attempt.is_over for attempt in attempts):
        holders |= {one.pid for one in attempts if scene.database.is_held_by(one.pid)}
        scene.database.expire()
        time.sleep(0.01)
    judge.figures.takeovers += len(holders) > 1


def _kill_some(attempts: Sequence[Attempt], scene: SharedScene, judge: Judge) -> None:
    """At a random moment one of them, both or none."""
    if attempts:
        scene.await_moment(scene.dice.choice(attempts))
    for attempt in scene.dice.sample(attempts, min(len(attempts), scene.dice.choice((0, 1, 1, 2)))):
        _kill(attempt, attempts, judge)


def _kill(attempt: Attempt, others: Sequence[Attempt], judge: Judge) -> None:
    if not attempt.is_over:
        attempt.signal(signal.SIGKILL)
        attempt.end()
        judge.see_crash(attempt, others)


def _see_ends(attempts: Sequence[Attempt], judge: Judge) -> None:
    for attempt in attempts:
        if attempt.end() != -signal.SIGKILL:
            judge.see_end(attempt, *ASIDE, is_alone=False)
