"""Judges one experiment while it goes on: every command that ends, every crash, the end of all."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bulk_loader.errors import ExitCode
from bulk_loader.model import Status
from tests.tools.crash import endings, verdict
from tests.tools.crash.ledger_view import look
from tests.tools.crash.processes import frozen
from tests.tools.crash.reckoning import Reckoning

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from tests.tools.crash.commands import Attempt, Command
    from tests.tools.crash.ledger_view import Left
    from tests.tools.crash.scene import Scene
    from tests.tools.crash.verdict import Name


@dataclass(slots=True)
class Figures:
    """One experiment in numbers.

    Attributes:
        kills: of the uploader, the dialer and the database; signals, full disks and lost ledgers
            included.
        takeovers: of what a program held that was under way, by another machine.
        cuts: of all connections to the database.
        stops: of programs that were let stand still, and of the database when nothing was killed.
        doubt: most leads in doubt after a crash, as a multiple of the concurrency.
    """

    kills: int = 0
    takeovers: int = 0
    cuts: int = 0
    stops: int = 0
    leads: int = 0
    recorded: int = 0
    accepted: int = 0
    unknown: int = 0
    twice: int = 0
    lost: int = 0
    doubt: float = 0.0


@dataclass(slots=True)
class Known:
    """What the judge knows of one command.

    Attributes:
        doubted: leads that were in doubt after a crash.
        is_finished: it came to its end, with nothing left to do.
    """

    doubted: Counter[Name] = field(default_factory=Counter)
    is_finished: bool = False


class Judge:
    """Holds what the program says against what the dialer recorded.

    Attributes:
        violations: sentences; none where the promise held.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._known: dict[Command, Known] = {}
        self._writers: dict[Path, Command] = {}
        self._abandoned: set[Path] = set()
        self.figures = Figures()
        self.violations: list[str] = []

    @property
    def is_finished(self) -> bool:
        """All commands came to their end."""
        return all(self.has_finished(command) for command in self._scene.commands)

    def has_finished(self, command: Command) -> bool:
        """One command came to its end, with nothing left to do."""
        return self._of(command).is_finished

    def expect_more(self, command: Command) -> None:
        """A command is to be given once more, though it may have come to its end."""
        self._of(command).is_finished = False

    def hand_over(self, old: Command, new: Command) -> None:
        """From now on another command stands for the same leads, and answers for their doubts.

        What a crash left of the old one's results file may stay where it is.
        """
        self._known[new] = self._of(old)  # what an old attempt ends with is known to both
        self._abandoned |= self._unfinished_results()

    def is_same(self, one: Command, other: Command) -> bool:
        """One of them was handed over to the other."""
        return self._of(one) is self._of(other)

    def see_crash(self, attempt: Attempt, others: Collection[Attempt] = ()) -> None:
        """Look into the ledger that a crash left: how many leads are in doubt, and which.

        Args:
            others: attempts that may still be under way.
        """
        self.figures.kills += 1
        self.see_rest(attempt, others)

    def see_rest(self, attempt: Attempt, others: Collection[Attempt] = ()) -> None:
        """The same where nobody was killed, but a command gave up.

        Args:
            others: as for a crash.
        """
        alive = [other for other in others if not other.is_over]
        if any(self.is_same(other.command, attempt.command) for other in alive):
            return  # what is being sent now is no doubt
        with frozen(alive):
            self._scene.await_rest()
            left = look(self._scene.ledger, attempt.command.sheet.path)
        self.take_note(attempt, left, is_alone=not alive)

    def take_note(self, attempt: Attempt, left: Left, *, is_alone: bool = True) -> None:
        """Hold a command to what it left in the ledger, which nobody but it could settle.

        Args:
            is_alone: nothing else was under way.
        """
        sheet, known = attempt.command.sheet, self._of(attempt.command)
        known.is_finished |= left.is_finished
        concurrency, rows = self._scene.conditions.concurrency, left.in_doubt
        self.figures.doubt = max(self.figures.doubt, len(rows) / concurrency)
        if len(rows) > 2 * concurrency:
            self.blame(f"{len(rows)} leads in doubt after a crash, of {concurrency} at a time")
        # A crash at the start may leave the run of the file as it was before an edit. And beside a
        # process that lives on, a commit that was cut off at its end may be there in the log, to be
        # overwritten by the next one: SQLite had not told anybody of it yet.
        if left.digest == attempt.digest and is_alone:
            known.doubted |= Counter(sheet.names[row - 2] for row in rows)  # row 1 is the header

    def see_end(self, attempt: Attempt, *allowed: int, is_alone: bool = True) -> None:
        """Hold a command that ended by itself against the record, and its code against the design.

        Args:
            allowed: codes besides those of a finished run.
            is_alone: nothing else was sending or writing meanwhile.
        """
        code = self.see_code(attempt, *allowed)
        if code is None:
            return
        grown = self._scene.dialer.recorded - attempt.recorded_before
        if is_alone and code in endings.REFUSALS and grown:
            self.blame(f"{attempt.name} ended with {code} and yet sent {grown} leads")
        summary = json.loads(attempt.output) if attempt.output.strip() else {}
        if "counts" in summary:  # an error gives a line too, which sums nothing up
            self._hear(summary, code, attempt.command, is_alone=is_alone)
        elif code in endings.FINISHED:
            self.blame(f"{attempt.name} ended with {code} and no summary")

    def see_code(self, attempt: Attempt, *allowed: int) -> int | None:
        """The exit code of a command that ended by itself, and whether it may be this one.

        Returns:
            None where it hung, or was interrupted before it could have a word about signals.
        """
        code = self._code(attempt)
        is_early = not attempt.has_begun and ExitCode.INTERRUPTED in allowed
        if code is None or (code < 0 and is_early):
            return None
        known = self._of(attempt.command)
        is_finished = code in endings.FINISHED or endings.is_refused_as_finished(
            code, attempt.errors
        )
        known.is_finished |= is_finished
        if not is_finished and code not in allowed:
            self.blame(f"{attempt.name} ended with {code}")
        return code

    def see_refusal(self, attempt: Attempt, why: str) -> None:
        """Make sure that a command that could not know what was sent sent nothing.

        Args:
            why: what had befallen, for the sentences.
        """
        code = self._code(attempt)
        grown = self._scene.dialer.recorded - attempt.recorded_before
        if code is not None:
            found = endings.not_refused(code, attempt.errors, grown)
            self.blame(*(f"{why}, and {attempt.name} was not refused: {what}" for what in found))

    def blame(self, *sentences: str) -> None:
        """Note a broken promise."""
        self.violations.extend(sentences)

    def sum_up(self) -> None:
        """After the last command: what the final results files say of all that happened."""
        scene, figures = self._scene, self.figures
        for unfinished in self._unfinished_results() - self._abandoned:
            self.blame(f"{unfinished.name} was left behind")
        reckoning = Reckoning.of(scene, filter(self._has_last_word, scene.commands))
        repeated = reckoning.repeated
        self.blame(*(f"{phone} was recorded {n} times too often" for phone, n in repeated.items()))
        self.blame(*verdict.untrue(reckoning.bounds, reckoning.recorded), *reckoning.disregarded)
        self.blame(*reckoning.told_away)
        for command, told in reckoning.told.items():
            self.blame(*verdict.incomplete(told, command.sheet.names))
            self.blame(*verdict.forgotten(self._of(command).doubted, told))
        figures.leads = reckoning.leads
        figures.recorded = reckoning.recorded.total()
        figures.accepted = reckoning.count(Status.ACCEPTED)
        figures.unknown = reckoning.count(Status.UNKNOWN)
        figures.twice = repeated.total()
        figures.lost = reckoning.lost
        if figures.lost:
            self.blame(f"{figures.lost} leads are lost")

    def _hear(
        self, summary: dict[str, Any], code: int, command: Command, *, is_alone: bool
    ) -> None:
        """Hold a summary against the results file that was written with it."""
        self._writers[command.sheet.results] = command
        if summary["exit_code"] != code:
            self.blame(f"the exit code is {code}, the summary says {summary['exit_code']}")
        if not is_alone:
            return  # another one may have written there since
        commands = self._scene.commands
        reckoning = Reckoning.of(self._scene, [command])
        told = reckoning.told[command]
        self.blame(*verdict.incomplete(told, command.sheet.names))
        is_only_one = len(commands) == 1
        self.blame(
            *verdict.untrue(reckoning.bounds, reckoning.recorded, others_to_tell=not is_only_one)
        )
        self.blame(*verdict.miscounted(summary, told), *endings.miscoded(code, told))

    def _code(self, attempt: Attempt) -> int | None:
        """How a command ended; None where it hung, which is noted."""
        try:
            code = attempt.end()
        except TimeoutError as error:
            self.blame(str(error))
            return None
        if "Traceback" in attempt.errors or any(
            (home / "crashes").exists() for home in self._scene.homes
        ):
            self.blame(f"{attempt.name} failed with a traceback")
        return code

    def _unfinished_results(self) -> set[Path]:
        return set(self._scene.directory.rglob(".results-*"))

    def _has_last_word(self, command: Command) -> bool:
        """No other command wrote its own rows into the same results file afterwards."""
        writer = self._writers.get(command.sheet.results, command)
        return writer is command or writer not in self._scene.commands

    def _of(self, command: Command) -> Known:
        return self._known.setdefault(command, Known())
