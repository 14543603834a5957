"""One command line, given again and again: what it reads, what it writes, how it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tests.tools.crash.processes import LoaderProcess
from tests.tools.crash.sheets import read_sheet
from tests.tools.crash.verdict import Told

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping
    from pathlib import Path

    from tests.tools.crash.leads import LeadFile
    from tests.tools.crash.scene import Scene
    from tests.tools.crash.verdict import Name


class Sheet(Protocol):
    """What a command reads: a list, or the results of one.

    Attributes:
        origin: the list that it stems from.
        most: for each phone, how often it stood there at most.
    """

    path: Path
    origin: LeadFile
    most: Counter[str]

    @property
    def results(self) -> Path:
        """Where the outcomes are written."""

    @property
    def names(self) -> list[Name]:
        """Of its leads as the dialer knows them, in the order of the rows."""

    @property
    def digest(self) -> str:
        """As the ledger knows this version of it."""

    def name_of(self, cells: Mapping[str, str]) -> Name:
        """Which lead a row of the results tells of."""


@dataclass(eq=False, slots=True)
class Command:
    """The same words to the shell, whatever has happened meanwhile.

    Attributes:
        verb: `upload` or `retry`.
        home: the state directory of the machine on which it is given.
        recorded_at_first: tasks that the dialer had recorded when it was given for the first time.
    """

    scene: Scene
    verb: str
    sheet: Sheet
    home: Path
    recorded_at_first: int | None = None

    def give(self, *flags: str, url: str = "") -> Attempt:
        """Begin once more; with other flags only if asked to."""
        return Attempt(self, [*flags, "--url", url or self.scene.dialer.url])

    @property
    def told(self) -> list[Told]:
        """What its results file says, row by row; nothing where there is none."""
        return [
            Told(
                self.sheet.name_of(cells),
                cells["dialer_status"],
                cells["dialer_result"],
                was_sent=not cells["dialer_error"].startswith("Not sent"),
                is_broken_off=cells["dialer_error"].startswith("The program ended"),
            )
            for cells in read_sheet(self.sheet.results)
        ]


class Attempt(LoaderProcess):
    """A command, given once.

    Attributes:
        digest: of the file that it reads, as it was then.
        recorded_before: tasks that the dialer had recorded then.
    """

    def __init__(self, command: Command, flags: list[str]) -> None:
        scene = command.scene
        self.command = command
        self.digest = command.sheet.digest
        self.recorded_before = scene.dialer.recorded
        if command.recorded_at_first is None:
            command.recorded_at_first = self.recorded_before
        super().__init__(
            [
                *(command.verb, command.sheet.path, "--json"),
                *("--concurrency", str(scene.conditions.concurrency)),
                *("--duplicates", "send" if scene.repeats else "skip"),
                *flags,
            ],
            scene.next_log(command.verb),
            BULK_LOADER_HOME=str(command.home),
            BULK_LOADER_TOKEN=scene.dialer.token,
            **scene.variables,
        )
