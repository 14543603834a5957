"""Private copies of lists that can't be read where they stand, and what killed programs left of them."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import weakref
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.owners import is_own

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "bulk-loader-copy-"
"""Of the directories, so that those of killed programs are known again."""

_UNSAFE = re.compile(r"[^\w. -]")  # a name inside an archive may be anything
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


class PrivateCopy:
    """A file in a directory that only this user can read.

    It is removed when nothing refers to this object any more, or when the program ends; what a
    killed program leaves is removed by `remove_abandoned`. Until then the directory is locked: the
    number of a process may be another's by then, a lock can't.

    Raises:
        OSError: there is no room for the directory.
    """

    def __init__(self, name: str) -> None:
        directory, lock = _locked_directory()
        self.path = Path(directory) / (_UNSAFE.sub("_", name)[-100:].strip(". ") or "list")
        weakref.finalize(self, _remove, directory, lock)


def remove_abandoned() -> None:
    """Remove the copies that this user's programs have left, and no living one has any more."""
    if os.name != "posix":
        return
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX):
                with suppress(OSError), _abandoned(entry.path):
                    shutil.rmtree(entry.path, ignore_errors=True)


def _locked_directory() -> tuple[str, int | None]:
    while True:
        directory = tempfile.mkdtemp(prefix=PREFIX)  # made with mode 0700
        if os.name != "posix":
            return directory, None
        try:
            return directory, _hold(directory)
        except FileNotFoundError:
            continue  # before it was locked, another program took it for an abandoned one


def _hold(directory: str) -> int | None:
    """A descriptor that keeps the directory locked; None where its disk knows no locks.

    Raises:
        FileNotFoundError: it was removed before.
    """
    import fcntl  # noqa: PLC0415 - Windows has none

    descriptor = os.open(directory, _FOLDER)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # who has it is removing the directory
        os.stat(directory)  # noqa: PTH116
    except FileNotFoundError:
        os.close(descriptor)
        raise
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def _abandoned(directory: str) -> Iterator[None]:
    """Hold a directory of this user that nobody holds.

    Raises:
        OSError: it is a link, another user's, or held; or its disk knows no locks.
    """
    import fcntl  # noqa: PLC0415

    descriptor = os.open(directory, _FOLDER)
    try:
        found = os.fstat(descriptor)
        if not is_own(found) or stat.S_IMODE(found.st_mode) != stat.S_IRWXU:
            raise PermissionError
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _remove(directory: str, lock: int | None) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    if lock is not None:
        os.close(lock)
