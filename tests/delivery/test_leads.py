"""What comes into a delivery, whole or in parts."""

from __future__ import annotations

import pytest

from bulk_loader.delivery import Prepared, ReadyLead
from bulk_loader.ledger import LeadKey
from bulk_loader.model import Outcome, Status

READY = [ReadyLead(row, LeadKey(row, 0, row), b"") for row in range(1, 8)]
DECIDED = [(Outcome(row, Status.INVALID), None) for row in range(8, 11)]


@pytest.mark.parametrize("size", [1, 3, 6, 7, 100])
def test_parts_are_the_same_leads(size: int) -> None:
    """Nothing is lost or counted twice, and the order stays."""
    whole = Prepared(READY, DECIDED, [Status.ACCEPTED])
    parts = list(whole.parts(size))
    assert [lead for part in parts for lead in part.ready] == READY
    assert [decision for part in parts for decision in part.decided] == DECIDED
    assert [status for part in parts for status in part.standing] == [Status.ACCEPTED]
    assert max(len(part.ready) for part in parts) <= size


def test_the_first_part_is_judged_as_the_whole_batch() -> None:
    """A share of failures is one of the batch, not of the part that tells them."""
    first, *others = Prepared(READY, DECIDED).parts(2)
    assert first.decided == DECIDED
    assert first.looked_at == 10
    assert [part.looked_at for part in others] == [0, 0, 0]


def test_a_batch_without_leads_to_send_is_one_part() -> None:
    """What is decided is handed over all the same."""
    (only,) = Prepared([], DECIDED).parts(2)
    assert only.decided == DECIDED
    assert only.looked_at == 3
