"""The scene of one experiment: lists, a dialer, a ledger, and the commands that come and go."""

from __future__ import annotations

import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from tests.support.faulty_dialer import read_record
from tests.tools.crash.commands import Attempt, Command
from tests.tools.crash.leads import LeadFile
from tests.tools.crash.processes import DialerProcess, LoaderProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from tests.tools.crash.commands import Sheet
    from tests.tools.crash.ledger_view import Place
    from tests.tools.crash.verdict import Name

# A whole upload of these sizes takes about so long on a busy machine, start-up included.
WHOLE_UPLOAD_S = 3.0

# How often each kind of moment is met, in percent: any at all, in the sending, at its end, and
# when the results file is being written.
MOMENTS = {"any": 20, "sending": 60, "end": 10, "results": 10}


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the dice of one seed give.

    Attributes:
        size: leads of the file, without repeated and bad rows.
        faults: share of the requests that something befalls.
        latency_ms: of each answer, such that the sending takes some tenths of a second.
    """

    size: int
    concurrency: int
    faults: float
    latency_ms: float

    @classmethod
    def drawn(cls, dice: random.Random, concurrency: int | None) -> Self:
        """Other conditions for every state of the dice.

        Args:
            concurrency: None for any.
        """
        size = dice.randint(60, 400)
        concurrency = concurrency or dice.choice((1, 8, 32))
        sending_ms = dice.uniform(300, 900)
        return cls(size, concurrency, dice.uniform(0.02, 0.15), sending_ms * concurrency / size)


class Scene:
    """What is there before the first upload; a context manager, whose dialer ends with it.

    Args:
        repeats: the file has many equal rows, and all of them are to be sent.

    Attributes:
        list: what the first command uploads.
        commands: all that are to come to their end.
        has_copies: a list stands at several places, with the same content.
        may_wake: a program may only be thought dead, and go on later.
    """

    has_copies = False
    may_wake = False

    def __init__(
        self, directory: Path, seed: int, *, concurrency: int | None, repeats: bool
    ) -> None:
        self.dice = random.Random(seed)
        self.conditions = Conditions.drawn(self.dice, concurrency)
        self.directory = directory.resolve()  # as the ledger writes paths
        self.home = self.directory / "home"
        self.home.mkdir()
        self.repeats = repeats
        path = self.directory / "leads.csv"
        self.list = LeadFile(path, self.dice, self.conditions.size, repeats=repeats)
        self.commands: list[Command] = []
        self.add("upload", self.list)
        self._logs = 0
        self.dialer = DialerProcess(
            record=self.directory / "record.jsonl",
            token=f"token-{seed}",
            seed=seed,
            faults=self.conditions.faults,
            latency_ms=self.conditions.latency_ms,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.dialer.kill()

    @property
    def recorded(self) -> Counter[Name]:
        """How often the dialer recorded each lead so far."""
        record = read_record(self.dialer.record)
        return Counter((task["destination"], task["data"]) for task in record)

    @property
    def ledger(self) -> Place:
        """Where what was sent is remembered."""
        return self.home

    @property
    def homes(self) -> Sequence[Path]:
        """The state directories of all machines."""
        return [self.home]

    @property
    def variables(self) -> Mapping[str, str]:
        """What every command is told besides by its environment."""
        return {}

    def calm(self) -> None:
        """From now on nothing keeps a command from its end, as far as that can be had."""

    def await_rest(self) -> None:
        """Wait until nobody works for programs that are dead."""

    def add(self, verb: str, sheet: Sheet, home: Path | None = None) -> Command:
        """One more command that is to come to its end.

        Args:
            home: of its machine; None for the first.
        """
        self.commands.append(command := Command(self, verb, sheet, home or self.home))
        return command

    def upload(self) -> Attempt:
        """Give the first command once more."""
        return self.commands[0].give()

    def run(self, *words: str) -> LoaderProcess:
        """Give another command, and wait for its end."""
        told = {"BULK_LOADER_HOME": str(self.home), **self.variables}
        process = LoaderProcess(words, self.next_log(words[0]), **told)
        process.end()
        return process

    def next_log(self, verb: str) -> Path:
        """Where the next command writes what it says."""
        self._logs += 1
        return self.directory / f"{verb}-{self._logs}"

    def await_moment(self, attempt: Attempt) -> None:
        """Wait for a random moment of a command."""
        dice = self.dice
        match dice.choices(list(MOMENTS), list(MOMENTS.values()))[0]:
            case "any":
                self.pause(dice.uniform(0, WHOLE_UPLOAD_S), attempt)
            case "sending":
                self._await_share(attempt, dice.uniform(0, 0.8))
                self.pause(dice.uniform(0, 0.03), attempt)
            case "end":
                self._await_share(attempt, 0.8)
                self.pause(dice.uniform(0, 0.4), attempt)
            case "results":
                earlier = self._unfinished_results()
                self._wait(attempt, lambda: self._unfinished_results() not in (earlier, 0))

    def pause(self, seconds: float, attempt: Attempt) -> None:
        """Wait so long, or until the command is over."""
        until = time.monotonic() + seconds
        self._wait(attempt, lambda: time.monotonic() >= until)

    def _unfinished_results(self) -> int:
        """A mark of the results file that is being written; 0 where there is none."""
        with suppress(FileNotFoundError):
            return sum(path.stat().st_ctime_ns for path in self.directory.glob(".results-*"))
        return 0

    def _await_share(self, attempt: Attempt, share: float) -> None:
        """Wait until that share of what is left of the list is recorded."""
        sent = attempt.recorded_before - (attempt.command.recorded_at_first or 0)
        left = max(1, self.conditions.size - sent)
        wanted = attempt.recorded_before + 1 + int(left * share)
        self._wait(attempt, lambda: self.dialer.recorded >= wanted)

    def _wait(self, attempt: Attempt, until: Callable[[], bool]) -> None:
        while not attempt.is_over and not until():
            time.sleep(0.001)
