"""What has come into a folder: lists in the order of their time, and what is not taken for one."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.reports.places import is_report_name
from bulk_loader.settings.jobs import is_pattern

if TYPE_CHECKING:
    from collections.abc import Collection

# Of copying programs, browsers and spreadsheet programs, while the file is not there yet.
_TEMPORARY = re.compile(
    r"\.|~\$|.*~$|.*\.(part|partial|filepart|tmp|temp|crdownload|download|opdownload|!ut|swp)$",
    re.IGNORECASE | re.DOTALL,
)
_RESULTS = re.compile(r".\.results(\.|$)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a list.

    Attributes:
        modified_ns: nanoseconds since 1970, as the disk or its server says it.
        inode: device and number, which a link or a copy doesn't share.
    """

    path: Path
    size: int
    modified_ns: int
    inode: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What has a fitting name and is not taken."""

    path: Path
    why: str

    @property
    def sentence(self) -> str:
        """For a note."""
        return f"{self.path.name} was not taken: {self.why}."


@dataclass(frozen=True, slots=True)
class Inbox:
    """What was found at one moment; candidates in the order of their time."""

    candidates: tuple[Candidate, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


def look(source: Path, own: Collection[Path] = ()) -> Inbox:
    """Look through a folder; nothing is opened.

    Args:
        source: a file, or a folder with a pattern for the names in it.
        own: folders of the job itself and its settings file, which need no word.

    Raises:
        SettingsError: the folder can't be looked at.
    """
    try:
        with os.scandir(source.parent) as entries:
            fitting = [entry for entry in entries if fnmatch.fnmatch(entry.name, source.name)]
            found = [_judge(entry, source) for entry in fitting if Path(entry.path) not in own]
    except OSError as error:
        raise SettingsError(
            f"The folder {source.parent} can't be looked at.",
            f"The system says: {error.strerror}.",
            'Correct "file" of the job, make the folder, or give this user the right to read it.',
        ) from error
    candidates = [each for each in found if isinstance(each, Candidate)]
    passed_over = [each for each in found if isinstance(each, PassedOver)]
    candidates.sort(key=lambda candidate: (candidate.modified_ns, candidate.path.name))
    passed_over.sort(key=lambda over: over.path.name)
    return Inbox(tuple(candidates), tuple(passed_over))


def _judge(entry: os.DirEntry[str], source: Path) -> Candidate | PassedOver | None:
    """What stands behind a fitting name; None where it is gone again."""
    path = Path(entry.path)
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    if why := _of_kind(found.st_mode) or _of_name(path.name, source):
        return PassedOver(path, why)
    return Candidate(path, found.st_size, found.st_mtime_ns, (found.st_dev, found.st_ino))


def _of_kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISLNK(mode):
        return "it is a link, and what it leads to can't be moved; put the file itself there"
    return (
        "it is a folder"
        if stat.S_ISDIR(mode)
        else "it is no file, but a pipe, a socket or the like"
    )


def _of_name(name: str, source: Path) -> str:
    if name == source.name and not is_pattern(source):
        return ""  # it was asked for by this very name
    if _TEMPORARY.match(name):
        return "by its name a program is still writing it"
    if _RESULTS.search(name):
        return "by its name it is a results file, which is for: bulk-loader retry"
    if is_report_name(name):
        return "by its name it is the report of a run"
    return ""
