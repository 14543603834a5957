"""All that may happen next, at any moment.

Nothing here knows a clock. A program that is paused is one that does nothing for a while, and what
wakes it is its next step; a lease may be over at any moment, and its holder believes what it likes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.ledger.model.groups import (
    Groups,
    is_live,
    sessions,
    with_list,
    with_program,
)
from tests.ledger.model.rule import Rule, Silence
from tests.ledger.model.search import Step
from tests.ledger.model.states import (
    ACCEPTED,
    AGAIN,
    ALIVE,
    ANSWERS,
    DONE,
    FINAL,
    FREE,
    GONE,
    IDLE,
    NEW,
    NOTHING,
    READY,
    SENDING,
    UNKNOWN,
    UNSENT,
    Lease,
    List,
    Program,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ledger.model.states import Bounds, Group


@dataclass(frozen=True, slots=True)
class Steps:
    """What may follow a state."""

    bounds: Bounds
    rule: Rule = Rule()  # noqa: RUF009 - frozen
    groups: Groups = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", Groups(self.bounds, self.rule))

    def __call__(self, world: World) -> Iterator[Step[World]]:
        """Each step with the state after it."""
        yield from self._of_the_server(world)
        for number, one in enumerate(world.lists):
            yield from self._of_a_lease(world, number, one)
        for number, program in enumerate(world.programs):
            if program.phase == NEW:
                yield from self._begins(world, number)
            elif program.phase == ALIVE:
                yield Step(("program", number, "crashes"), False, _gone(world, number))
                yield from self._of_a_program(world, number, program)

    def _of_the_server(self, world: World) -> Iterator[Step[World]]:
        """It comes to the end of a group although its connection is lost, or gives it up."""
        if world.under_way is None:
            return
        number, group = world.under_way
        free = world._replace(under_way=None)
        yield Step(("server gives up the group of", number), True, free)
        done = self.groups.applied(free, number, group)
        yield Step(("server completes the group of", number), True, done)

    def _of_a_lease(self, world: World, number: int, one: List) -> Iterator[Step[World]]:
        holder = one.lease.holder
        if holder is None:
            return
        is_dead = world.programs[holder].phase != ALIVE
        if not one.lease.is_over:
            over = one._replace(lease=one.lease._replace(is_over=True))
            yield Step(
                ("lease of list", number, "is over"), is_dead, with_list(world, number, over)
            )
        elif not is_dead:
            kept = one._replace(lease=one.lease._replace(is_over=False))
            yield Step(("program", holder, "is heard of"), True, with_list(world, number, kept))

    def _begins(self, world: World, number: int) -> Iterator[Step[World]]:
        """A program takes a list that is free, or over by the clock, with all that that means."""
        of = self.bounds.programs[number]
        one = world.lists[of]
        earlier = zip(world.programs[:number], self.bounds.programs[:number], strict=True)
        is_next = all(program.phase != NEW for program, whose in earlier if whose == of)
        if not is_next or one.is_finished or is_live(one.lease) or self._is_kept_out(world):
            return
        left = UNKNOWN if self.rule.keeps_intents else NOTHING
        leads = tuple(left if status == SENDING else status for status in one.leads)
        taken = List(leads, Lease(number), self._before(world, of), is_finished=False)
        rows = tuple(IDLE if status in FREE else DONE for status in leads)
        program = Program(ALIVE, rows, asleep=self._asleep(world, of))
        after = with_program(with_list(world, of, taken), number, program)
        if one.before is None:
            after = after._replace(allowed=self._allowed(world, of, taken.before or frozenset()))
        yield Step(("program", number, "begins with list", of), True, after)

    def _before(self, world: World, of: int) -> frozenset[int]:
        """Contacts that lists which are asleep had accepted when this one was begun."""
        before = world.lists[of].before
        if before is not None:
            return before
        return frozenset(
            contact
            for number, other in enumerate(world.lists)
            if number != of and not is_live(other.lease)
            for contact, status in zip(self.bounds.contacts[number], other.leads, strict=True)
            if status == ACCEPTED
        )

    def _allowed(self, world: World, of: int, before: frozenset[int]) -> tuple[int, ...]:
        wanted = before & frozenset(self.bounds.contacts[of])
        return tuple(count + (who in wanted) for who, count in enumerate(world.allowed))

    def _asleep(self, world: World, of: int) -> int | None:
        """Where the rule forgets that who sleeps may wake: what it takes for another session."""
        if self.rule.regards_sleepers or world.lists[of].before is not None:
            return None
        others = [number for number in range(len(world.lists)) if number != of]
        asleep = [
            n
            for n in others
            if world.lists[n].before is not None and not is_live(world.lists[n].lease)
        ]
        return sessions(world, self.bounds, asleep[0]) if asleep else None

    def _is_kept_out(self, world: World) -> bool:
        return world.under_way is not None and self.rule.holds_dialer

    def _of_a_program(self, world: World, number: int, program: Program) -> Iterator[Step[World]]:
        of = self.bounds.programs[number]
        one = world.lists[of]
        yield from self._posts(world, number, program)
        if one.lease.holder != number:
            yield Step(
                ("program", number, "is told that its list is another's"),
                True,
                _gone(world, number),
            )
        if program.unheard is not None:
            yield from self._asks(world, number, program, program.unheard)
            return
        yield from self._commits(world, number, program)
        if one.lease.holder == number and all(row == DONE for row in program.rows):
            yield from self._ends(world, number, of)
            yield from self._decides(world, number, of)

    def _posts(self, world: World, number: int, program: Program) -> Iterator[Step[World]]:
        contacts = self.bounds.contacts[self.bounds.programs[number]]
        early = READY if self.rule.intends_first else IDLE
        for row, held in enumerate(program.rows):
            if held not in {READY, early}:
                continue
            for answer in ANSWERS:
                rows = (*program.rows[:row], answer, *program.rows[row + 1 :])
                after = with_program(world, number, program._replace(rows=rows))
                if answer != UNSENT:
                    posts = world.posts
                    who = contacts[row]
                    after = after._replace(posts=(*posts[:who], posts[who] + 1, *posts[who + 1 :]))
                yield Step(
                    ("program", number, "posts row", row, "and takes it for", answer), True, after
                )

    def _commits(self, world: World, number: int, program: Program) -> Iterator[Step[World]]:
        if self._is_kept_out(world):
            return
        outcomes = tuple(pair for pair in enumerate(program.rows) if pair[1] in ANSWERS)
        idle = [row for row, held in enumerate(program.rows) if held == IDLE]
        is_holder = world.lists[self.bounds.programs[number]].lease.holder == number
        seen = set()
        for count in sorted({0, min(1, len(idle)), len(idle)}):
            group = self.groups.judged(world, number, outcomes, idle[:count])
            if group in seen or not any(group):
                continue
            seen.add(group)
            if is_holder or self.rule.lets_in(group):
                yield from self._ends_of(world, number, program, group)

    def _ends_of(
        self, world: World, number: int, program: Program, group: Group
    ) -> Iterator[Step[World]]:
        """A group comes to be, or its connection is lost and nobody knows."""
        done = self.groups.applied(world, number, group)
        known = self.groups.heard(done, number, group)
        yield Step(("program", number, "commits", *group), True, known)
        if world.under_way is None:
            waits = with_program(world, number, program._replace(unheard=group, may_repeat=False))
            lost = waits._replace(under_way=(number, group))
            yield Step(("program", number, "loses its connection at", *group), False, lost)

    def _asks(
        self, world: World, number: int, program: Program, group: Group
    ) -> Iterator[Step[World]]:
        """What became of the group of which a program has not heard; and once more, if nothing."""
        lease = world.lists[self.bounds.programs[number]].lease
        is_holder = lease.holder == number
        if program.may_repeat:
            yield from self._repeats(world, number, program, group)
        elif self.rule.silence is Silence.IS_SUCCESS or (
            self.rule.silence is Silence.IS_ASKED_ABOUT and is_holder and lease.is_ahead
        ):
            known = self.groups.heard(world, number, group)
            yield Step(("program", number, "takes it for done"), True, known)
        elif is_holder:
            again = with_program(world, number, program._replace(may_repeat=True))
            yield Step(("program", number, "takes it for not done"), True, again)

    def _repeats(
        self, world: World, number: int, program: Program, group: Group
    ) -> Iterator[Step[World]]:
        lease = world.lists[self.bounds.programs[number]].lease
        if self._is_kept_out(world) or lease.holder != number:
            return
        if lease.is_ahead and self.rule.checks_number:
            known = self.groups.heard(world, number, group)
            yield Step(("program", number, "finds its group done"), True, known)
            return
        rows = [row for row, _ in group.verdicts]
        again = self.groups.judged(world, number, group.outcomes, rows)
        yield from self._ends_of(world, number, program, again)

    def _ends(self, world: World, number: int, of: int) -> Iterator[Step[World]]:
        """A program is through; what certainly was not sent is left for the next one."""
        one = world.lists[of]
        is_finished = all(status in FINAL for status in one.leads)
        left = one._replace(lease=Lease(), is_finished=is_finished)
        after = _gone(with_list(world, of, left), number)
        yield Step(("program", number, "ends; finished:", is_finished), True, after)

    def _decides(self, world: World, number: int, of: int) -> Iterator[Step[World]]:
        """A person has looked in the dialer, and has a doubt of this list sent again by its holder."""
        one, program = world.lists[of], world.programs[number]
        if not world.decisions or self._is_kept_out(world):
            return
        for row, status in enumerate(one.leads):
            if status != UNKNOWN:
                continue
            leads = (*one.leads[:row], AGAIN, *one.leads[row + 1 :])
            rows = (*program.rows[:row], IDLE, *program.rows[row + 1 :])
            after = with_program(world, number, program._replace(rows=rows))
            after = with_list(after, of, one._replace(leads=leads))
            who = self.bounds.contacts[of][row]
            allowed = tuple(n + (one == who) for one, n in enumerate(world.allowed))
            after = after._replace(allowed=allowed, decisions=world.decisions - 1)
            yield Step(("a person has row", row, "of list", of, "sent again"), False, after)


def _gone(world: World, number: int) -> World:
    """The world in which a program is no more, and with it all that it remembered."""
    return with_program(world, number, Program(GONE))
