"""The worlds that are looked at in full: small ones at each test, larger ones by `make model`."""

from __future__ import annotations

from tests.ledger.model.states import Bounds

SMALL = {
    "two rows, two programs one after the other": Bounds([[0, 1]], [0, 0]),
    "one row, three programs, a person decides": Bounds([[0]], [0, 0, 0], decisions=1),
    "two lists with the same person, one of them taken over": Bounds([[0], [0]], [0, 0, 1]),
}

LARGE = {
    "two rows, two programs, a person decides": Bounds([[0, 1]], [0, 0], decisions=1),
    "two rows, three programs one after the other": Bounds([[0, 1]], [0, 0, 0]),
    "two lists with the same person, a person decides": Bounds([[0], [0]], [0, 0, 1], decisions=1),
    "two lists with the same person, each taken over": Bounds([[0], [0]], [0, 0, 1, 1]),
}
