from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.ledger import Ledger, leased
from bulk_loader.ledger.connecting import LedgerAwayError
from bulk_loader.ledger_place import LedgerPlace
from tests.ledger.conftest import BEGAN, PLAN, key

if TYPE_CHECKING:
    from pathlib import Path


def test_a_group_that_came_to_nothing_is_no_sign_of_life(tmp_path: Path, database: str) -> None:
    """A program reckons with what the ledger holds of it, as all others do."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    place = LedgerPlace(home, url=database)
    with leased(place, ["list"], "Under way.") as lease, Ledger.open(place, lease) as ledger:
        run = ledger.begin(PLAN, BEGAN)
        lease._until = 0.0

        def fail() -> None:
            raise LedgerAwayError("lost")

        with pytest.raises(LedgerAwayError):
            ledger._store.durably(PLAN.target, fail, lambda: None)
        assert lease.is_over
        run.commit([], [(2, key(2))])
        assert not lease.is_over
