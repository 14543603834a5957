from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.codes import OutcomeCode, ProblemCode, read_code

ALL = list(chain(OutcomeCode, ProblemCode))


@pytest.mark.parametrize("code", ALL, ids=repr)
def test_a_code_is_read_back_as_it_was_written(code: OutcomeCode | ProblemCode) -> None:
    """As itself, not only as a text that is equal to it."""
    assert read_code(code.value) is code


def test_each_name_stands_for_one_thing() -> None:
    """No outcome and no problem share a name, and each is told by its own."""
    assert len({code.value for code in ALL}) == len(ALL)
    assert all(code.value in (code.name.lower(), "") for code in ALL)


@given(st.text())
def test_a_name_that_only_another_release_knows_stays_as_it_is(text: str) -> None:
    """A ledger that a newer release has written is shown and not refused."""
    assert read_code(text) == text


def test_every_fault_of_a_number_has_a_name_for_alternatives() -> None:
    """What can be wrong with the number to dial can be wrong with another one, too."""
    of_phones = {code for code in ProblemCode if code.startswith("phone_")}
    of_alternatives = {code for code in ProblemCode if code.startswith("alternative_")}
    assert {code.of_alternative for code in of_phones} == of_alternatives
