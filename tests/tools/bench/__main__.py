"""Measures the program, and what people would use instead.

    python -m tests.tools.bench
    python -m tests.tools.bench --only slow --only memory --long
    python -m tests.tools.bench --quick

Each measurement takes the place of the one before it in RESULTS.md, beside this file. Everything
that is needed is installed into `.bench`, and nothing but loopback is spoken to while measuring.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tools.bench import (
    adapting,
    fast,
    memory,
    shared,
    slow,
    stages,
    startup,
    together,
    workbooks,
)
from tests.tools.bench.report import machine_kind, with_section
from tests.tools.bench.scale import FULL, LONGEST, QUICK, Bench
from tests.tools.bench.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Sequence

MEASUREMENTS = {
    "fast": fast.measure,
    "slow": slow.measure,
    "rate": slow.measure_rate,
    "auto": adapting.measure,
    "workbooks": workbooks.measure,
    "memory": memory.measure,
    "startup": startup.measure,
    "imports": startup.measure_imports,
    "stages": stages.measure,
    "shared": shared.measure,
    "together": together.measure,
}
"""In the order in which they are made and stand in the results."""


def measure_all(bench: Bench, names: Sequence[str], results: Path) -> None:
    """Make these measurements; each is written as soon as it is made."""
    for name in names:
        bench.say(f"{name}: begins")
        machine = machine_kind()
        section = MEASUREMENTS[name](bench)
        before = results.read_text(encoding="utf-8") if results.exists() else ""
        results.write_text(with_section(before, section, machine), encoding="utf-8")
        if section.chart:
            results.with_name("speed.svg").write_text(section.chart, encoding="utf-8")
        sys.stdout.write(f"{section.markdown(machine)}\n")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.bench")
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="repeatable")
    parser.add_argument("--rounds", type=int, help="of which the median is taken; default 5")
    parser.add_argument("--long", action="store_true", help=f"memory of {LONGEST:,} rows too")
    parser.add_argument(
        "--quick", action="store_true", help="only see that it works; the results stay in .bench"
    )
    given = parser.parse_args()
    # So that what was started is ended also where this is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    names = given.only or list(MEASUREMENTS)
    if len(names) > 1:
        flags = [f"--{flag}" for flag in ("long", "quick") if getattr(given, flag)]
        flags += ["--rounds", str(given.rounds)] if given.rounds else []
        _measure_apart(names, flags)
        return
    workshop = Workshop.open().as_installed()
    scale = QUICK if given.quick else FULL
    if given.rounds:
        scale = replace(scale, rounds=given.rounds)
    if given.long:
        scale = replace(scale, lengths=(*scale.lengths, LONGEST))
    place = workshop.root if given.quick else Path(__file__).parent
    measure_all(Bench(workshop, scale, _say), names, place / "RESULTS.md")


def _measure_apart(names: Sequence[str], flags: Sequence[str]) -> None:
    """Make each measurement in a process of its own, which begins small.

    The peak memory of a command begins with that of the process that starts it.
    """
    for name in names:
        command = [sys.executable, "-m", "tests.tools.bench", *flags, "--only", name]
        with subprocess.Popen(command) as child:
            try:
                code = child.wait()
            except BaseException:
                child.terminate()
                raise
        if code:
            sys.exit(code)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
