"""The folders of a job, and how a file moves through them: by renaming, never over another."""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError, SourceError
from bulk_loader.jobs.night import Fate
from bulk_loader.reports.places import checked_report_path, is_report_name, report_path
from bulk_loader.results import move_stamp
from bulk_loader.results.naming import longest_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bulk_loader.jobs.inbox import Candidate

# What a results file and the stamp beside it add to the name of a list, and two digits for a
# second one of that name.
_ADDED_BYTES = 32
_DATED = re.compile(r"\d{8}-\d{6}-(?=.)", re.ASCII)
_NO_LIST = re.compile(r"\.|.*\.results(\.|$)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Places:
    """The folders below one, which is the job's alone."""

    workspace: Path

    def of(self, fate: Fate) -> Path:
        """The folder for files that ended so."""
        return self.workspace / fate.value

    @property
    def all(self) -> tuple[Path, ...]:
        """Every one of them."""
        return tuple(map(self.of, Fate))

    def make(self, inbox: Path) -> None:
        """Make those that are missing, and see that files can be moved through them.

        Raises:
            SettingsError: they can't.
        """
        try:
            for folder in self.all:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unusable(self.workspace, f"The system says: {error.strerror}.") from error
        if why := self.obstacle(inbox):
            raise unusable(self.workspace, why)

    def obstacle(self, inbox: Path) -> str:
        """Why no file of the inbox could be moved through them; "" where it can, or they lack."""
        try:
            return self._obstacle(inbox)
        except OSError as error:  # such as a share that was there a moment ago
            return f"The system says: {error.strerror}."

    def _obstacle(self, inbox: Path) -> str:
        for folder in filter(os.path.lexists, (self.workspace, *self.all)):
            if not folder.is_dir():
                return f"{folder} is no folder."
            if not _is_writable(folder):
                return f"This user may not write to {folder}."
        devices = {folder.stat().st_dev for folder in (inbox, *self.all) if folder.exists()}
        if len(devices) <= 1:
            return ""
        return f"They and {inbox} are not all on one disk, so files can't be moved by renaming."

    def leftovers(self) -> Iterator[Path]:
        """Lists that an earlier run has taken and not finished, in that order.

        Raises:
            SettingsError: the folder can't be looked at.
        """
        working = self.of(Fate.WORKING)
        try:
            paths = sorted(working.iterdir())
        except FileNotFoundError:
            return
        except OSError as error:
            raise unusable(working, f"The system says: {error.strerror}.") from error
        for path in paths:
            is_list = not (_NO_LIST.match(path.name) or is_report_name(path.name))
            if is_list and _DATED.match(path.name) and is_plain(path):
                yield path

    def take(self, found: Candidate, now: datetime) -> Path | None:
        """Move a file into `working`, under a dated name; None where it is gone, or is another.

        Raises:
            SettingsError: it can't be moved.
            SourceError: it was exchanged for something that is no file.
        """
        target = self._free(Fate.WORKING, f"{now.astimezone():%Y%m%d-%H%M%S}-{found.path.name}")
        try:
            found.path.rename(target)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _immovable(found.path, target, error) from error
        if not is_plain(target):
            raise SourceError(
                f"{found.path.name} is no file any more.",
                f"While it was taken, somebody put something else in its place; it is {target} now.",
                "Look who can write to the folder, and remove it.",
            )
        return target

    def put_away(
        self, list_path: Path, results: Path | None, fate: Fate
    ) -> tuple[Path, Path | None, Path | None]:
        """Move a list out of `working`, its results first; the list is what says that all is done.

        The page that tells of it goes along; one that can't be moved stays, and changes nothing.

        Returns:
            Where list, results and page stand now; None for what there is not.

        Raises:
            OSError: as the system says it; what was moved until then stays moved.
        """
        moved = self._put_results(results, fate)
        page = None
        with suppress(OSError):
            page = self._put_page(list_path, results, moved, fate)
        target = self._free(fate, list_path.name)
        list_path.rename(target)
        return target, moved, page

    def _put_page(
        self, list_path: Path, results: Path | None, moved: Path | None, fate: Fate
    ) -> Path | None:
        """The page of its run, or of the check that refused it."""
        for page in (report_path(results or list_path), checked_report_path(list_path)):
            if page.is_file():
                target = self._free(fate, report_path(moved).name if moved else page.name)
                page.rename(target)
                return target
        there = (
            None if moved is None else report_path(moved)
        )  # a run that broke off may have moved it
        return there if there is not None and there.is_file() else None

    def _put_results(self, results: Path | None, fate: Fate) -> Path | None:
        if results is None:
            return None
        if not results.is_file():
            there = self.of(fate) / results.name  # a run that broke off may have moved them
            return there if there.is_file() else None
        target = self._free(fate, results.name)
        results.rename(target)
        move_stamp(results, target)
        return target

    def _free(self, fate: Fate, name: str) -> Path:
        """A path in a folder where nothing stands, for a name that may be too long for it."""
        folder, number = self.of(fate), 1
        stem, suffix = Path(name).stem, Path(name).suffix
        most = longest_name(folder) - _ADDED_BYTES
        while True:
            end = suffix if number == 1 else f"-{number}{suffix}"
            while stem and len(os.fsencode(stem + end)) > most:
                stem = stem[:-1]
            path = folder / (stem + end)
            if not os.path.lexists(path):
                return path
            number += 1


def _is_writable(folder: Path) -> bool:
    has_effective = os.access in os.supports_effective_ids
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=has_effective)


def is_plain(path: Path) -> bool:
    """A file stands there, and no link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def came_as(path: Path) -> str:
    """The name that a list had before it was taken."""
    return _DATED.sub("", path.name, count=1)


def unusable(folder: Path, why: str) -> SettingsError:
    """No list can go through these folders."""
    return SettingsError(
        f"The folders of the job in {folder} can't be used.",
        why,
        'Make it writable for this user, or name another folder as "workspace" of the job.',
    )


def _immovable(path: Path, target: Path, error: OSError) -> SettingsError:
    if error.errno == errno.EXDEV:
        return SettingsError(
            f"{path.name} can't be moved to {target.parent}.",
            "The folder is on another disk, so the file would have to be copied, and a crash in "
            "the middle of that would leave half of it.",
            'Give the job a "workspace" on the disk of its files.',
        )
    return SettingsError(
        f"{path.name} can't be moved to {target.parent}.",
        f"The system says: {error.strerror}.",
        f"Close it in other programs, and let this user write to {path.parent} and to that folder.",
    )
