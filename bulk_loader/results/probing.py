"""Whether a results file can be written at a place, found out by trying before anything is sent."""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from bulk_loader.results.replacing import UNFINISHED

# What the system makes of its own state; nothing that is written there is kept.
_OF_THE_SYSTEM = re.compile(r"/dev|/dev/(fd|pts)(/.*)?|/(proc|sys)(/.*)?")

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

# A file that may not even be replaced. Of one that may only not be written, that is no matter.
_IMMUTABLE = frozenset({errno.EPERM, errno.EROFS})


def obstacle(path: Path, size: int = 0) -> str:
    """Why a file can't be written there in place of what there is, as a sentence; "" where it can.

    Rights, links and disks are too many to reason about, so a file is made beside it, and taken
    away at once.

    Args:
        path: a link to a file is followed, as `replacing` does it.
        size: bytes that it must have room for, as far as that is known.
    """
    if os.name == "posix" and _OF_THE_SYSTEM.fullmatch(_real(path.absolute().parent)):
        return f"What stands in {path.absolute().parent} is no file."
    try:
        why = _what_stands_there(path)
    except FileNotFoundError:
        why = ""
    except PermissionError:
        return f"This user may not look at what stands in {path.absolute().parent}."
    except OSError as error:
        return _reason(path, error)
    real = Path(_real(path))
    return why or _what_keeps_from_replacing(real) or _what_keeps_from_writing(real.parent, size)


def _what_stands_there(path: Path) -> str:
    link = path.lstat()
    if stat.S_ISLNK(link.st_mode):
        if _is_foreign(link, path.absolute().parent.stat()):
            return "It is a link that another user has put there."
        try:
            path.stat()
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ELOOP):
                raise
            return f"It is a link that leads nowhere: {os.readlink(path)}."  # noqa: PTH115 - raw
    mode = path.stat().st_mode
    if stat.S_ISREG(mode):
        return ""
    return "It is a folder." if stat.S_ISDIR(mode) else "It is a device, a pipe or a socket."


def _what_keeps_from_replacing(real: Path) -> str:
    try:
        found = real.lstat()
    except OSError:
        return ""  # nothing is there, or the trying will tell
    if _is_foreign(found, real.parent.stat()):
        return f"It is another user's file, and {real.parent} lets only him replace it."
    if _is_mount_point(real):
        return "It is a file that is mounted there, and can't be replaced."
    try:
        os.close(os.open(real, os.O_WRONLY))
    except OSError as error:
        # Windows replaces no file that is read-only, or that another program has open.
        if error.errno in _IMMUTABLE or os.name == "nt":
            return f"The file that is there can't be replaced: {error.strerror}."
    return ""


def _is_foreign(found: os.stat_result, folder: os.stat_result) -> bool:
    """Another user's, in a folder such as /tmp: there the owners alone may rename and remove.

    A superuser may, too, but a link that somebody else has put there is a trap for him above all.
    """
    if os.name != "posix" or not folder.st_mode & stat.S_ISVTX:
        return False
    me = os.geteuid()
    if stat.S_ISLNK(found.st_mode):
        return found.st_uid not in (me, folder.st_uid)
    return me not in (0, found.st_uid, folder.st_uid)


def _is_mount_point(real: Path) -> bool:
    """A single file can be mounted, as containers do it; only Linux says so."""
    try:
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return False
    # Its fifth word is the place, with blanks and the like as three octal digits.
    escaped = re.sub(rb"[ \t\n\\]", lambda found: b"\\%03o" % ord(found[0]), os.fsencode(real))
    return any(line.split(b" ", 5)[4] == escaped for line in lines)


def _what_keeps_from_writing(folder: Path, size: int) -> str:
    try:
        if not stat.S_ISDIR(folder.stat().st_mode):
            return f"{folder} is no folder."
        with suppress(FileNotFoundError):
            (folder / UNFINISHED.format("0" * 16)).lstat()  # its whole path must not be too long
        # Without a name, where the system can: a program that is killed here leaves nothing.
        with tempfile.TemporaryFile(dir=folder) as file:
            if size and hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
    except FileNotFoundError:
        return f"There is no folder {folder}."
    except OSError as error:
        # Not every disk can tell beforehand whether there is room.
        return "" if error.errno in (errno.EOPNOTSUPP, errno.EINVAL) else _reason(folder, error)
    return ""


def _reason(path: Path, error: OSError) -> str:
    if error.errno in _NO_ROOM:
        return "There is no room for them on that disk."
    if error.errno == errno.ENAMETOOLONG:
        return "The name is too long for this system."
    if error.errno == errno.EROFS:
        return f"{path} is on a disk that can only be read."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"The folder {path} can't be written."
    return f"The system says of {path}: {error.strerror}."


def _real(path: Path) -> str:
    return os.path.realpath(path)  # pathlib's own fails at links in a circle
