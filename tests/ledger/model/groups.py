"""What one group does: judged, made durable, and heard of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.ledger.model.states import (
    ACCEPTED,
    CLASHED,
    DONE,
    DUPLICATE,
    FREE,
    HELD,
    NEW,
    READY,
    SENDING,
    UNKNOWN,
    Group,
    Lease,
    List,
    Program,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.ledger.model.rule import Rule
    from tests.ledger.model.states import Bounds

WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Groups:
    """The ledger's side of programs."""

    bounds: Bounds
    rule: Rule

    def judged(
        self, world: World, program: int, outcomes: Iterable[tuple[int, str]], rows: Iterable[int]
    ) -> Group:
        """Outcomes, and of some rows those that need not wait for another list."""
        found = ((row, self._verdict(world, program, row)) for row in rows)
        return Group(tuple(outcomes), tuple(pair for pair in found if pair[1] != WAITING))

    def _verdict(self, world: World, program: int, row: int) -> str:
        """Whether a row may be sent, by what other lists say of its contact at this moment."""
        own = self.bounds.programs[program]
        contact = self.bounds.contacts[own][row]
        found = SENDING
        for number, status in self._elsewhere(world, own, contact):
            if status in {SENDING, UNKNOWN} and self.rule.regards_doubts:
                if status == SENDING and is_live(world.lists[number].lease):
                    return WAITING
                found = HELD
            elif status == ACCEPTED and self._is_meanwhile(world, program, number, contact):
                found = found if found == HELD else DUPLICATE
        return found

    def _elsewhere(self, world: World, own: int, contact: int) -> Iterator[tuple[int, str]]:
        """What other lists say of a contact, and which of them."""
        for number, other in enumerate(world.lists):
            pairs = zip(self.bounds.contacts[number], other.leads, strict=True)
            if number != own:
                yield from ((number, status) for known, status in pairs if known == contact)

    def _is_meanwhile(self, world: World, program: int, other: int, contact: int) -> bool:
        """Accepted by another list since one's own was begun, as far as a program notices."""
        asleep = world.programs[program].asleep
        if asleep is not None and asleep == sessions(world, self.bounds, other):
            return False
        return contact not in (world.lists[self.bounds.programs[program]].before or ())

    def applied(self, world: World, program: int, group: Group) -> World:
        """The world in which a group is durable; where it meets an intent, its program ends."""
        number = self.bounds.programs[program]
        one = world.lists[number]
        leads = list(one.leads)
        for row, status in group.outcomes:
            leads[row] = status
        for row, status in group.verdicts:
            if leads[row] in FREE or (status == SENDING and not self.rule.writes_once):
                leads[row] = status
            elif status == SENDING:
                return with_program(world, program, Program(CLASHED))
        lease = one.lease
        if lease.holder == program:
            lease = Lease(program, is_over=False, is_ahead=True)
        return with_list(world, number, one._replace(leads=tuple(leads), lease=lease))

    def heard(self, world: World, program: int, group: Group) -> World:
        """The world in which a program knows that its group is durable."""
        one = world.programs[program]
        if one.phase == CLASHED:
            return world
        rows = list(one.rows)
        for row, _ in group.outcomes:
            rows[row] = DONE
        for row, status in group.verdicts:
            rows[row] = READY if status == SENDING else DONE
        number = self.bounds.programs[program]
        lease = world.lists[number].lease
        if lease.holder == program:
            noted = lease._replace(is_ahead=False)
            world = with_list(world, number, world.lists[number]._replace(lease=noted))
        known = one._replace(rows=tuple(rows), unheard=None, may_repeat=False)
        return with_program(world, program, known)


def with_list(world: World, number: int, one: List) -> World:
    """The world in which a list is another."""
    lists = world.lists
    return world._replace(lists=(*lists[:number], one, *lists[number + 1 :]))


def with_program(world: World, number: int, one: Program) -> World:
    """The world in which a program is another."""
    programs = world.programs
    return world._replace(programs=(*programs[:number], one, *programs[number + 1 :]))


def is_live(lease: Lease) -> bool:
    """Whether others see that somebody is at work on a list."""
    return lease.holder is not None and not lease.is_over


def sessions(world: World, bounds: Bounds, number: int) -> int:
    """How often a list was begun or gone on with."""
    pairs = zip(world.programs, bounds.programs, strict=True)
    return sum(program.phase != NEW for program, of in pairs if of == number)
