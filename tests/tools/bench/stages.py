"""Where the time of one row goes, stage by stage, by the program's own functions."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from tests.tools.bench.commands import run
from tests.tools.bench.dialer import MeasuredDialer
from tests.tools.bench.report import Section

if TYPE_CHECKING:
    from tests.tools.bench.scale import Bench

_CONNECTIONS = 32


def measure(bench: Bench) -> Section:
    """In a process of its own, so that this one stays small."""
    file = bench.workshop.leads(bench.scale.stage_rows)
    command = [sys.executable, "-m", "tests.tools.bench.dissection", str(file)]
    with MeasuredDialer() as dialer, bench.workshop.scratch() as place:
        ended = run([*command, dialer.url, str(_CONNECTIONS), str(place)])
    told = json.loads(ended.output)
    bench.say("stages done")
    return Section(
        "Where the time of one row goes",
        f"Microseconds a row, each stage alone over {bench.scale.stage_rows:,} rows of CSV and "
        f"{_CONNECTIONS} connections; then the whole upload in one process, in which stages "
        "overlap: the next batch is prepared in a thread, the ledger committed in a thread of its own.",
        ("", "wall µs", "CPU µs"),
        [(name, f"{wall:.1f}", f"{cpu:.1f}") for name, wall, cpu in told["stages"]],
        f"The ledger made {told['commits']:,} commits for {told['leads']:,} leads, "
        f"{told['leads'] / told['commits']:.0f} leads each.",
    )
