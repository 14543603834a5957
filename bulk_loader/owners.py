"""Who else can write what stands at a place, or put something else there.

Windows has other rights, and says nothing of them in these modes: there nobody else is found.
"""

from __future__ import annotations

import os
import shlex
import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_OWNER, _RIGHTS = 0o700, 0o777
_ACL = "system.posix_acl_access"  # as Linux keeps it; the group's bits are the mask of all then


@dataclass(frozen=True, slots=True)
class Exposure:
    """How others come to a file: a sentence, and the command that ends it."""

    why: str
    remedy: str


def exposure(path: Path, found: os.stat_result) -> Exposure | None:
    """How what is read at a path may be another user's word; None where it can't.

    As `ssh` and git's `safe.directory` see it: the file, its folder and a link on the way belong
    to this user or to root, and nobody else may write there.

    Args:
        found: of the opened file, which may be another one than is found there now.

    Raises:
        OSError: its folder can't be looked at.
    """
    if os.name != "posix":
        return None
    return (
        _of_file(path, found)
        or planted_link(path)
        or _of_folder(path.absolute().parent)
        or (_of_folder(_real_folder(path)) if path.is_symlink() else None)
    )


def is_own(found: os.stat_result) -> bool:
    """It belongs to the user who runs the program."""
    return os.name != "posix" or found.st_uid == os.geteuid()


def is_shared(folder: Path) -> bool:
    """Whether others may put files into a folder, even where they can't remove those of others."""
    if os.name != "posix":
        return False
    found = folder.stat()
    return not _is_trusted(found) or bool(writers(folder, found))


def writers(path: Path, found: os.stat_result) -> str:
    """Who besides the owner may write there, as the end of a sentence; "" for nobody.

    The group that a user has for himself, as Debian and Fedora give one, is nobody else.
    """
    if os.name != "posix":
        return ""
    if found.st_mode & stat.S_IWOTH:
        return "every user of this machine"
    if found.st_mode & stat.S_IWGRP and (not _is_private_group(found.st_gid) or _has_acl(path)):
        return f"the users of the group {group_name(found.st_gid)}"
    return ""


def readers(path: Path, found: os.stat_result) -> str:
    """Who besides the owner may read a file, as `writers` says it."""
    if os.name != "posix":
        return ""
    if found.st_mode & stat.S_IROTH:
        return "every user of this machine"
    if found.st_mode & stat.S_IRGRP and (not _is_private_group(found.st_gid) or _has_acl(path)):
        return f"the users of the group {group_name(found.st_gid)}"
    return ""


def make_private(folder: Path) -> Exposure | None:
    """Make a directory for this user alone, or make one so that is there already.

    Those that it stands in are made as usual, where there are none.

    Returns:
        Why it is not this user's alone; None where it is.

    Raises:
        OSError: it can't be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=_OWNER, exist_ok=True)
    return keep_private(folder)


def keep_private(path: Path) -> Exposure | None:
    """Let nobody but this user read or write what stands there, as far as its disk has modes.

    Returns:
        Why others may have written it, or still may; None where they can't, and for nothing there.

    Raises:
        OSError: it can't be looked at.
    """
    if os.name != "posix":
        return None
    try:
        link, found = path.lstat(), path.stat()
    except FileNotFoundError:
        return None
    for owned in (link, found):
        if not is_own(owned):
            return Exposure(f"{path} belongs to {user_name(owned.st_uid)}.", chown_command(path))
    if stat.S_IMODE(found.st_mode) & ~_OWNER & _RIGHTS:
        with suppress(OSError):
            path.chmod(stat.S_IMODE(found.st_mode) & ~(_RIGHTS & ~_OWNER))
        if who := writers(path, path.stat()):
            return Exposure(
                f"{path} can be written by {who}.", f"chmod go-rwx {shlex.quote(str(path))}"
            )
    return None


def user_name(number: int) -> str:
    """What the user of this number is called here."""
    import pwd  # noqa: PLC0415 - Windows has none

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def group_name(number: int) -> str:
    """What the group of this number is called here."""
    import grp  # noqa: PLC0415

    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def chown_command(path: Path) -> str:
    """The command that gives a file to the user who runs the program."""
    return f"sudo chown {os.geteuid()} {shlex.quote(str(path))}"


def _of_file(path: Path, found: os.stat_result) -> Exposure | None:
    if not _is_trusted(found):
        return Exposure(f"{path} belongs to {user_name(found.st_uid)}.", chown_command(path))
    if who := writers(path, found):
        return Exposure(f"{path} can be written by {who}.", f"chmod go-w {shlex.quote(str(path))}")
    return None


def planted_link(path: Path) -> Exposure | None:
    """How a link at a path is another user's word; Linux may refuse to follow such a one at all.

    Raises:
        OSError: nothing stands there, or it can't be looked at.
    """
    if os.name != "posix":
        return None
    link = path.lstat()
    if not stat.S_ISLNK(link.st_mode) or _is_trusted(link):
        return None
    return Exposure(
        f"{path} is a link that {user_name(link.st_uid)} has put there.",
        f"rm {shlex.quote(str(path))}",
    )


def _of_folder(folder: Path) -> Exposure | None:
    found = folder.stat()
    if not _is_trusted(found):
        who = user_name(found.st_uid)
        return Exposure(
            f"Its folder {folder} belongs to {who}, who can put another file there.",
            chown_command(folder),
        )
    # In a folder such as /tmp others may add files, but not put one in the place of another's.
    if not found.st_mode & stat.S_ISVTX and (who := writers(folder, found)):
        return Exposure(
            f"Its folder {folder} can be written by {who}, who can put another file there.",
            f"chmod go-w {shlex.quote(str(folder))}",
        )
    return None


def _real_folder(path: Path) -> Path:
    return type(path)(os.path.realpath(path)).parent


def _is_trusted(found: os.stat_result) -> bool:
    return found.st_uid in (0, os.geteuid())


def _is_private_group(number: int) -> bool:
    """Whether a group is this user's own and has nobody else in it."""
    import grp  # noqa: PLC0415
    import pwd  # noqa: PLC0415

    try:
        me, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(number)
    except KeyError:
        return False
    # By its name as well: of one such as "users" the members need not be listed anywhere.
    is_mine = me.pw_gid == number and group.gr_name == me.pw_name
    return is_mine and set(group.gr_mem) <= {me.pw_name}


def _has_acl(path: Path) -> bool:
    try:
        return _ACL in os.listxattr(path)
    except (OSError, AttributeError):  # no such lists on this disk or system
        return False
