"""The settings file is changed: as a whole it is judged as ever before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.settings import load_job_file
from bulk_loader.settings.editing import edited, with_profile
from bulk_loader.settings.profiles import file_content, parsed_file
from bulk_loader.settings.replacing import ChangedMeanwhileError, replace_file
from bulk_loader.settings.whole_file import file_faults

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulk_loader.settings.faults import SettingFault
    from bulk_loader.settings.profiles import ProfileFile

_MARK = b"\xef\xbb\xbf"  # of UTF-8, which some editors of Windows put before it


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A settings file as it was found, to be changed."""

    path: Path
    content: bytes
    file: ProfileFile

    @property
    def digest(self) -> str:
        """By which it is known that it is still the same."""
        return sha256(self.content).hexdigest()


def open_settings_file(flags: Mapping[str, object]) -> OpenedFile | None:
    """The file that all commands obey; None where there is none.

    Raises:
        SettingsError: it can't be read, is not TOML, or may be another user's word.
    """
    found = load_job_file(flags)
    if found.path is None:
        return None
    content = file_content(found.path)
    return OpenedFile(found.path, content, parsed_file(found.path, content, found.searched))


def change_settings(
    opened: OpenedFile, profile: str | None, changes: Mapping[str, object]
) -> tuple[SettingFault, ...]:
    """Write values into a profile, or into what the file says for all.

    Args:
        changes: values by key; None where the key is to go.

    Returns:
        What would be wrong then and is not now; in that case nothing was written.

    Raises:
        ChangedMeanwhileError: somebody else has written it since it was opened.
        SettingsError: it can't be changed, or not be written.
        MissingExtraError: what keeps its comments is not installed.
    """
    return _write(opened, edited(_text(opened), profile, changes))


def add_profile(
    opened: OpenedFile, name: str, values: Mapping[str, object]
) -> tuple[SettingFault, ...]:
    """Write one more profile; otherwise as `change_settings`.

    Raises:
        SettingsError: besides, there is one of that name, or it is no name.
    """
    if not name or not name.isprintable() or name != name.strip() or len(name) > MAX_NAME:
        raise SettingsError(
            "The profile needs a name.",
            f"It has letters that can be seen, and at most {MAX_NAME} of them.",
            "Write one, such as production.",
        )
    if name in opened.file.profiles:
        raise SettingsError(
            f"There is a profile {name} already.", "Each has its own name.", "Write another one."
        )
    return _write(opened, with_profile(_text(opened), name, values))


MAX_NAME = 64


def _text(opened: OpenedFile) -> str:
    return opened.content.decode("utf-8-sig")


def _write(opened: OpenedFile, text: str) -> tuple[SettingFault, ...]:
    mark = _MARK if opened.content.startswith(_MARK) else b""
    content = mark + text.encode()
    before = file_faults(opened.file)
    after = file_faults(parsed_file(opened.path, content, opened.file.searched))
    worse = tuple(fault for fault in after if fault not in before)
    if not worse:
        replace_file(opened.path, opened.content, content)
    return worse


__all__ = [
    "ChangedMeanwhileError",
    "OpenedFile",
    "add_profile",
    "change_settings",
    "open_settings_file",
]
