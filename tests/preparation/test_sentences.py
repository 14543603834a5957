from __future__ import annotations

import pytest

from bulk_loader.codes import OutcomeCode, ProblemCode, read_code
from bulk_loader.model import Outcome, Status
from bulk_loader.preparation.sentences import SENTENCES, explain


def test_every_code_has_its_sentence() -> None:
    """All but that of an accepted lead, and of one that keeps the sentence it has."""
    assert set(SENTENCES) == set(OutcomeCode) - {OutcomeCode.NONE, OutcomeCode.KEPT}


@pytest.mark.parametrize("code", SENTENCES, ids=str)
def test_a_sentence_is_whole(code: OutcomeCode) -> None:
    """It says what became of the lead, with the detail in its place."""
    sentence = explain(Outcome(2, Status.UNSENT, code, "500"))
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "{" not in sentence


@pytest.mark.parametrize("code", [*ProblemCode, OutcomeCode.KEPT, read_code("of_tomorrow")])
def test_a_code_without_a_sentence_is_named(code: ProblemCode) -> None:
    """Of a row that has changed since, and of a code that only another release knows."""
    told = explain(Outcome(2, Status.INVALID, code, "x"))
    assert told == f"This row was invalid ({code}) when the run looked at it."


@pytest.mark.parametrize(
    ("status", "code", "asks"),
    [
        (Status.UNKNOWN, OutcomeCode.READ_TIMEOUT, True),
        (Status.UNKNOWN, OutcomeCode.SENT_AGAIN, False),
        (Status.UNSENT, OutcomeCode.RUN_STOPPED, False),
    ],
)
def test_a_doubt_is_to_be_looked_up(status: Status, code: OutcomeCode, *, asks: bool) -> None:
    """Unless it is decided: no more than one of several runs may be retried so."""
    assert ("Look in the dialer" in explain(Outcome(2, status, code))) is asks
