"""Reads files of one kind after the other, writes their results, and says what that cost.

A process of its own, with memory that the system bounds, so that a fault harms nothing else.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from bulk_loader.errors import LoaderError
from bulk_loader.model import Status
from bulk_loader.reading import HiddenRows, ReadingOptions, open_leads
from bulk_loader.results import Edition, ResultRow, foresee_results, results_path, write_results
from tests.results.examples import stamp
from tests.support.costly_files import KINDS

MOST_BYTES = 1_500_000_000
MOST_CPU_S = 200  # for all of them together; they take ten


def become_of(path: Path) -> str:
    """What becomes of a file: its leads and the kind of its results, or why it is refused."""
    try:
        table = open_leads(path, ReadingOptions(hidden=HiddenRows.SEND))
        rows = [int(row) for batch in table.batches(5000) for row in batch.frame.index]
        foreseen = foresee_results(table.source)
        results = results_path(path, table.source.format)
        outcomes = [ResultRow(row, Status.ACCEPTED) for row in rows]
        written = write_results(table, outcomes, results, Edition(stamp()))
    except LoaderError as error:
        return error.one_line if error.remedy else "FAULT: it says not what to do"
    if path.suffix in {".xlsx", ".xlsm"}:
        assert bool(foreseen) == bool(written.notes), "the way was not foreseen"
    plain = "; a plain workbook" if written.notes else ""
    return f"{len(rows)} lead{'s' * (len(rows) != 1)}{plain}"


def most_held_kb() -> int:
    """The most memory that this program has held.

    Not `ru_maxrss`, which after `exec` still knows what the program held that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text("utf-8").partition("VmHWM:")[2].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """A line of JSON for each kind."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    for name in sys.argv[1:] or KINDS:
        made, _ = KINDS[name]
        with tempfile.TemporaryDirectory() as folder:
            path = made(Path(folder))
            size, begin = path.stat().st_size, time.process_time()
            before = most_held_kb()
            try:
                answer = become_of(path)
            except BaseException as error:  # noqa: BLE001 - all of them are told
                answer = f"FAULT {error!r}"
            peak = most_held_kb()
        seconds = time.process_time() - begin
        figures = {
            "size": size,
            "seconds": round(seconds, 1),
            "mb": peak // 1024,
            "mb_before": before // 1024,
        }
        sys.stdout.write(json.dumps({"name": name, "answer": answer[:400], **figures}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
