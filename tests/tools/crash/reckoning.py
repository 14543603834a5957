"""Everything that the results files say, held against everything that the dialer recorded."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, permutations
from typing import TYPE_CHECKING

from tests.tools.crash import calls, verdict
from tests.tools.crash.ledger_view import count_runs, has_gone_on_with_another, span

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from bulk_loader.model import Status
    from tests.tools.crash.commands import Command
    from tests.tools.crash.leads import LeadFile
    from tests.tools.crash.ledger_view import Span
    from tests.tools.crash.scene import Scene
    from tests.tools.crash.verdict import Bounds, Name, Told


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What is known at one moment at which nothing is under way.

    Attributes:
        told: by command, in the order in which they came up; several may tell of one list.
        recorded: by the dialer, over all lists.
    """

    scene: Scene
    told: dict[Command, list[Told]]
    recorded: Counter[Name]

    @classmethod
    def of(cls, scene: Scene, commands: Iterable[Command]) -> Reckoning:
        """Read the results of these commands and the dialer's record."""
        return cls(scene, {command: command.told for command in commands}, scene.recorded)

    @property
    def bounds(self) -> Bounds:
        """How often each lead is recorded, by all that was told."""
        lists = [
            verdict.by_strongest(
                verdict.bounds(self.told[command], is_anew=self._is_anew(command))
                for command in commands
            )
            for commands in self._by_list.values()
        ]
        return verdict.by_all(lists, is_shared=self._is_shared)

    @property
    def _is_shared(self) -> bool:
        """One list was gone on with by another one while its program was perhaps only thought dead.

        Then both tell of what was sent once, and the later one calls unknown what the first one may
        settle when it wakes up.
        """
        return self.scene.may_wake and has_gone_on_with_another(self.scene.ledger)

    @property
    def repeated(self) -> Counter[str]:
        """By phone, how many calls too many were recorded."""
        lists = [
            calls.allowed(
                reduce(operator.or_, (command.sheet.most for command in commands)),
                all_sent=self.scene.repeats,
            )
            for commands in self._by_list.values()
        ]
        final = self._final
        is_together = {
            (one, other): self._were_together(final[one], final[other])
            for one, other in combinations(range(len(final)), 2)
        }
        # Where both were under way at once, the doubt may be the other one's.
        doubted = () if any(is_together.values()) else calls.in_doubt(self.told[final[0]])
        allowed = calls.allowed_by_all(
            lists, are_together=lambda *pair: is_together[pair], doubted=doubted
        )
        return calls.repeated(calls.by_phone(self.recorded), allowed)

    @property
    def disregarded(self) -> list[str]:
        """Doubts of one list that a later list, or one at the same time, did not mind."""
        found = []
        for one, other in permutations(self._final, 2):
            is_together = self._were_together(one, other)
            if is_together or self._final.index(one) < self._final.index(other):
                doubted = calls.doubted_first(self.told[one], but_broken_off=self._is_shared)
                found += calls.disregarded(doubted, self.told[other], is_together=is_together)
        return found

    @property
    def told_away(self) -> list[str]:
        """Duplicates of leads that were never called, which nobody would look for again."""
        known = set(calls.by_phone(self.recorded))
        for told in self.told.values():
            known |= calls.in_doubt(told)
        return [
            sentence for told in self.told.values() for sentence in calls.told_away(told, known)
        ]

    @property
    def leads(self) -> int:
        """Leads of all lists."""
        return sum(len(command.sheet.names) for command in self._final)

    @property
    def lost(self) -> int:
        """Leads of which a results file does not tell the truth, or nothing."""
        return sum(
            verdict.lost(told, command.sheet.names, self.recorded)
            for command, told in self.told.items()
        )

    def count(self, status: Status) -> int:
        """Leads of one status."""
        return sum(row.status == status for command in self._final for row in self.told[command])

    @property
    def _by_list(self) -> dict[LeadFile, list[Command]]:
        """The commands of each list, the lists in the order in which their runs began."""
        lists: dict[LeadFile, list[Command]] = {}
        for command in sorted(self.told, key=self._began):
            lists.setdefault(command.sheet.origin, []).append(command)
        return lists

    @property
    def _final(self) -> list[Command]:
        """For each list the command that has the last word on it."""
        return [commands[-1] for commands in self._by_list.values()]

    def _began(self, command: Command) -> str:
        found = self._span(command)
        return found.began if found else ""  # it was forgotten, so it is the oldest

    def _is_anew(self, command: Command) -> bool:
        return len(self._by_list) > 1 and self._count_runs(command) > 1

    def _were_together(self, one: Command, other: Command) -> bool:
        first, second = self._span(one), self._span(other)
        return first is not None and second is not None and first.meets(second)

    def _span(self, command: Command) -> Span | None:
        return span(self.scene.ledger, command.sheet.path, self._copied(command))

    def _count_runs(self, command: Command) -> int:
        return count_runs(self.scene.ledger, command.sheet.path, self._copied(command))

    def _copied(self, command: Command) -> str:
        """What its copies are known by; "" where there are none."""
        return command.sheet.digest if self.scene.has_copies else ""
