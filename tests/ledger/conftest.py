from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from bulk_loader.ledger import LeadKey, Ledger, Regard, RunPlan
from bulk_loader.ledger.sqlite_store import SqliteStore
from bulk_loader.ledger_place import LedgerPlace
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
    """A ledger's directory, and its database looked at from outside."""

    path: Path
    url: str | None = None

    @property
    def place(self) -> LedgerPlace:
        return LedgerPlace(self.path, url=self.url)

    @property
    def database(self) -> Path:
        return self.path / "ledger.sqlite3"

    def content(self) -> bytes:
        """Every byte of its files, and every row of its tables."""
        files = b"".join(file.read_bytes() for file in self.path.iterdir() if file.is_file())
        if self.url is None:
            return files
        tables = self.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = [row for (name,) in tables for row in self.query(f"TABLE {name}")]
        return files + repr(rows).encode()

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        if self.url is not None:
            with psycopg.connect(self.url) as asking:
                return asking.execute(statement.replace("?", "%s").encode(), values).fetchall()
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(statement, values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        if self.url is not None:
            with psycopg.connect(self.url) as changing:
                changing.execute(statement.replace("?", "%s").encode(), values)
            return
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(statement, values)


@pytest.fixture(params=["sqlite", "postgres"])
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Home:
    """Where nothing is yet: of one machine, and of many."""
    shared = request.param == "postgres"
    return Home(tmp_path / "home", request.getfixturevalue("database") if shared else None)


only_sqlite = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
only_postgres = pytest.mark.parametrize("home", ["postgres"], indirect=True)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    """A new ledger."""
    with Ledger.open(home.place) as ledger:
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
    with Ledger.open(home.place) as second:
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
