"""Paths as they were written, seen from the place where that was."""

from __future__ import annotations

from pathlib import Path


def path_from(value: object, directory: Path) -> object:
    """One path; what is none stays for the check of its type."""
    return directory / _expanded(Path(value)) if isinstance(value, str | Path) else value


def paths_from(value: object, directory: Path) -> object:
    """A list of paths, or the only one of a list."""
    paths = value if isinstance(value, list | tuple) else [value]
    return [path_from(path, directory) for path in paths]


def schema_from(value: object, directory: Path) -> object:
    """A schema, which is a path or `module:object`; Windows has `C:` in its paths."""
    is_file = isinstance(value, str | Path) and Path(value).suffix.lower() in _SCHEMA_FILES
    return str(path_from(value, directory)) if is_file else value


_SCHEMA_FILES = {".yaml", ".yml", ".json"}


def hours_from(value: object, directory: Path) -> object:
    """The table of calling hours, with its file of holidays."""
    if not isinstance(value, dict) or "holidays" not in value:
        return value
    return {**value, "holidays": path_from(value["holidays"], directory)}


def _expanded(path: Path) -> Path:
    """With a user's directory in place of `~`; as it stands where there is no such user."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path
