"""Tries seeds that come by standard input, in a process of bounded memory that may be killed."""

from __future__ import annotations

import resource
import sys
import traceback
import warnings
from pathlib import Path

from tests.tools.fuzz.trial import try_seed

MAX_BYTES = 1_500_000_000
"""Ten times what reading such small files takes; libraries reserve some of it unused."""


def main() -> None:
    """Answer each seed with one line: what the file is, or `FAULT` with the traceback escaped."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
    warnings.simplefilter("error")
    place = Path(sys.argv[1])
    for line in sys.stdin:
        try:
            answer = try_seed(int(line), place)
        except BaseException:  # noqa: BLE001 (whatever it is, it is what we are looking for)
            answer = "FAULT " + ascii(traceback.format_exc())
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
