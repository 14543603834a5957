"""The most memory that is resident at once, by the length of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tools.bench.commands import run
from tests.tools.bench.dialer import MeasuredDialer
from tests.tools.bench.leads import DATA
from tests.tools.bench.report import Section
from tests.tools.bench.uploads import upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.tools.bench.commands import Ended
    from tests.tools.bench.scale import Bench
    from tests.tools.bench.workshop import Workshop

_CONNECTIONS = 32

# Reads every cell and keeps none: the least that a program can do with a workbook.
_CALAMINE = """
import sys, python_calamine
sheet = python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0)
print(sum(1 for row in sheet.iter_rows()))
"""


def measure(bench: Bench) -> Section:
    """Uploads of CSV files; checks and uploads of workbooks, beside calamine."""
    with MeasuredDialer() as dialer:
        rows = [*_texts(bench, dialer), *_workbooks(bench, dialer)]
    return Section(
        "Memory by length",
        "The most memory that was held at once, in MB of 1,000,000 bytes: `ru_maxrss`. Results "
        f"files included; {_CONNECTIONS} connections. calamine opens the workbook and reads every "
        "cell once, keeping none.",
        ("", "rows", "MB", "seconds", "CPU seconds", "of calamine's MB", "of calamine's seconds"),
        rows,
    )


def _texts(bench: Bench, dialer: MeasuredDialer) -> Iterator[tuple[str, ...]]:
    for length in bench.scale.lengths:
        file = bench.workshop.leads(length)
        ended = _upload(bench, dialer, file)
        yield _row(bench, "upload, CSV", length, ended)


def _workbooks(bench: Bench, dialer: MeasuredDialer) -> Iterator[tuple[str, ...]]:
    for length in bench.scale.workbook_lengths:
        file = bench.workshop.leads(length, "xlsx")
        alone = run([bench.workshop.python, "-c", _CALAMINE, str(file)])
        yield _row(bench, "calamine alone, xlsx", length, alone)
        yield _row(bench, "check, xlsx", length, run(check_command(bench.workshop, file)), alone)
        uploaded = _upload(bench, dialer, file)
        yield _row(bench, "upload, xlsx", length, uploaded, alone)


def _upload(bench: Bench, dialer: MeasuredDialer, file: Path) -> Ended:
    return upload(bench.workshop, dialer, file, _CONNECTIONS).ended


def check_command(workshop: Workshop, file: Path) -> list[str]:
    """The check of a file that is in order."""
    command = [workshop.python, "-m", "bulk_loader", "check", str(file), "--data", DATA]
    return [*command, "--json", "--quiet"]


def _row(
    bench: Bench, what: str, length: int, ended: Ended, alone: Ended | None = None
) -> tuple[str, ...]:
    bench.say(f"{what}, {length:,} rows: {ended.peak_mb:.0f} MB, {ended.seconds:.1f} s")
    return (
        what,
        f"{length:,}",
        f"{ended.peak_mb:,.0f}",
        f"{ended.seconds:,.1f}",
        f"{ended.cpu_s:,.1f}",
        f"{ended.peak_mb / alone.peak_mb:.2f}" if alone else "",
        f"{ended.seconds / alone.seconds:.2f}" if alone else "",
    )
