"""The file of a log: this user's own, appended to in whole lines, whatever else is done to it.

Not by the library's `WatchedFileHandler`: that follows a link which another user has left, makes the file
readable by all, and holds back what it could not write, only to fail again when the program ends.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.owners import is_own, is_shared

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOCTTY", 0)
# A pipe without a reader, or with one that has stopped, must not keep the run.
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)


class LogFile:
    """Appends lines, and goes on in a new file where the system has taken the old one away.

    It looks before each line whether the file at its path is still the one that it writes into, so
    rotation needs neither a signal nor `copytruncate`.

    Attributes:
        failure: why a line could not be written, the last time; None where all were.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.failure: OSError | None = None
        try:
            self._descriptor = open_private(path)
        except OSError as error:
            raise SettingsError(
                f"The log can't be written to {path}.",
                f"The system says: {error.strerror}.",
                "Give another file with --log-file, in a folder that only you can write.",
            ) from error

    def add(self, line: str) -> None:
        """Write one line, or keep why it could not be written; nothing is raised."""
        try:
            if self._was_taken_away():
                self._reopen()
            data = f"{line}\n".encode("utf-8", "backslashreplace")
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError as error:
            self.failure = error

    def close(self) -> None:
        """Leave it; what is added later is lost."""
        with suppress(OSError):
            os.close(self._descriptor)

    def _was_taken_away(self) -> bool:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return True
        return not os.path.samestat(there, os.fstat(self._descriptor))

    def _reopen(self) -> None:
        opened = open_private(self._path)
        self.close()
        self._descriptor = opened


def open_private(path: Path) -> int:
    """A descriptor that appends to a file; a new file is this user's alone.

    In a folder where others may put files it is no link, and no file of theirs, which would send
    the lines where they like.

    Raises:
        OSError: it can't be opened, or is somebody else's.
    """
    others_write = is_shared(path.parent)
    descriptor = os.open(path, _FLAGS | _NONBLOCK | (_NOFOLLOW if others_write else 0), 0o600)
    found = os.fstat(descriptor)
    is_planted = not is_own(found) or found.st_nlink != 1 or not stat.S_ISREG(found.st_mode)
    if others_write and is_planted:
        os.close(descriptor)
        raise OSError(0, "Others can write in its folder, and one of them may have put it there")
    return descriptor
