"""Looks through the larger worlds, and prints how many states each of them has.

    python -m tests.ledger.model

It takes some minutes, and some gigabytes of memory.
"""

from __future__ import annotations

import sys

from tests.ledger.model.bounds import LARGE, SMALL
from tests.ledger.model.promises import promises
from tests.ledger.model.search import Search
from tests.ledger.model.steps import Steps


def main() -> int:
    """1 where a promise is broken."""
    is_broken = False
    for name, bounds in (SMALL | LARGE).items():
        found = Search(Steps(bounds), promises(bounds)).explore(bounds.first())
        is_broken |= bool(found.broken)
        sys.stdout.write(f"{name}: {found}\n")
        sys.stdout.flush()
    return int(is_broken)


if __name__ == "__main__":
    sys.exit(main())
