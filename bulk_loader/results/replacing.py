"""A file is replaced as a whole, or stays as it was."""

from __future__ import annotations

import os
import re
import secrets
import stat
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bulk_loader.owners import is_own, is_shared

if TYPE_CHECKING:
    from collections.abc import Iterator

UNFINISHED = ".results-{}-{}.part"
"""Name of a file that is being written: a mark of the results file, and 16 characters of chance."""

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would translate line ends without it
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_MOST_LINKS = 40  # as Linux follows them


def unfinished_path(results: Path) -> Path:
    """A new name beside a results file, which nobody can foresee.

    Whoever could would put a link there, or a folder that is in the way.
    """
    return results.with_name(UNFINISHED.format(_mark(results), secrets.token_hex(8)))


def create_beside(results: Path, mode: int) -> tuple[Path, int]:
    """A new file with a name of its own, and its descriptor, to read and to write.

    Raises:
        OSError: as the system says it.
    """
    path = unfinished_path(results)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK | _BINARY
    return path, os.open(path, flags, mode)


def is_followed(link: Path) -> bool:
    """Whether a link may say where a file goes: not where another user may have put it there.

    In a folder such as /tmp one's own link stays one's own.

    Raises:
        OSError: it or its folder can't be looked at.
    """
    folder = link.absolute().parent
    if not is_shared(folder):
        return True
    return bool(folder.stat().st_mode & stat.S_ISVTX) and is_own(link.lstat())


def real_place(path: Path) -> Path:
    """Where a file really goes that is written to a path.

    Links are followed as far as `is_followed` allows it; one that is not is itself replaced.
    """
    place = _in_real_folder(path)
    for _ in range(_MOST_LINKS):
        if not place.is_symlink() or not is_followed(place):
            break
        place = _in_real_folder(place.parent / place.readlink())
    return place


def _in_real_folder(path: Path) -> Path:
    # Not pathlib's, which fails at links in a circle.
    return Path(os.path.realpath(path.absolute().parent)) / path.name


@contextmanager
def replacing(path: Path, mode_of: Path) -> Iterator[BinaryIO]:
    """A new file to write, which takes the place of `path` when the block ends well.

    Until then it stands beside `path`, readable by its owner only. On any failure it is
    removed, and what stood at `path` is untouched. What a crash left beside it, with people's
    numbers in it, goes with the next try.

    Args:
        path: a link is followed as `real_place` does it. Nobody else replaces it at the same time.
        mode_of: the new file gets the permissions of this one, and may be written by its owner.
            Where there is none, as with standard input, it stays readable by its owner only.

    Raises:
        OSError: as the system says it.
    """
    path = real_place(path)
    _remove_leftovers(path)
    unfinished, descriptor = create_beside(path, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if os.name == "posix":
                _take_mode(file.fileno(), mode_of)
        if os.name == "nt":
            _take_mode(unfinished, mode_of)
        unfinished.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            unfinished.unlink()
        raise


def _take_mode(file: int | Path, mode_of: Path) -> None:
    # A disk without modes refuses it; the file is as private as it was then.
    with suppress(OSError):
        os.chmod(file, stat.S_IMODE(mode_of.stat().st_mode) | stat.S_IWUSR)  # noqa: PTH101


def _mark(results: Path) -> str:
    # A hash, since a name that is as long as the system allows could not be made longer.
    return sha256(os.fsencode(results.name)).hexdigest()[:16]


def _remove_leftovers(results: Path) -> None:
    """Take away what this user's programs left there when they were killed, and nothing else."""
    left = re.compile(rf"\.results-{_mark(results)}(-[0-9a-f]{{16}})?\.part")
    with suppress(OSError), os.scandir(results.parent) as entries:
        for entry in entries:
            if left.fullmatch(entry.name):
                with suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(found.st_mode) and is_own(found):
                        os.unlink(entry.path)  # noqa: PTH108
