"""`bulk_loader.toml`: where it is searched, and what stands in it."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.owners import exposure, planted_link
from bulk_loader.settings.home import FILE_NAME, configuration
from bulk_loader.settings.values import nearest
from bulk_loader.small_files import read_small

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MAX_BYTES = 1_000_000  # the profiles of a thousand dialers


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """The settings file that was found, or the places where there is none.

    Attributes:
        path: None where no file was found; then the tables are empty.
        passed_over: further ones, in places that are searched later.
        general: settings for every profile.
        profiles: settings by the name of the profile.
        jobs: what stands in the tables `[job.NAME]`, by the name of the job.
    """

    path: Path | None
    searched: tuple[Path, ...]
    general: Mapping[str, object] = field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    jobs: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    passed_over: tuple[Path, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Which file is obeyed, and which are not although somebody has put them there."""
        if self.path is None:
            return ()
        unread = "".join(f" {path} is not read besides." for path in self.passed_over)
        return (f"Settings are taken from {self.path}.{unread}",)

    def profile(self, name: str) -> Mapping[str, object]:
        """The settings of one profile.

        Raises:
            SettingsError: there is no such profile, or no file.
        """
        if self.path is None:
            raise SettingsError(
                f"Profile {name} was not found.",
                f"There is no {FILE_NAME} in {' or '.join(map(str, self.searched))}.",
                "Write one with: bulk-loader init",
            )
        if name not in self.profiles:
            raise _not_there(self.path, "profile", name, self.profiles)
        return self.profiles[name]

    def job(self, name: str) -> Mapping[str, object]:
        """What stands in the table of one job.

        Raises:
            SettingsError: there is no such job, or no file.
        """
        if self.path is None:
            raise SettingsError(
                f"Job {name} was not found.",
                f"There is no {FILE_NAME} in {' or '.join(map(str, self.searched))}.",
                "Name the file of the job with --config, or write one with: bulk-loader init",
            )
        if name not in self.jobs:
            raise _not_there(self.path, "job", name, self.jobs)
        return self.jobs[name]


def _not_there(path: Path, kind: str, name: str, known: Collection[str]) -> SettingsError:
    near = nearest(name, known)
    asked = f"Is {near} meant? " if near else ""
    return SettingsError(
        f"{kind.capitalize()} {name} was not found.",
        f"{path} has these {kind}s: {', '.join(sorted(known)) or 'none'}.",
        f"{asked}Add a table [{kind}.{name}] or name one that is there.",
    )


def find_profile_file(
    named: Path | None, directory: Path, beside: Path | None = None
) -> ProfileFile:
    """The file that was named, else the first in the places that are searched.

    These are the working directory, that of the list, and the configuration directory.

    Args:
        beside: the list; None where a command has none.

    Raises:
        SettingsError: the named file is missing, or a file can't be read, is not TOML, or may be
            another user's word.
    """
    if named is not None:
        return _read(named, (named.parent,))
    lists = None if beside is None else Path(os.path.realpath((directory / beside).parent))
    places = [place for place in (directory, lists, configuration()) if place is not None]
    same = {os.path.realpath(place): place for place in reversed(places)}
    searched = tuple(place for place in places if same[os.path.realpath(place)] is place)
    found = [place / FILE_NAME for place in searched if _has_file(place)]
    if not found:
        return ProfileFile(None, searched)
    first, *others = found
    return replace(_read(first, searched), passed_over=tuple(others))


def _has_file(place: Path) -> bool:
    """A link is meant, too, wherever it leads: one that leads nowhere is told, not passed over."""
    path = place / FILE_NAME
    return os.path.isfile(path) or os.path.islink(path)  # noqa: PTH113, PTH114 - pathlib fails at closed folders


def _read(path: Path, searched: tuple[Path, ...]) -> ProfileFile:
    return parsed_file(path, file_content(path), searched)


def parsed_file(path: Path, content: bytes, searched: tuple[Path, ...] = ()) -> ProfileFile:
    """What stands in a settings file, or would stand in it.

    Raises:
        SettingsError: it is not TOML, or has something else in the place of its tables.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        general: dict[str, object] = dict(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path} is not written as TOML.",
            f"The fault: {error}.",
            'Correct that line; texts stand in quotes, such as campaign = "Sales".',
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path} is not written as TOML.",
            "It is not encoded in UTF-8.",
            "Save it as UTF-8 in the editor.",
        ) from error
    profiles, jobs = (_tables(path, kind, general.pop(kind, {})) for kind in ("profile", "job"))
    return ProfileFile(path, searched, general, profiles, jobs)


def file_content(path: Path) -> bytes:
    """What stands in the file, where nobody else can have written it.

    It names the dialer that gets token and leads, files that are sent, and code that is run: a file
    that somebody leaves in a shared folder must not do so.

    Raises:
        SettingsError: it can't be read, or may be another user's word.
    """
    try:
        found = planted_link(path)
        if found is None:
            read = read_small(path, MAX_BYTES)
            found = None if read.is_descriptor else exposure(path, read.found)
    except OSError as error:
        raise SettingsError(
            f"The settings file {path} can't be read.",
            f"The system says: {error.strerror}.",
            "Correct the path after --config, or write the file with: bulk-loader init",
        ) from error
    if found is not None:
        raise SettingsError(
            f"The settings file {path} is not obeyed, since others may have written it.",
            f"{found.why} It could send token and leads elsewhere, and run code.",
            f"If all in it is right: {found.remedy}\n"
            "Or name a file of your own, in a folder of your own, with --config.",
        )
    return read.content


_ABOUT = {"profile": "The settings of a dialer", "job": "What a job is told"}


def _tables(path: Path, kind: str, tables: object) -> dict[str, Mapping[str, object]]:
    """The tables below `[profile.…]` or `[job.…]`; a mere value there is a slip, else ignored."""
    if isinstance(tables, dict) and all(isinstance(table, dict) for table in tables.values()):
        return tables
    raise SettingsError(
        f"{path} has a key named {kind} that is no table.",
        f"{_ABOUT[kind]} stand{'s' * (kind == 'job')} below a line such as [{kind}.production].",
        "Add a name to the table, then run the same command again.",
    )
