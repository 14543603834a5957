"""A file is replaced as a whole, or stays as it was."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

UNFINISHED = ".results-{}.part"
"""Name of a file that is being written, for a mark of 16 characters."""

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would translate line ends without it


def unfinished_path(path: Path) -> Path:
    """Where a file is written before it takes the place of another."""
    # A hash, since a name that is as long as the system allows could not be made longer.
    return path.with_name(UNFINISHED.format(sha256(os.fsencode(path.name)).hexdigest()[:16]))


@contextmanager
def replacing(path: Path, mode_of: Path) -> Iterator[BinaryIO]:
    """A new file to write, which takes the place of `path` when the block ends well.

    Until then it stands beside `path`, readable by its owner only. On any failure it is
    removed, and what stood at `path` is untouched. What a crash left beside it, with people's
    numbers in it, goes with the next try.

    Args:
        path: a link is followed. Nobody else replaces it at the same time.
        mode_of: the new file gets the permissions of this one, and may be written by its owner.
            Where there is none, as with standard input, it stays readable by its owner only.

    Raises:
        OSError: as the system says it.
    """
    path = Path(os.path.realpath(path))  # pathlib's own fails at links in a circle
    unfinished = unfinished_path(path)
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode_of.exists():
            unfinished.chmod(stat.S_IMODE(mode_of.stat().st_mode) | stat.S_IWUSR)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
