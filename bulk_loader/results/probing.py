"""Whether a results file can be written at a place, found out by trying before anything is sent."""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from bulk_loader.owners import is_own, user_name
from bulk_loader.results.naming import longest_name
from bulk_loader.results.replacing import create_beside, is_followed, real_place, unfinished_path
from bulk_loader.results.stamps import stamp_path

# What the system makes of its own state; nothing that is written there is kept.
_OF_THE_SYSTEM = re.compile(r"/dev|/dev/(fd|pts)(/.*)?|/(proc|sys)(/.*)?")

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

# A pipe in its place has no reader, and opening must not wait for one; nor is a link followed.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)

# A file that may not even be replaced. Of one that may only not be written, that is no matter.
_IMMUTABLE = frozenset({errno.EPERM, errno.EROFS})


def obstacle(path: Path, size: int = 0) -> str:
    """Why a file can't be written there in place of what there is, as a sentence; "" where it can.

    Rights, links and disks are too many to reason about, so a file is made beside it, and taken
    away at once.

    Args:
        path: a link to a file is followed, where `replacing` does it.
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
    if why:
        return why
    real, beside = real_place(path), path.absolute().parent
    return (
        _what_keeps_from_replacing(real)
        or _what_keeps_from_writing(real, size)
        or ("" if beside == real.parent else _what_keeps_from_writing(path.absolute(), 0))
        or _what_keeps_the_stamp(path)
    )


def _what_stands_there(path: Path) -> str:
    link = path.lstat()
    if stat.S_ISLNK(link.st_mode):
        if why := _why_not_followed(real_place(path)):
            return why
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


def _why_not_followed(place: Path) -> str:
    """Why a link that the way ends at is not followed; "" where it ends at none."""
    try:
        link = place.lstat()
    except FileNotFoundError:
        return ""
    if not stat.S_ISLNK(link.st_mode) or is_followed(place):
        return ""
    if not is_own(link):
        return "It is a link that another user has put there."
    return f"It is a link, and others can put their own in its place: they can write to {place.parent}."


def _what_keeps_the_stamp(path: Path) -> str:
    """What is in the way of the small file that stands beside the results and says whose they are."""
    stamp = stamp_path(path)
    try:
        is_folder = stat.S_ISDIR(stamp.lstat().st_mode)
    except OSError:
        return ""  # nothing is there
    why = "It is a folder." if is_folder else _what_keeps_from_replacing(stamp)
    return f"{stamp}, which says whose the results are, can't be written. {why}" if why else ""


def _what_keeps_from_replacing(real: Path) -> str:
    try:
        found = real.lstat()
    except OSError:
        return ""  # nothing is there, or the trying will tell
    if _is_foreign(found, real.parent.stat()):
        who = user_name(found.st_uid)
        return f"It is another user's file, and {real.parent} lets only its owner {who} replace it."
    if _is_mount_point(real):
        return "It is a file that is mounted there, and can't be replaced."
    try:
        os.close(os.open(real, os.O_WRONLY | _AT_ONCE))
    except OSError as error:
        # Windows replaces no file that is read-only, or that another program has open.
        if error.errno in _IMMUTABLE or os.name == "nt":
            return f"The file that is there can't be replaced: {error.strerror}."
    return ""


def _is_foreign(found: os.stat_result, folder: os.stat_result) -> bool:
    """Another user's, in a folder such as /tmp: there the owners alone may rename and remove."""
    if os.name != "posix" or not folder.st_mode & stat.S_ISVTX:
        return False
    return os.geteuid() not in (0, found.st_uid, folder.st_uid)


def _is_mount_point(real: Path) -> bool:
    """A single file can be mounted, as containers do it; only Linux says so."""
    try:
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return False
    # Its fifth word is the place, with blanks and the like as three octal digits.
    escaped = re.sub(rb"[ \t\n\\]", lambda found: b"\\%03o" % ord(found[0]), os.fsencode(real))
    return any(line.split(b" ", 5)[4] == escaped for line in lines)


def _what_keeps_from_writing(results: Path, size: int) -> str:
    folder = results.parent
    try:
        if not stat.S_ISDIR(folder.stat().st_mode):
            return f"{folder} is no folder."
        with suppress(FileNotFoundError):
            # Neither the path of an unfinished file nor of one that is kept must be too long.
            (folder / ("0" * longest_name(folder))).lstat()
        # Without a name, where the system can: a program that is killed here leaves nothing.
        with tempfile.TemporaryFile(dir=folder) as file:
            if size and hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
    except FileNotFoundError:
        return f"There is no folder {folder}."
    except OSError as error:
        # Not every disk can tell beforehand whether there is room.
        if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
            return _reason(folder, error)
    return _what_keeps_from_renaming(results)


def _what_keeps_from_renaming(results: Path) -> str:
    """Folders exist where files may be made, and neither renamed nor removed."""
    folder = results.parent
    try:
        made, descriptor = create_beside(results, 0o600)
    except OSError as error:
        return _reason(folder, error)
    os.close(descriptor)
    renamed = unfinished_path(results)
    try:
        made.replace(renamed)
        renamed.unlink()
    except OSError as error:
        for left in (made, renamed):
            with suppress(OSError):
                left.unlink()
        return f"No file in {folder} can be renamed and removed: {error.strerror}."
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
