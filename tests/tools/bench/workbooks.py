"""How long workbooks take to read, beside the fastest library that only reads their values."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from tests.tools.bench.commands import run
from tests.tools.bench.memory import check_command
from tests.tools.bench.report import Section

if TYPE_CHECKING:
    from tests.tools.bench.scale import Bench

# Each prints the seconds that it takes without its start; `values` keeps nothing, as `reading` does.
_TIMED = """
import sys, time
from pathlib import Path
file = Path(sys.argv[1])
{imports}
clock = time.perf_counter()
{work}
print(time.perf_counter() - clock)
"""
_VALUES = _TIMED.format(
    imports="from python_calamine import CalamineWorkbook",
    work="for _ in CalamineWorkbook.from_path(file).get_sheet_by_index(0).iter_rows(): pass",
)
_READING = _TIMED.format(
    imports="from bulk_loader.reading import ReadingOptions, open_leads",
    work="for _ in open_leads(file, ReadingOptions()).batches(5000): pass",
)

_NAMES = {
    "values": "calamine reads every value, once",
    "reading": "this program reads every text, twice: to look through, and in batches",
    "check": "`check` of the workbook, its start included",
    "text": "`check` of the same list as CSV",
}


def measure(bench: Bench) -> Section:
    """All of them in turn, again and again."""
    workshop, rows = bench.workshop, bench.scale.rows
    workbook, text = workshop.leads(rows, "xlsx"), workshop.leads(rows)
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(bench.scale.rounds):
        for name, script in (("values", _VALUES), ("reading", _READING)):
            told = run([workshop.python, "-c", script, str(workbook)]).output
            seconds[name].append(float(told))
        for name, file in (("check", workbook), ("text", text)):
            seconds[name].append(run(check_command(workshop, file)).seconds)
    values = median(seconds["values"])
    bench.say("workbooks done")
    return Section(
        "Reading workbooks",
        f"Seconds for {rows:,} rows of eight columns, medians of {bench.scale.rounds} rounds in "
        "each of which all of them ran in turn. The first two are without the start of Python "
        "and its imports.",
        ("", "seconds", "lowest to highest", "of calamine's"),
        [
            (what, f"{median(took):.2f}", f"{min(took):.2f} to {max(took):.2f}",
             f"{median(took) / values:.2f}")
            for name, what in _NAMES.items()
            for took in [seconds[name]]
        ],
    )  # fmt: skip
