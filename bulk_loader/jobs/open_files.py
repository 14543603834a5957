"""Which files some program has open for writing, where the system tells: Linux does, by /proc."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROC = Path("/proc")
_FLAGS = re.compile(r"^flags:\s+([0-7]+)$", re.MULTILINE)


def written_now(proc: Path = _PROC) -> frozenset[tuple[int, int]]:
    """Device and number of every file that is open for writing, as far as this user may see it.

    Of other users' programs only root sees it, so what is not here may be open nevertheless.
    """
    found = set()
    for folder in _processes(proc):
        with suppress(OSError):
            for entry in os.scandir(folder / "fd"):
                with suppress(OSError):  # it was closed meanwhile
                    if _is_written((folder / "fdinfo" / entry.name).read_text("ascii")):
                        status = entry.stat()
                        found.add((status.st_dev, status.st_ino))
    return frozenset(found)


def _processes(proc: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from [entry for entry in proc.iterdir() if entry.name.isdecimal()]


def _is_written(told: str) -> bool:
    flags = _FLAGS.search(told)
    return flags is not None and int(flags[1], 8) & os.O_ACCMODE != os.O_RDONLY
