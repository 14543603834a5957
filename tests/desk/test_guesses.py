from __future__ import annotations

import pytest

from bulk_loader.desk import guesses
from bulk_loader.desk.guesses import Guesses


class Clock:
    """Seconds that pass when they are told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def spent(made: Guesses, asker: str, *, is_known: bool = False) -> int:
    """Guesses that somebody has at once."""
    count = 0
    while not made.take(asker, is_known=is_known):
        count += 1
    return count


def test_one_asker_has_a_few_guesses_and_then_waits() -> None:
    """And is told for how long."""
    clock = Clock()
    made = Guesses(clock)
    assert spent(made, "a") == 5
    assert made.take("a", is_known=False) == pytest.approx(20)
    clock.now += 15
    assert made.take("a", is_known=False) == pytest.approx(5)
    clock.now += 5
    assert made.take("a", is_known=False) == 0


def test_to_ask_while_waiting_makes_nobody_wait_longer() -> None:
    """A stranger who hammers locks nobody out for ever."""
    clock = Clock()
    made = Guesses(clock)
    spent(made, "a")
    for _ in range(1000):
        made.take("a", is_known=False)
    clock.now += 20
    assert made.take("a", is_known=False) == 0


def test_many_strangers_share_a_bound_and_those_who_were_in_do_not() -> None:
    """The person at the desk logs in while a thousand addresses guess."""
    made = Guesses(Clock())
    assert sum(spent(made, f"stranger {number}") for number in range(1000)) == 30
    assert made.take("newcomer", is_known=False) > 0
    assert spent(made, "who was in", is_known=True) == 5


def test_what_was_right_is_given_back() -> None:
    """Who knows the password may log in as often as they like."""
    made = Guesses(Clock())
    for _ in range(100):
        assert made.take("a", is_known=False) == 0
        made.forgive("a", is_known=False)


def test_no_number_of_askers_fills_the_memory() -> None:
    """The one that has been quiet for longest is forgotten."""
    made = Guesses(Clock())
    for number in range(guesses.MAX_ASKERS + 10):
        made.take(f"{number}", is_known=True)
    assert len(made._askers) == guesses.MAX_ASKERS
