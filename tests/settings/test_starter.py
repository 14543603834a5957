from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.settings import load_settings
from bulk_loader.settings.starter import STARTER, write_starter

if TYPE_CHECKING:
    from pathlib import Path


def in_force(text: str) -> str:
    """The file with every example put in force, and the prose left out."""
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    return "\n".join(line for line in lines if " = " in line or line.startswith("["))


def test_what_is_written_can_be_loaded_at_once(directory: Path) -> None:
    """An untouched file says nothing, so nothing is sent anywhere by it."""
    assert write_starter(directory) == directory / "bulk_loader.toml"
    settings = load_settings({"profile": "production"}, environ={}, directory=directory)
    assert settings.model_fields_set == {"profile"}


def test_every_example_in_it_is_right(directory: Path) -> None:
    """Each line works as it stands once its # is taken away."""
    text = in_force(STARTER)
    (directory / "bulk_loader.toml").write_text(text, "utf-8")
    settings = load_settings({"profile": "production"}, environ={}, directory=directory)
    examples = tomllib.loads(text)
    profile = examples.pop("profile")["production"]
    assert settings.model_fields_set == {*examples, *profile, "profile"}
    assert settings.token_file == directory / "production.token"


def test_a_file_that_is_there_is_never_written_over(directory: Path) -> None:
    """What somebody filled in is safe from a second `init`."""
    path = directory / "bulk_loader.toml"
    path.write_text("campaign = 'X'")
    with pytest.raises(SettingsError, match="is there already"):
        write_starter(directory)
    assert path.read_text() == "campaign = 'X'"


def test_a_directory_that_can_not_be_written_is_told(directory: Path) -> None:
    """The system's own reason is passed on."""
    with pytest.raises(SettingsError, match="can't be written") as caught:
        write_starter(directory / "missing")
    assert caught.value.why == "The system says: No such file or directory."


def test_nobody_else_may_write_it(directory: Path) -> None:
    """It is obeyed afterwards, whatever the umask was."""
    before = os.umask(0)
    try:
        path = write_starter(directory)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o644
