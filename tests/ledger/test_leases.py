from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.ledger import Ledger, leased
from bulk_loader.ledger.connecting import LedgerAwayError
from bulk_loader.ledger.postgres_store import PostgresStore
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


def test_a_database_may_go_away_while_it_is_asked_what_became_of_a_group(
    tmp_path: Path, database: str
) -> None:
    """It is waited for as the first time, and the group comes to be, once."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    place = LedgerPlace(home, url=database, patience_s=60)
    with leased(place, ["list"], "Under way.") as lease, Ledger.open(place, lease) as ledger:
        run = ledger.begin(PLAN, BEGAN)
        store = ledger._store
        assert isinstance(store, PostgresStore)
        come_back, stays = store._come_back, iter((False, False, True))

        def only_just(deadline_s: float) -> None:
            come_back(deadline_s)
            if not next(stays):
                store.connection.close()

        store._come_back = only_just  # type: ignore[method-assign]
        store.connection.close()
        run.commit([], [(2, key(2))])
        assert [outcome.row for outcome in ledger.outcomes.of(run.record)] == [2]
        assert next(stays, None) is None
