from __future__ import annotations

import pytest

from bulk_loader.simulation import MAX_ALTERNATIVES, MAX_RETRIES, Attempt, attempts_of


def numbers(alternatives: str) -> list[str]:
    """What is called after the destination."""
    first, *others = attempts_of("1", alternatives)
    assert first == Attempt("1")
    return [attempt.number for attempt in others]


@pytest.mark.parametrize(
    ("alternatives", "expected"),
    [
        ("", []),
        ("2", ["2"]),
        ("2:3", ["2", "3"]),
        ("M=0=2", ["2"]),
        ("M=0=2:H=1=3:W=0=4", ["2", "3", "3", "4"]),
        ("M=2", ["2"]),
        (" M = 1 = 2 : 3 ", ["2", "2", "3"]),
        ("2::3:", ["2", "3"]),
        ("M=1=:2", ["2"]),
    ],
)
def test_alternatives_follow_in_the_order_that_they_have(
    alternatives: str, expected: list[str]
) -> None:
    """Plain, or with a type and so many retries as the vendor's lists have; empty ones are none."""
    assert numbers(alternatives) == expected


def test_first_and_last_are_types_too() -> None:
    """P goes before all other alternatives and U behind them; equal ones keep their order."""
    assert numbers("U=0=9:2:u=0=8:P=0=3:M=0=4") == ["3", "2", "4", "9", "8"]


def test_a_retry_is_told_from_a_number_that_is_new() -> None:
    """A while is waited before the one and not before the other."""
    assert [attempt.is_retry for attempt in attempts_of("1", "M=2=2:3")] == [
        *(False, False, True, True, False)
    ]


@pytest.mark.parametrize("count", ["x", "-1", "²", "1.5", ""])
def test_a_count_that_is_none_is_0(count: str) -> None:
    """The number is called once."""
    assert numbers(f"M={count}=2") == ["2"]


def test_a_slip_is_not_called_for_ever() -> None:
    """Neither a phone number in the place of the count nor a whole column in one cell."""
    assert numbers("M=098447120=2") == ["2"] * (1 + MAX_RETRIES)
    assert len(numbers(":".join(map(str, range(1000))))) == MAX_ALTERNATIVES
