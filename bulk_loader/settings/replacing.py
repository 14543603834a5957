"""A settings file is exchanged as a whole: whoever reads it finds the old one or the new one.

Owner, rights and what a link leads to stay as they are, since by these others judge the file.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Lock

from bulk_loader.errors import ErrorCode, LoaderError, SettingsError
from bulk_loader.settings.profiles import MAX_BYTES, file_content

_TURN = Lock()


class ChangedMeanwhileError(LoaderError):
    """Somebody else has written the file since it was read; it was left as it is."""

    code = ErrorCode.CHANGED_MEANWHILE

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} was changed since this page was made.",
            "Somebody has saved it in an editor, or at the desk in another window.",
            "It was left as it is. Look at what it says now, and save once more.",
        )


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Write a settings file anew; where anything goes wrong, it is as it was.

    Args:
        before: what it must still hold.

    Raises:
        ChangedMeanwhileError: it holds something else.
        SettingsError: it can't be written.
    """
    if len(after) > MAX_BYTES:
        raise _unwritten(path, f"It would have more than {MAX_BYTES:,} bytes.")
    real = Path(os.path.realpath(path))
    try:
        found = real.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _unwritten(path, "It is no file that could be exchanged.")
        if found.st_nlink > 1:
            raise _unwritten(path, "It has another name besides, which would keep what it had.")
        _exchange(real, found, before, after, path)
    except OSError as error:
        raise _unwritten(path, f"The system says: {error.strerror}.") from error


def _exchange(real: Path, found: os.stat_result, before: bytes, after: bytes, path: Path) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{real.name}.", suffix=".part", dir=real.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        _make_alike(unfinished, real, found)
        with _TURN:  # two windows of one desk
            _require_unchanged(path, before)
            unfinished.replace(real)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    _settle(real.parent)


def _require_unchanged(path: Path, before: bytes) -> None:
    if file_content(path) != before:
        raise ChangedMeanwhileError(path)


def _make_alike(unfinished: Path, real: Path, found: os.stat_result) -> None:
    """Give a new file the owner and the rights of the old one, or fail."""
    if os.name == "posix":
        made = unfinished.stat()
        if (made.st_uid, made.st_gid) != (found.st_uid, found.st_gid):
            os.chown(unfinished, found.st_uid, found.st_gid)
    shutil.copystat(real, unfinished)  # the lists of rights besides the mode, too
    os.utime(unfinished)
    if stat.S_IMODE(unfinished.stat().st_mode) != stat.S_IMODE(found.st_mode):
        raise PermissionError(errno.EPERM, "Its rights can't be kept", str(real))


def _settle(folder: Path) -> None:
    """Have the new name on the disk, as far as the system lets that be done."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unwritten(path: Path, why: str) -> SettingsError:
    return SettingsError(
        f"{path} can't be written.",
        f"{why} It is as it was.",
        "Make room, or let this user write to the file and its folder; or change it in an editor.",
    )
