"""A scene on machines that share a ledger: a state directory each, and one database."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bulk_loader.ledger import Ledger
from bulk_loader.ledger.keys import KEY_FILE
from bulk_loader.ledger_place import LedgerPlace
from tests.tools.crash.commands import Command
from tests.tools.crash.leads import LeadFile
from tests.tools.crash.ledger_view import newest_path
from tests.tools.crash.scene import Scene
from tests.tools.crash.shared_database import SharedDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from tests.support.databases import Server
    from tests.tools.crash.judge import Judge

MACHINES = 3


class SharedScene(Scene):
    """As `Scene`; the lists lie in a folder that all machines have, or each has copies.

    Attributes:
        database: where the ledger is.
        has_copies: each machine reads a copy of its own of a list.
    """

    may_wake = True

    def __init__(self, directory: Path, seed: int, server: Server, concurrency: int | None) -> None:
        super().__init__(directory, seed, concurrency=concurrency, repeats=False)
        self.has_copies = self.dice.random() < 0.5
        self.database = SharedDatabase(server, f"crash-{directory.name}")
        self._homes = [self.home]
        self._copies = {self.list.path: self.list}
        with Ledger.open(LedgerPlace(self.home, url=self.database.url)):
            pass  # it makes the key
        for number in range(2, MACHINES + 1):
            home = self.directory / f"home-{number}"
            home.mkdir(mode=0o700)
            shutil.copy(self.home / KEY_FILE, home / KEY_FILE)
            self._homes.append(home)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        self.database.drop()

    @property
    def ledger(self) -> str:
        return self.database.url

    @property
    def homes(self) -> Sequence[Path]:
        return self._homes

    @property
    def variables(self) -> Mapping[str, str]:
        return {"BULK_LOADER_LEDGER": self.database.url}

    def calm(self) -> None:
        self.database.end_leases()

    def others_than(self, home: Path) -> list[Path]:
        """All machines but one, in any order."""
        return self.dice.sample([other for other in self._homes if other != home], MACHINES - 1)

    def await_rest(self) -> None:
        self.database.await_rest()

    def add_list(self, name: str, home: Path, mark: str) -> Command:
        """One more list of mostly the same people, which is uploaded on one of the machines."""
        place = self._folder(home) / name
        self._copies[place] = self.list.other(place, mark=mark)
        return self.add("upload", self._copies[place], home)

    def take_over(self, command: Command, judge: Judge) -> Command:
        """What is held is over, and another machine stands for the list from now on."""
        judge.figures.takeovers += self.database.end_leases() > 0
        return self.pass_on(command, judge)

    def pass_on(self, command: Command, judge: Judge) -> Command:
        """Another machine stands for the list from now on."""
        new = self.at(command, self.others_than(command.home)[0])
        self.replace(command, new, judge)
        return new

    def at(self, command: Command, home: Path) -> Command:
        """The same words to the shell of another machine."""
        sheet = command.sheet
        assert isinstance(sheet, LeadFile)
        if self.has_copies:
            place = self._folder(home) / sheet.path.name
            if place not in self._copies:
                self._copies[place] = sheet.saved_as(place)
            sheet = self._copies[place]
        return Command(self, command.verb, sheet, home, command.recorded_at_first)

    def follow(self, judge: Judge) -> None:
        """The machine that went on with a list last stands for it from now on."""
        for command in self.commands.copy():
            path = newest_path(self.ledger, command.sheet.digest)
            if self.has_copies and path is not None and path != command.sheet.path:
                (home,) = (home for home in self._homes if self._folder(home) == path.parent)
                self.replace(command, self.at(command, home), judge)

    def _folder(self, home: Path) -> Path:
        """Where the lists of a machine stand."""
        if not self.has_copies or home == self.home:
            return self.directory
        folder = self.directory / f"lists-{self._homes.index(home) + 1}"
        folder.mkdir(exist_ok=True)
        return folder

    def replace(self, old: Command, new: Command, judge: Judge) -> None:
        """One command is to come to its end instead of another one."""
        self.commands[self.commands.index(old)] = new
        judge.hand_over(old, new)


def on_machines(
    disturb: Callable[[SharedScene, Judge], None],
) -> Callable[[Scene, Judge], None]:
    """What befalls machines that share a ledger, where any scene could be."""

    def befall(scene: Scene, judge: Judge) -> None:
        assert isinstance(scene, SharedScene)
        disturb(scene, judge)
        scene.follow(judge)

    return befall
