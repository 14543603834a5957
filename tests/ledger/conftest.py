from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.ledger import LeadKey, Ledger, Regard, RunPlan
from bulk_loader.ledger.sqlite_store import SqliteStore
from bulk_loader.model import DialerTask, RunKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulk_loader.ledger import OpenRun

PLAN = RunPlan(
    kind=RunKind.UPLOAD,
    path="/lists/leads.csv",
    digest="d1",
    target="https://dialer.example",
    results="/lists/leads.results.csv",
    settings="{}",
    shape="s1",
    leads=3,
)
TASK = DialerTask(None, "SALES", "0991234567", "", "", "name=Ana", "list", False, True)
OTHER = replace(PLAN, path="/lists/other.csv", digest="d2", results="/lists/other.results.csv")
WEEK_S = timedelta(days=7).total_seconds()
BEGAN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def key(number: int, occurrence: int = 0) -> LeadKey:
    """The key of a lead; another number is another task, contact and telephone."""
    return LeadKey(number, occurrence, -number, number)


@dataclass(frozen=True)
class Home:
    """A ledger's directory, looked at from outside."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "ledger.sqlite3"

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(statement, values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(statement, values)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Where nothing is yet."""
    return Home(tmp_path / "home")


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    """A new ledger."""
    with Ledger.open(home.path) as ledger:
        yield ledger


@dataclass
class Awake:
    """Runs that are being carried out; what the locks would say."""

    runs: set[int] = field(default_factory=set)

    def __call__(self, run: int) -> bool:
        return run in self.runs


@pytest.fixture
def awake() -> Awake:
    """Nobody."""
    return Awake()


@pytest.fixture
def second(home: Home, ledger: Ledger) -> Iterator[Ledger]:
    """The same ledger, opened by another process."""
    del ledger
    with Ledger.open(home.path) as second:
        yield second


def begun(ledger: Ledger, awake: Awake, plan: RunPlan = PLAN, **regard: object) -> OpenRun:
    """A run that regards the others; doubts last a week."""
    others = ledger.others(plan.target, awake, datetime.now(UTC))
    others.regard = Regard(**{"hold_s": WEEK_S, **regard})  # type: ignore[arg-type]
    run = ledger.begin(plan, BEGAN, others)
    awake.runs.add(run.record.id)
    return run


def connection_of(ledger: Ledger) -> sqlite3.Connection:
    """To look at the very connection that a ledger of one machine has."""
    store = ledger._store
    assert isinstance(store, SqliteStore)
    return store._connection
