"""Every state that can be reached, breadth first, with the shortest way to the first that is wrong."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

S = TypeVar("S")


class Step(NamedTuple, Generic[S]):
    """One thing that may happen.

    Attributes:
        label: what happens, in words and numbers.
        is_quiet: it happens by itself when nothing goes wrong any more.
    """

    label: tuple[object, ...]
    is_quiet: bool
    after: S


@dataclass(frozen=True, slots=True)
class Promises(Generic[S]):
    """What must hold, by name.

    Attributes:
        always: in each state.
        between: from each state to those that follow.
        at_rest: where nothing happens by itself any more.
    """

    always: Mapping[str, Callable[[S], bool]]
    between: Mapping[str, Callable[[S, S], bool]]
    at_rest: Mapping[str, Callable[[S], bool]]


ENDLESS = "all comes to rest when nothing goes wrong"


@dataclass(frozen=True, slots=True)
class Explored:
    """What a search has found.

    Attributes:
        states: how many different ones were reached.
        steps: how many ways from one to another.
        broken: the promise that does not hold; "" where all do.
        trace: the steps that lead there.
    """

    states: int
    steps: int
    broken: str = ""
    trace: Sequence[str] = ()

    def __str__(self) -> str:
        if not self.broken:
            return f"{self.states:,} states, {self.steps:,} steps; every promise holds"
        steps = "\n".join(f"  {number}. {one}" for number, one in enumerate(self.trace, start=1))
        return f"After {self.states:,} states, broken: {self.broken}\n{steps}"


class Search(Generic[S]):
    """Looks through all states; used once.

    Args:
        following: what may happen in a state.
    """

    def __init__(self, following: Callable[[S], Iterable[Step[S]]], promises: Promises[S]) -> None:
        self._following = following
        self._promises = promises
        self._numbers: dict[S, int] = {}
        self._states: list[S] = []
        self._parents = array("l")
        self._steps = 0
        # Of the quiet steps: where each state's end in the row of them all, and where they lead.
        self._ends = array("l")
        self._quiet = array("l")

    def explore(self, first: S) -> Explored:
        """Until all is seen or something is wrong."""
        self._number(first, -1)
        if broken := self._broken_in(first):
            return self._told(broken, 0)
        number = 0
        while number < len(self._states):
            if found := self._look_from(number):
                return found
            number += 1
        circle = self._on_a_circle()
        if circle is not None:
            return self._told(ENDLESS, circle)
        return Explored(len(self._states), self._steps)

    def _number(self, state: S, parent: int) -> int:
        number = self._numbers.setdefault(state, len(self._states))
        if number == len(self._states):
            self._states.append(state)
            self._parents.append(parent)
        return number

    def _look_from(self, number: int) -> Explored | None:
        before = self._states[number]
        quiet = len(self._quiet)
        for step in self._following(before):
            self._steps += 1
            known = len(self._states)
            after = self._number(step.after, number)
            if step.is_quiet:
                self._quiet.append(after)
            for name, holds in self._promises.between.items():
                if not holds(before, step.after):
                    return self._told(name, number, step.label)
            if after == known and (broken := self._broken_in(step.after)):
                return self._told(broken, after)
        self._ends.append(len(self._quiet))
        if len(self._quiet) == quiet:
            for name, at_rest in self._promises.at_rest.items():
                if not at_rest(before):
                    return self._told(name, number)
        return None

    def _broken_in(self, state: S) -> str:
        return next((n for n, holds in self._promises.always.items() if not holds(state)), "")

    def _on_a_circle(self) -> int | None:
        """A state to which quiet steps may lead back for ever."""
        coming = array("l", bytes(self._quiet.itemsize * len(self._states)))
        for after in self._quiet:
            coming[after] += 1
        ahead = [number for number, count in enumerate(coming) if not count]
        passed = 0
        while ahead:
            number = ahead.pop()
            passed += 1
            for after in self._quiet_after(number):
                coming[after] -= 1
                if not coming[after]:
                    ahead.append(after)
        if passed == len(self._states):
            return None
        return next(number for number, count in enumerate(coming) if count)

    def _quiet_after(self, number: int) -> Iterator[int]:
        begins = self._ends[number - 1] if number else 0
        yield from self._quiet[begins : self._ends[number]]

    def _told(self, broken: str, number: int, last: tuple[object, ...] = ()) -> Explored:
        labels = [last] if last else []
        while (parent := self._parents[number]) >= 0:
            state = self._states[number]
            steps = self._following(self._states[parent])
            labels.append(next(step.label for step in steps if step.after == state))
            number = parent
        trace = [" ".join(map(str, label)) for label in reversed(labels)]
        return Explored(len(self._states), self._steps, broken, trace)
