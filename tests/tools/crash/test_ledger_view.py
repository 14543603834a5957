from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulk_loader.ledger import LeadKey, Ledger, RunPlan
from bulk_loader.ledger_place import LedgerPlace
from bulk_loader.model import Outcome, RunKind, Status
from tests.tools.crash.ledger_view import Left, Span, look, newest_path, sent, span
from tests.tools.crash.losses import LOSSES, is_lost, lose

LIST = Path("/lists/leads.csv")
PLAN = RunPlan(RunKind.UPLOAD, str(LIST), "d1", "https://dialer.example", "r", "{}", "s1", 3)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A ledger that a crash left: of three leads one is accepted, one in doubt, one invalid."""
    with Ledger.open(tmp_path / "cut off") as ledger:
        _send(ledger)
        # The copy is what a process that dies now would leave.
        return Path(shutil.copytree(ledger.place.home, tmp_path / "home"))


def _send(ledger: Ledger) -> None:
    run = ledger.begin(PLAN, datetime.now(UTC))
    run.commit([], [(2, LeadKey(2, 0, 2, 2)), (3, LeadKey(3, 0, 3, 3))])
    run.commit([Outcome(2, Status.ACCEPTED)], [], [(Outcome(4, Status.INVALID), None)])


def test_a_ledger_that_machines_share_is_looked_at_like_a_file(
    home: Path, database: str, tmp_path: Path
) -> None:
    """The same was sent, and the same is in doubt."""
    with Ledger.open(LedgerPlace(tmp_path / "one of many", url=database)) as ledger:
        assert look(database, LIST) == Left()
        _send(ledger)
    assert look(database, LIST) == look(home, LIST)
    assert {row for _, row in sent(database)} == {row for _, row in sent(home)}
    assert newest_path(database, "d1") == LIST
    assert newest_path(database, "d2") is None


def test_a_crash_leaves_leads_in_doubt_and_what_was_sent(home: Path) -> None:
    """Only the lead with an intent and no outcome is in doubt; both were sent."""
    assert look(home, LIST) == Left(frozenset({3}), is_finished=False, digest="d1")
    assert {row for _, row in sent(home)} == {2, 3}
    assert look(home, Path("/lists/other.csv")) == Left()
    assert look(home / "nowhere", LIST) == Left()


def test_an_unfinished_run_is_under_way_until_it_ends(home: Path) -> None:
    """Two runs meet if one began before the other ended."""
    under_way = span(home, LIST)
    assert under_way is not None
    assert under_way.meets(Span("2999", "2999"))
    assert not Span("2024", "2025").meets(Span("2026", "2027"))
    assert span(home, Path("/lists/other.csv")) is None


@dataclass(frozen=True)
class KnownMachine:
    """One on which every command only makes the state directory."""

    home: Path

    def run(self, *_words: str) -> None:
        self.home.mkdir()


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_is_one(loss: str, home: Path, tmp_path: Path) -> None:
    """What was sent can't be known from what is left; untouched, nothing is lost."""
    kept = Path(shutil.copytree(home, tmp_path / "kept"))
    (earlier := tmp_path / "earlier").mkdir()
    assert not is_lost(home, kept)
    lose(loss, KnownMachine(home), earlier)
    assert is_lost(home, kept)
