"""The rule, each part of which can be left out to see what it is there for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.ledger.model.states import Group


class Silence(Enum):
    """What a program makes of a group of whose end it has not heard."""

    IS_ASKED_ABOUT = auto()
    IS_SUCCESS = auto()
    IS_FAILURE = auto()


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept to; all of it unless something is left out.

    Attributes:
        intends_first: nothing is posted before its intent is durable.
        keeps_intents: who takes a list over sends only rows without an intent.
        writes_once: no intent is written over another.
        fences_intents: an intent is refused in its transaction once another holds the list.
        fences_outcomes: so is an outcome.
        silence: an answer that was lost is asked for.
        checks_number: the transaction of a group makes sure that it is the next one.
        holds_dialer: who writes for a dialer keeps out all others until the end is known there.
        regards_doubts: of other lists.
        regards_sleepers: what a list accepts after it was taken for asleep is noticed.
    """

    intends_first: bool = True
    keeps_intents: bool = True
    writes_once: bool = True
    fences_intents: bool = True
    fences_outcomes: bool = True
    silence: Silence = Silence.IS_ASKED_ABOUT
    checks_number: bool = True
    holds_dialer: bool = True
    regards_doubts: bool = True
    regards_sleepers: bool = True

    def lets_in(self, group: Group) -> bool:
        """Whether the database takes a group of a program that holds its list no more."""
        return not (group.verdicts and self.fences_intents) and not (
            group.outcomes and self.fences_outcomes
        )
