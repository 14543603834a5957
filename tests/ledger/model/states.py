"""What there is in the model: lists, who holds them, programs, and a dialer that counts.

All are tuples of tuples and words, since millions of them are hashed and compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

# What the ledger says of a row. HELD is `unknown` too: left out because of the doubt of another
# list. AGAIN is what a person decided to have sent once more.
NOTHING = ""
SENDING = "sending"
ACCEPTED = "accepted"
UNKNOWN = "unknown"
UNSENT = "unsent"
HELD = "held"
DUPLICATE = "duplicate"
AGAIN = "again"

FREE = frozenset({NOTHING, UNSENT, AGAIN})
"""An intent may be written."""

FINAL = frozenset({ACCEPTED, UNKNOWN, HELD, DUPLICATE})

# What a program holds in memory of a row, besides an answer that is not durable yet.
IDLE = "idle"
READY = "ready"
DONE = "done"

ANSWERS = (ACCEPTED, UNKNOWN, UNSENT)

# What became of a program. One is CLASHED that was about to write an intent over another.
NEW = "new"
ALIVE = "alive"
GONE = "gone"
CLASHED = "clashed"


class Lease(NamedTuple):
    """Who may write for a list.

    Attributes:
        holder: a program, which holds a list once in its life, so that this tells as much as a
            number that grows; None where the list is free.
        is_over: by the clock. Another may take the list, and the holder knows nothing of it.
        is_ahead: one more group is noted than its holder has heard of.
    """

    holder: int | None = None
    is_over: bool = False
    is_ahead: bool = False


class List(NamedTuple):
    """One list in the ledger.

    Attributes:
        before: contacts that a sleeping list had accepted when this one was begun, so that they
            are loaded once more on purpose; None until then.
    """

    leads: tuple[str, ...]
    lease: Lease = Lease()
    before: frozenset[int] | None = None
    is_finished: bool = False


class Group(NamedTuple):
    """What a program asks the ledger to make durable, as a whole.

    Attributes:
        outcomes: of rows.
        verdicts: SENDING for an intent; HELD or DUPLICATE where another list forbids it.
    """

    outcomes: tuple[tuple[int, str], ...]
    verdicts: tuple[tuple[int, str], ...]


class Program(NamedTuple):
    """One process on some machine.

    Attributes:
        rows: its memory.
        unheard: a group of whose end it has not heard.
        may_repeat: it has asked, and was told that nothing of that group has come to be.
        asleep: how often another list had been begun or gone on with when it slept; used only
            where the rule forgets that who sleeps may wake.
    """

    phase: str = NEW
    rows: tuple[str, ...] = ()
    unheard: Group | None = None
    may_repeat: bool = False
    asleep: int | None = None


class World(NamedTuple):
    """All of it.

    Attributes:
        under_way: a group whose connection is lost while the server is at it, and its program.
        posts: requests that reached the dialer, by contact.
        allowed: by contact, how many more than one of them somebody has asked for.
        decisions: how many of them a person may still ask for.
    """

    lists: tuple[List, ...]
    programs: tuple[Program, ...]
    posts: tuple[int, ...]
    allowed: tuple[int, ...]
    decisions: int
    under_way: tuple[int, Group] | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of the world is looked at.

    Attributes:
        contacts: of each list, by row.
        programs: for each program its list; those of one list begin in their order.
        decisions: how often a person decides that a row in doubt is sent again.
    """

    contacts: Sequence[Sequence[int]]
    programs: Sequence[int]
    decisions: int = 0

    def first(self) -> World:
        """Nothing has happened."""
        people = 1 + max(contact for contacts in self.contacts for contact in contacts)
        return World(
            lists=tuple(List((NOTHING,) * len(contacts)) for contacts in self.contacts),
            programs=(Program(),) * len(self.programs),
            posts=(0,) * people,
            allowed=(0,) * people,
            decisions=self.decisions,
        )
