from __future__ import annotations

import pytest

from tests.tools.crash import endings
from tests.tools.crash.verdict import Told

REFUSED = "header in row 1\nError: The ledger was lost.\nRun 7 is not in it.\nBring it back.\n"


@pytest.mark.parametrize(
    ("code", "statuses", "is_right"),
    [
        (0, ["accepted", "duplicate"], True),
        (0, ["accepted", "invalid"], False),
        (1, ["accepted", "rejected"], True),
        (1, ["rejected", "unknown"], False),
        (7, ["rejected", "unknown"], True),
        (7, ["unsent", "unknown"], False),
        (4, ["unsent"], True),
        (130, ["unsent", "unknown"], True),
    ],
)
def test_an_exit_code_says_what_the_statuses_say(
    code: int, statuses: list[str], is_right: bool
) -> None:
    """The codes of finished runs follow from the statuses; 4 and 130 may stand with any."""
    told = [Told(("0991000001", "id=1"), status) for status in statuses]
    assert (endings.miscoded(code, told) == []) is is_right


@pytest.mark.parametrize("code", [2, 5])
def test_a_finished_list_is_known_by_its_refusal(code: int) -> None:
    """Both codes are taken, but not every refusal is that of a finished list."""
    assert endings.is_refused_as_finished(code, "Run 7 is finished: 3 accepted.")
    assert not endings.is_refused_as_finished(code, REFUSED)
    assert not endings.is_refused_as_finished(4, "Run 7 is finished: 3 accepted.")


def test_a_refusal_sends_nothing_and_says_three_things() -> None:
    """Each of the three ways in which a refusal can be none is found."""
    assert endings.not_refused(2, REFUSED, 0) == []
    assert endings.not_refused(5, REFUSED, 0) == []
    assert endings.not_refused(2, REFUSED, 1)
    assert endings.not_refused(0, "", 0)
    assert endings.not_refused(2, "header in row 1\nError: The ledger was lost.\n", 0)
    assert endings.not_refused(2, "", 0)
