"""The same lists, faults and dialer for this program and for what people would use instead.

    python -m tests.tools.alternatives --leads 300 --seeds 3

The others are installed into a temporary directory; curl and npm must be there.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.faulty_dialer import read_record
from tests.tools.alternatives.counting import Count
from tests.tools.alternatives.ways import BulkLoader, CurlLoop, Errand, Newman, RequestsLoop, kill
from tests.tools.crash.processes import DialerProcess
from tests.tools.crash.table import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tools.alternatives.ways import Way

FAULTS = 0.1
LATENCY_MS = 2.0
HEADINGS = (
    "way to upload",
    "sent twice",
    "lost",
    "said to have failed, but in",
    "failed",
    "for a person to look up",
)


def install(place: Path) -> list[Way]:
    """Everything that is compared, ready to run."""
    _say("Installing requests and Newman …")
    venv.create(place / "venv", with_pip=True)
    python = place / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "requests"], check=True)
    npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(place)]
    subprocess.run([*npm, "newman"], check=True)
    return [
        BulkLoader(),
        RequestsLoop("requests, with Retry for POST", python, retries=5),
        RequestsLoop("requests, without retries", python, retries=0),
        CurlLoop(),
        Newman(place / "node_modules" / ".bin" / "newman"),
    ]


def try_out(way: Way, place: Path, seed: int, leads: int, *, is_killed: bool) -> Count:
    """Let one way upload one list, perhaps with a `kill -9` when half of it is in."""
    directory = Path(tempfile.mkdtemp(dir=place))
    token = "token-of-the-trial"
    dialer = DialerProcess(directory / "record.jsonl", token, seed, FAULTS, LATENCY_MS)
    try:
        phones = [f"0991{number:06d}" for number in range(leads)]
        errand = Errand(directory, phones, dialer.url, token)
        errand.write(errand.leads, phones)
        process = way.begin(errand)
        if is_killed:
            while dialer.recorded < leads / 2:
                time.sleep(0.001)
            kill(process)
            process = way.begin(errand)
        process.wait()
        said = way.hear(errand)
    finally:
        dialer.kill()
    recorded = Counter(task["destination"] for task in read_record(dialer.record))
    return Count.of(phones, recorded, said)


def compare(ways: Sequence[Way], place: Path, seeds: range, leads: int, *, is_killed: bool) -> str:
    """The table of one experiment."""
    lines = []
    for way in ways:
        count = Count()
        for seed in seeds:
            count += try_out(way, place, seed, leads, is_killed=is_killed)
        figures = (count.twice, count.lost, count.false_alarms, count.failed, count.unknown)
        lines.append([way.name, *(f"{figure:,}" for figure in figures)])
        _say(f"{way.name}: {count}")
    return markdown(HEADINGS, lines)


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.alternatives")
    parser.add_argument("--leads", type=int, default=300, help="of each list")
    parser.add_argument("--seeds", type=int, default=3, help="lists for each way")
    given = parser.parse_args()
    missing = [program for program in ("curl", "npm") if not shutil.which(program)]
    if missing:
        sys.exit(f"Install first: {', '.join(missing)}.")
    with tempfile.TemporaryDirectory(prefix="alternatives-") as directory:
        place, seeds = Path(directory), range(1, given.seeds + 1)
        ways = install(place)
        calm = compare(ways, place, seeds, given.leads, is_killed=False)
        killed = compare(ways, place, seeds, given.leads, is_killed=True)
    total = given.leads * given.seeds
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    sys.stdout.write(
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}; {total:,} leads, "
        f"{FAULTS:.0%} of the requests meet a fault\n\n{calm}\n\n"
        f"The same, killed once when half of the list was in, and the same command again\n\n"
        f"{killed}\n"
    )
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
