from __future__ import annotations

from bulk_loader.codes import OutcomeCode, ProblemCode
from bulk_loader.model import Status
from bulk_loader.preparation.kind_sentences import KIND_SENTENCES, kind_remedy


def test_every_kind_has_a_sentence_of_its_own() -> None:
    """Whatever becomes of a lead can be told without anything of the lead."""
    codes = {*ProblemCode, *OutcomeCode} - {OutcomeCode.NONE}
    assert KIND_SENTENCES.keys() == codes
    sentences = list(KIND_SENTENCES.values())
    assert len(set(sentences)) == len(sentences)
    for sentence in sentences:
        assert sentence.endswith(".")
        assert "{" not in sentence


def test_every_status_but_one_asks_for_something() -> None:
    """With an accepted lead nothing is to be done."""
    assert [status for status in Status if not kind_remedy(status)] == [Status.ACCEPTED]
