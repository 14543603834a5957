"""Odd files, one a moment, for a set time: each is read or refused in words, and nothing else.

    python -m tests.tools.fuzz --seconds 300 --seed 1

What breaks this is kept in `.fuzz/`, named after its seed; `--seed N --cases 1` tries it again.
"""

from __future__ import annotations

import argparse
import ast
import random
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

KEPT = Path(__file__).parents[3] / ".fuzz"

MAX_SECONDS = 20.0
"""For one small file, on a machine that does other things as well."""


class Worker:
    """A process that tries one file after the other, started anew when one was too much for it."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._process = self._start()

    def try_seed(self, seed: int) -> str:
        """What became of the file of this seed; begins with `FAULT` where that is bad."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{seed}\n")
        stdin.flush()
        if not select.select([stdout], [], [], MAX_SECONDS)[0]:
            return self._restart(f"FAULT 'It took more than {MAX_SECONDS} seconds.'")
        answer: str = stdout.readline().strip()
        if not answer:
            return self._restart(f"FAULT 'It ended the program: {self._process.wait()}.'")
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.tools.fuzz.worker", str(self._place)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def _restart(self, answer: str) -> str:
        self.close()
        self._process = self._start()
        return answer


def main() -> int:
    """Print what was found; 1 where anything was neither read nor refused in words."""
    given = _arguments()
    end, counts = time.monotonic() + given.seconds, Counter[str]()
    place = Path(tempfile.mkdtemp(prefix="fuzz-"))
    worker = Worker(place)
    for seed in range(given.seed, given.seed + given.cases):
        if time.monotonic() > end:
            break
        answer = worker.try_seed(seed)
        counts[answer.partition(" '")[0].partition(' "')[0]] += 1
        if answer.startswith("FAULT"):
            _keep(seed, place, ast.literal_eval(answer.removeprefix("FAULT ")))
        for made in place.iterdir():
            made.unlink()
    worker.close()
    shutil.rmtree(place)
    _say(f"Seeds from {given.seed}: {counts.total():,} files.")
    for answer, count in counts.most_common():
        _say(f"{count:>9,}  {answer}")
    return 1 if counts["FAULT"] else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.fuzz")
    parser.add_argument("--seconds", type=float, default=60, help="how long to go on")
    parser.add_argument("--seed", type=int, default=random.randrange(10**9), help="of the first")
    parser.add_argument("--cases", type=int, default=10**9, help="files at most")
    return parser.parse_args()


def _keep(seed: int, place: Path, trace: str) -> None:
    KEPT.mkdir(exist_ok=True)
    (KEPT / ".gitignore").write_text("*\n")
    for path in place.glob(f"{seed}-*"):
        shutil.copy(path, KEPT)
    (KEPT / f"{seed}.txt").write_text(trace + "\n", "utf-8")
    _say(f"FAULT, seed {seed}, kept in {KEPT.name}/: {trace.strip().splitlines()[-1][:200]}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
