"""One list on one, two and four machines that share a ledger, against a dialer of 20 ms."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.tools.bench.commands import CommandError, run
from tests.tools.bench.dialer import MeasuredDialer
from tests.tools.bench.report import Section
from tests.tools.bench.server import Limits
from tests.tools.bench.shared import running_database
from tests.tools.bench.uploads import TOKEN, upload_command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.support.databases import Server
    from tests.tools.bench.scale import Bench

LATENCY_MS = 20
CONNECTIONS = 8
FLAGS = ("--concurrency", str(CONNECTIONS))


def measure(bench: Bench) -> Section:
    """The same list anew for each number of machines; nothing where PostgreSQL is not installed."""
    rows = []
    with running_database() as server:
        if server is not None:
            with MeasuredDialer(Limits(LATENCY_MS)) as dialer:
                rows = [_row(bench, server, dialer, machines) for machines in bench.scale.machines]
    return Section(
        "One list on several machines",
        f"`upload --spread` and workers, all on this one, with {CONNECTIONS} connections each, against a dialer "
        f"that takes {LATENCY_MS} ms for an answer. Rows a second as the dialer sees them, beside the "
        "connections divided by the latency.",
        ("machines", "rows", "possible", "rows/s", "reached", "of them sent"),
        rows,
        "" if server is not None else "PostgreSQL is missing: it is not installed on this machine.",
    )


def _row(bench: Bench, server: Server, dialer: MeasuredDialer, machines: int) -> tuple[str, ...]:
    possible = machines * CONNECTIONS * 1000 / LATENCY_MS
    leads = max(100, round(possible * bench.scale.slow_s))
    file = bench.workshop.leads(leads)
    url = server.create(f"together-{machines}")
    dialer.figures()
    workshop = replace(bench.workshop, python=sys.executable)  # which has psycopg
    with workshop.scratch() as place:
        homes = _homes(place, url, machines)
        command = upload_command(workshop, file, dialer.url, place, ["--spread", *FLAGS])
        with _workers(dialer, homes[1:], url) as workers:
            told = json.loads(run(command, _env(homes[0], url)).output)
        helped = 1 + [worker.returncode for worker in workers].count(0)
    server.drop(f"together-{machines}")
    figures = dialer.figures()
    if not figures.accepted == told["counts"]["accepted"] == leads:
        raise CommandError(f"Of {leads} leads the dialer got {figures.accepted}.")
    pace = figures.pace(machines * CONNECTIONS)
    bench.say(f"{machines} machines: {pace:,.0f} rows/s, {pace / possible:.1%} of what is possible")
    return (
        str(machines),
        f"{leads:,}",
        f"{possible:,.0f}",
        f"{pace:,.0f}",
        f"{pace / possible:.1%}",
        str(helped),
    )


def _homes(place: Path, url: str, machines: int) -> list[Path]:
    """A state directory for each machine, all with the key of the first."""
    homes = [place / f"home-{number}" for number in range(1, machines + 1)]
    run([sys.executable, "-m", "bulk_loader", "runs"], _env(homes[0], url))  # makes the key
    for home in homes[1:]:
        home.mkdir(mode=0o700)
        shutil.copy(homes[0] / "ledger.key", home)
    return homes


def _env(home: Path, url: str) -> dict[str, str]:
    return {"BULK_LOADER_HOME": str(home), "BULK_LOADER_LEDGER": url, "BULK_LOADER_TOKEN": TOKEN}


@contextmanager
def _workers(
    dialer: MeasuredDialer, homes: Sequence[Path], url: str
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Help on all of these machines while the body runs; who comes too late ends with 2 in the end."""
    command = [sys.executable, "-m", "bulk_loader", "worker", "--wait", "10s"]
    command += ["--url", dialer.url, *FLAGS]
    workers = [
        subprocess.Popen(
            command,
            env={**os.environ, **_env(home, url)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for home in homes
    ]
    try:
        yield workers
    except BaseException:
        for worker in workers:
            worker.kill()
        raise
    finally:
        codes = [worker.wait() for worker in workers]
    if not {0, 2}.issuperset(codes):
        raise CommandError(f"Workers ended with {codes}.")
