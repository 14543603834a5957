"""The memory of a process and its children, looked at again and again."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A look takes the kernel about a millisecond for each 100 MB.
_INTERVAL_S = 0.1
_SHARE = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@contextmanager
def sampled_memory(process: int) -> Iterator[list[int]]:
    """Samples in kB, from now to the end of the body."""
    samples = [0]
    is_over = threading.Event()

    def sample() -> None:
        while not is_over.wait(_INTERVAL_S):
            samples.append(sum(map(share_kb, family(process))))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        is_over.set()
        thread.join()


def family(process: int) -> list[int]:
    """The process and all that descend from it."""
    try:
        texts = [path.read_text() for path in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return [process]
    children = [int(child) for text in texts for child in text.split()]
    return [process, *(one for child in children for one in family(child))]


def share_kb(process: int) -> int:
    """Its resident memory, where a page that n processes share counts as one nth; 0 if it is gone."""
    try:
        found = _SHARE.search(Path(f"/proc/{process}/smaps_rollup").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0
