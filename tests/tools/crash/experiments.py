"""One experiment: something befalls a command, and the same command is given until it ends."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from tests.tools.crash.judge import Judge
from tests.tools.crash.machines import SharedScene
from tests.tools.crash.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.tools.crash.judge import Figures
    from tests.tools.crash.servers import Servers

MOST_CALM_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table.

    Attributes:
        disturb: gives the command once, and lets something befall it.
        afterwards: what is done when the command came to its end; what it adds is given until
            it ends, too.
        at_last: what is done when all has been summed up.
        most_times: how often the command is disturbed at the most.
        tolerated: exit codes of later commands besides those of a run that finished or stopped.
        concurrency: None for any.
        repeats: the file has equal rows, all of which are to be sent.
        is_shared: on machines that share a ledger in PostgreSQL.
        why_not: why it can't be made on this machine; "" where it can.
    """

    name: str
    disturb: Callable[[Scene, Judge], None]
    afterwards: Callable[[Scene, Judge], None] | None = None
    at_last: Callable[[Scene, Judge], None] | None = None
    most_times: int = 3
    tolerated: tuple[int, ...] = ()
    concurrency: int | None = None
    repeats: bool = False
    is_shared: bool = False
    why_not: Callable[[], str] = lambda: ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one experiment ended.

    Attributes:
        violations: sentences; none where the promise held.
        directory: where everything lies that it left; gone where the promise held.
    """

    kind: Kind
    seed: int
    figures: Figures
    violations: list[str]
    directory: Path


def carry_out(
    kind: Kind, seed: int, place: Path, servers: Servers, disturbances: int | None = None
) -> Ended:
    """Make one experiment: disturb a command, then let everything come to its end.

    Args:
        servers: where those on many machines share their ledger.
        disturbances: how many times the command is disturbed; None for any number.
    """
    directory = Path(tempfile.mkdtemp(prefix=f"{seed}-", dir=place))
    with _scene(kind, directory, seed, servers) as scene:
        judge = Judge(scene)
        for _ in range(disturbances or scene.dice.randint(1, kind.most_times)):
            if not judge.is_finished:
                kind.disturb(scene, judge)
        _finish(scene, judge, kind.tolerated)
        if kind.afterwards is not None:
            kind.afterwards(scene, judge)
            _finish(scene, judge, kind.tolerated)
        judge.sum_up()
        if kind.at_last is not None:
            kind.at_last(scene, judge)
    if not judge.violations:
        shutil.rmtree(directory)
    return Ended(kind, seed, judge.figures, judge.violations, directory)


@contextmanager
def _scene(kind: Kind, directory: Path, seed: int, servers: Servers) -> Iterator[Scene]:
    if kind.is_shared:
        with (
            servers.one() as server,
            SharedScene(directory, seed, server, kind.concurrency) as shared,
        ):
            yield shared
    else:
        with Scene(directory, seed, concurrency=kind.concurrency, repeats=kind.repeats) as scene:
            yield scene


def _finish(scene: Scene, judge: Judge, tolerated: tuple[int, ...]) -> None:
    scene.calm()
    for _ in range(MOST_CALM_ROUNDS):
        for command in scene.commands:
            if not judge.has_finished(command):
                # Many unclear answers in a row stop a run rightly, and the same command goes on.
                judge.see_end(command.give(), ExitCode.STOPPED, *tolerated)
    if not judge.is_finished:
        judge.blame("the same command did not bring the run to its end")
