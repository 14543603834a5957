from __future__ import annotations

from collections import defaultdict

import pytest

from bulk_loader.ledger.moments import Moments

EDGES = [0, -1, 1, -(2**63), 2**63 - 1]


@pytest.mark.parametrize("count", [0, 3, 120_000])
def test_every_moment_is_found_by_its_number(count: int) -> None:
    """However many there are, and whether they were sorted in or not."""
    moments, known = Moments(), defaultdict(list)
    for at in range(count):
        for number in (at * 7919 % 90_001, EDGES[at % 5]):
            moments.add(number, at)
            known[number].append(at)
    for number in (*EDGES, *range(0, 90_001, 997), 90_002):
        assert sorted(moments.of(number)) == known[number]
