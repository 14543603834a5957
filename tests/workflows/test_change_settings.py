from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.settings import load_settings
from bulk_loader.workflows.change_settings import (
    ChangedMeanwhileError,
    OpenedFile,
    add_profile,
    change_settings,
    open_settings_file,
)

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("tomlkit")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file as an editor of Windows writes it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "work").mkdir(mode=0o700)
    monkeypatch.chdir(tmp_path / "work")
    path = tmp_path / "work" / "bulk_loader.toml"
    path.touch(mode=0o600)
    path.write_bytes(b'\xef\xbb\xbf# ours\r\nrate = 1 # slow\r\n[profile.a]\r\ninstance = "a"\r\n')
    return path


def opened() -> OpenedFile:
    """The file that the commands of this directory obey."""
    found = open_settings_file({})
    assert found is not None
    return found


def test_what_is_written_is_obeyed(file: Path) -> None:
    """The mark at the beginning and the ends of the lines stay."""
    assert change_settings(opened(), "a", {"concurrency": 3, "instance": "b"}) == ()
    assert file.read_bytes() == (
        b'\xef\xbb\xbf# ours\r\nrate = 1 # slow\r\n[profile.a]\r\ninstance = "b"\r\n'
        b"concurrency = 3\r\n"
    )
    settings = load_settings({"profile": "a"}, environ={})
    assert (settings.instance, settings.concurrency, settings.rate) == ("b", 3, 1)


def test_what_gets_worse_is_told_and_not_written(file: Path) -> None:
    """Also where a change for all breaks a profile; what was wrong before is no reason."""
    before = file.read_bytes()
    (fault,) = change_settings(opened(), None, {"concurrency": "x"})
    assert "concurrency" in fault.place
    (fault,) = change_settings(opened(), "a", {"url": "https://dialer.example"})
    assert "name one dialer" in fault.wrong
    assert file.read_bytes() == before
    file.write_bytes(before + b"tokn = 1\r\n")
    assert change_settings(opened(), "a", {"concurrency": 3}) == ()
    assert b"tokn = 1\r\nconcurrency = 3\r\n" in file.read_bytes()


def test_a_file_that_was_changed_since_is_left(file: Path) -> None:
    """Whoever opened it looks again."""
    old = opened()
    file.write_bytes(b"rate = 7\n")
    with pytest.raises(ChangedMeanwhileError):
        change_settings(old, None, {"rate": 2})
    with pytest.raises(ChangedMeanwhileError):
        add_profile(old, "b", {})
    assert file.read_bytes() == b"rate = 7\n"
    assert opened().digest != old.digest


@pytest.mark.parametrize("name", ["", " a", "a\n", "x" * 65, "\u202e"])
def test_a_profile_needs_a_name_that_can_be_seen(file: Path, name: str) -> None:
    """Somebody has to type it."""
    before = file.read_bytes()
    with pytest.raises(SettingsError, match="needs a name"):
        add_profile(opened(), name, {})
    assert file.read_bytes() == before


def test_where_there_is_no_file_there_is_none(file: Path) -> None:
    """Nothing is made by looking."""
    file.unlink()
    assert open_settings_file({}) is None
