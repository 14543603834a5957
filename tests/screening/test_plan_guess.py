"""A country is suggested only where no other one can be meant."""

from __future__ import annotations

import pytest

from bulk_loader.screening.plan_guess import FEWEST, common_region


def _numbers(pattern: str, count: int = 30) -> list[str]:
    return [pattern.format(at) for at in range(count)]


@pytest.mark.parametrize(
    ("pattern", "region"),
    [
        ("0991234{:02}", "UY"),
        ("+598991234{:02}", "UY"),
        ("119876543{:02}", "BR"),
        ("+346123456{:02}", "ES"),
    ],
)
def test_numbers_that_only_one_plan_has_tell_their_country(pattern: str, region: str) -> None:
    """With the country's code or without it."""
    assert common_region(_numbers(pattern)) == region


@pytest.mark.parametrize("pattern", ["2{:02}", "9876543{:02}", "551234{:04}"])
def test_numbers_of_no_plan_or_of_several_tell_nothing(pattern: str) -> None:
    """Mobiles of Chile read like those of Peru, and those of Mexico like those of the USA."""
    assert common_region(_numbers(pattern)) is None


def test_one_number_of_another_country_is_enough_to_tell_nothing() -> None:
    """With the suggestion it would be refused, or be written anew."""
    assert common_region([*_numbers("0991234{:02}"), "+5491155551234"]) is None


def test_a_few_numbers_tell_nothing() -> None:
    """They may be in one plan by chance."""
    assert common_region(_numbers("0991234{:02}", FEWEST - 1)) is None
