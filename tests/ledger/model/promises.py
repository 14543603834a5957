"""What the rule promises, whatever happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.ledger.model.search import Promises
from tests.ledger.model.states import ACCEPTED, ALIVE, CLASHED, FINAL, NEW, NOTHING, READY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ledger.model.states import Bounds, World

ONCE = "a contact is posted once, unless somebody asked for more"
INTENT_FIRST = "what is about to be posted has an intent"
ONE_POSTER = "a row is about to be posted by one program, unless a person decided so"
NO_CLASH = "nobody meets an intent where it is about to write one"
ACCEPTED_STAYS = "what was accepted stays accepted"
ONE_STATUS = "each row of a finished list has its one status"
NONE_FORGOTTEN = "who lives comes to an end with its list"


def promises(bounds: Bounds) -> Promises[World]:
    """All of them, for worlds of these bounds."""
    judge = _Judge(bounds)
    return Promises(
        always={
            ONCE: judge.once,
            INTENT_FIRST: judge.intent_first,
            ONE_POSTER: judge.one_poster,
            NO_CLASH: judge.no_clash,
            ONE_STATUS: judge.one_status,
        },
        between={ACCEPTED_STAYS: judge.accepted_stays},
        at_rest={NONE_FORGOTTEN: judge.none_forgotten},
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    bounds: Bounds

    def once(self, world: World) -> bool:
        pairs = zip(world.posts, world.allowed, strict=True)
        return all(posts <= 1 + allowed for posts, allowed in pairs)

    def _ready(self, world: World) -> Iterator[tuple[int, int]]:
        """List and row of each that a program may post at any moment."""
        for of, program in zip(self.bounds.programs, world.programs, strict=True):
            yield from ((of, row) for row, held in enumerate(program.rows) if held == READY)

    def intent_first(self, world: World) -> bool:
        return all(world.lists[of].leads[row] != NOTHING for of, row in self._ready(world))

    def one_poster(self, world: World) -> bool:
        found = list(self._ready(world))
        return all(
            found.count((of, row)) <= 1 + world.allowed[self.bounds.contacts[of][row]]
            for of, row in found
        )

    def no_clash(self, world: World) -> bool:
        return all(program.phase != CLASHED for program in world.programs)

    def one_status(self, world: World) -> bool:
        finished = [one for one in world.lists if one.is_finished]
        return all(status in FINAL for one in finished for status in one.leads)

    def accepted_stays(self, before: World, after: World) -> bool:
        if before.lists is after.lists:
            return True
        return all(
            now == ACCEPTED
            for old, new in zip(before.lists, after.lists, strict=True)
            for was, now in zip(old.leads, new.leads, strict=True)
            if was == ACCEPTED
        )

    def none_forgotten(self, world: World) -> bool:
        """A list is finished, or all of its programs are dead and no other comes."""
        for number, one in enumerate(world.lists):
            pairs = zip(world.programs, self.bounds.programs, strict=True)
            mine = {program.phase for program, of in pairs if of == number}
            if not one.is_finished and mine & {ALIVE, NEW}:
                return False
        return True
