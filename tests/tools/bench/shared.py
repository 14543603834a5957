"""A ledger that machines share beside that of one machine, and how both grow."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.support.databases import programs, running_server
from tests.tools.bench.commands import CommandError, run
from tests.tools.bench.report import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.databases import Server
    from tests.tools.bench.scale import Bench

SQLITE, POSTGRES = "SQLite", "PostgreSQL"


def measure(bench: Bench) -> Section:
    """Both stores at each size, one after the other; PostgreSQL only where it is installed."""
    rows = []
    with running_database() as server:
        for size in bench.scale.ledger_sizes:
            rows.append(_row(bench, SQLITE, size, ()))
            if server is not None:
                url = server.create(f"leads-{size}")
                rows.append(_row(bench, POSTGRES, size, (url,)))
                server.drop(f"leads-{size}")
    return Section(
        "Shared ledger",
        "One process commits a new list to a ledger that knows so many leads already, 32 leads a group, as "
        "the delivery does: intent and outcome of each, both durable. CPU is that of the "
        "program, without the database's own processes, on the same machine. A look-up is all that a new "
        "list asks at its beginning; a prune forgets a tenth of the leads.",
        (
            "", "leads in it", "new leads", "commits", "rows/s", "wall µs a row", "CPU µs a row",
            "look-up, ms", "prune, s",
        ),
        rows,
        "" if server is not None else "PostgreSQL is missing: it is not installed on this machine.",
    )  # fmt: skip


@contextmanager
def running_database() -> Iterator[Server | None]:
    """That commits to the disk, as one that people rely on; None where there is none."""
    folder = programs()
    if folder is None:
        yield None
        return
    with running_server(folder) as server:
        server.stop()
        server.start()
        yield server


def _row(bench: Bench, store: str, size: int, url: tuple[str, ...]) -> tuple[str, ...]:
    leads = bench.scale.ledger_rows
    with bench.workshop.scratch() as place:
        command = [sys.executable, "-m", "tests.tools.bench.ledgers", str(size), str(leads)]
        told: dict[str, Any] = json.loads(run([*command, str(place / "home"), *url]).output)
    if not told["pruned"]:
        raise CommandError("Nothing was pruned.")
    times = told["times"]
    wall_s, cpu_s = times["insert"]
    bench.say(f"{store}, {size:,} leads: {leads / wall_s:,.0f} rows/s")
    return (
        store,
        f"{size:,}",
        f"{leads:,}",
        f"{told['commits']:,}",
        f"{leads / wall_s:,.0f}",
        f"{wall_s * 1e6 / leads:,.1f}",
        f"{cpu_s * 1e6 / leads:,.1f}",
        f"{times['look-up'][0] * 1000:,.1f}",
        f"{times['prune'][0]:,.2f}",
    )
