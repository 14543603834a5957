"""Leads, a dialer and settings, as the tests of whole uploads use them."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from bulk_loader.settings import Settings
from tests.support.faulty_dialer import FaultyDialer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bulk_loader.model import Source, Status
    from bulk_loader.sandbox import QueuedTask


@dataclass
class Witness:
    """A watch that remembers what it was told."""

    notes: list[str] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    counts: Counter[Status] = field(default_factory=Counter)
    queue: Sequence[QueuedTask] = ()
    leads: int = 0
    run_id: str = ""

    def opened(self, source: Source) -> None:
        self.sources.append(source)

    def noted(self, sentence: str) -> None:
        self.notes.append(sentence)

    def waited(self, sentence: str) -> None:
        self.waits.append(sentence)

    def began(self, run_id: str) -> None:
        self.run_id = run_id

    def started(self, leads: int) -> None:
        self.leads = leads

    def settled(self, status: Status, count: int = 1) -> None:
        self.counts[status] += count

    def queued(self, queue: Sequence[QueuedTask]) -> None:
        self.queue = queue


@dataclass(frozen=True)
class Leads:
    """A file of leads, and what its results file says."""

    path: Path

    @property
    def results(self) -> Path:
        return self.path.with_name(f"{self.path.stem}.results.csv")

    def write(self, *rows: Sequence[str], header: Sequence[str] = ("phone", "name")) -> None:
        with self.path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])

    def rows(self) -> list[dict[str, str]]:
        with self.results.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def statuses(self) -> list[str]:
        return [row["dialer_status"] for row in self.rows()]


def change_ledger(settings: Settings, statement: str, *values: object) -> None:
    """Write into a ledger behind the back of everybody."""
    place = settings.ledger_place
    if place.url is not None:
        with psycopg.connect(place.url) as shared:
            shared.execute(statement.replace("?", "%s").encode(), values)
        return
    with closing(sqlite3.connect(place.home / "ledger.sqlite3")) as ledger, ledger:
        ledger.execute(statement, values)


def numbered(count: int, first: int = 1) -> list[tuple[str, str]]:
    """Leads with different numbers."""
    return [(f"0991{number:06d}", f"Customer {number}") for number in range(first, first + count)]


@pytest.fixture
def leads(tmp_path: Path) -> Leads:
    """A file of leads that is still to be written."""
    return Leads(tmp_path / "leads.csv")


@pytest.fixture
def dialer() -> Iterator[FaultyDialer]:
    """A dialer that accepts everything."""
    with FaultyDialer() as dialer:
        yield dialer


@pytest.fixture
def settings(tmp_path: Path, ledger_url: str | None) -> Callable[..., Settings]:
    """Settings for a dialer, with a ledger of the test's own."""

    def make(dialer: FaultyDialer | None = None, **given: Any) -> Settings:
        if dialer is not None:
            given = {"url": dialer.url, "token": "secret-token", **given}
        return Settings(
            **{"home": tmp_path / "home", "ledger": ledger_url, "campaign": "SALES", **given}
        )

    return make
