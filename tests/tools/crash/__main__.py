"""Hundreds of uploads, killed at random moments and resumed, against the dialer's own record.

    python -m tests.tools.crash --runs 340 --seed 1
    python -m tests.tools.crash --runs 120 --kind shared

A seed gives the file, the faults and the intended moments again. The moments themselves are of
the real clock, so that the same seed is only likely to meet the same fault.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tools.crash.experiments import carry_out
from tests.tools.crash.kinds import KINDS
from tests.tools.crash.servers import OwnServers
from tests.tools.crash.table import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.tools.crash.experiments import Ended, Kind


def carry_out_all(
    kinds: Sequence[Kind], seeds: Iterable[int], place: Path, jobs: int
) -> Iterator[Ended]:
    """One experiment a seed, the kinds in turn; in the order in which they end."""
    with OwnServers() as servers, ThreadPoolExecutor(jobs) as threads:
        turns = [
            threads.submit(carry_out, kinds[number % len(kinds)], seed, place, servers)
            for number, seed in enumerate(seeds)
        ]
        for turn in as_completed(turns):
            yield turn.result()


def main() -> int:
    """Print the table; 1 where the promise was broken."""
    given = _arguments()
    chosen = [kind for kind in KINDS if given.kind in kind.name]
    kinds = [kind for kind in chosen if not _is_skipped(kind)]
    if not kinds:
        sys.exit(f"There is nothing to do for --kind {given.kind!r}.")
    place = Path(tempfile.mkdtemp(prefix="crash-"))
    seeds = range(given.seed, given.seed + given.runs)
    ended = []
    for one in carry_out_all(kinds, seeds, place, given.jobs):
        ended.append(one)
        _tell(one, f"{len(ended)} of {given.runs}")
    _say(f"\nSeeds {seeds[0]} to {seeds[-1]}\n\n{table(kinds, ended)}")
    if any(one.violations for one in ended):
        _say("\nThe promise was broken.")
        return 1
    shutil.rmtree(place)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.crash")
    parser.add_argument("--runs", type=int, default=len(KINDS), help="files to upload")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the first")
    parser.add_argument("--kind", default="", help="only those whose name has this text in it")
    parser.add_argument("--jobs", type=int, default=3, help="experiments at once")
    return parser.parse_args()


def _is_skipped(kind: Kind) -> bool:
    if why := kind.why_not():
        _say(f"Skipped: {kind.name}; {why}.")
    return bool(why)


def _tell(one: Ended, progress: str) -> None:
    alike = Counter(map(_without_figures, one.violations))
    for violation in one.violations:
        if more := alike.pop(_without_figures(violation), 0):
            told = f"{violation}; {more:,} like it" if more > 1 else violation
            _say(f"VIOLATION  {one.kind.name}, seed {one.seed}: {told}")
    if one.violations:
        _say(f"           again: --kind '{one.kind.name}' --seed {one.seed} --runs 1")
        _say(f"           kept: {one.directory}")
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{progress} ")


def _without_figures(sentence: str) -> str:
    """What it has in common with others: where one lead is wrong, many are."""
    return re.sub(r"\d+", "#", sentence)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
