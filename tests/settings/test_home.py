from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.settings import Settings, home, load_settings
from bulk_loader.settings.home import default_home


def test_the_ledger_stands_in_the_state_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As the XDG specification says it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert default_home() == tmp_path / ".local/state/bulk-loader"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert default_home() == tmp_path / "state/bulk-loader"


@pytest.mark.parametrize("relative", ["state", "./state", "~/state"])
def test_a_relative_state_directory_is_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, relative: str
) -> None:
    """Each working directory would have a ledger of its own, and people would be called twice."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", relative)
    assert default_home() == tmp_path / ".local/state/bulk-loader"


def test_a_relative_configuration_directory_is_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, directory: Path
) -> None:
    """What stands in the working directory is searched under its own name only."""
    planted = directory / "config" / "bulk-loader" / "bulk_loader.toml"
    planted.parent.mkdir(parents=True)
    planted.write_text('campaign = "planted"')
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    monkeypatch.chdir(directory)
    assert load_settings({}, environ={}).campaign == ""


def test_without_a_home_the_list_of_users_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service manager sets no HOME."""
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    own = Path(pwd.getpwuid(os.getuid()).pw_dir)
    assert default_home() == own / ".local/state/bulk-loader"


def test_what_is_no_full_path_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever comes out for a user who has no home, no ledger begins at the working directory."""
    monkeypatch.setattr(home, "user_state_path", lambda *_, **__: Path("~/.local/state"))
    monkeypatch.setattr(home, "user_config_path", lambda *_, **__: Path("~/.config"))
    with pytest.raises(SettingsError, match="no directory for the ledger") as caught:
        Settings()
    assert "BULK_LOADER_HOME" in caught.value.remedy
    assert Settings(home="/ledger").home == Path("/ledger")
    assert home.configuration() is None


def test_paths_are_seen_from_where_they_are_named(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`~` and relative paths mean the same in every place and for every file."""
    monkeypatch.setenv("HOME", str(directory))
    (directory / "own.toml").write_text('token_file = "~/t"\npassword_file = "p"\nhome = "h"')
    settings = load_settings({"config": "~/own.toml"}, environ={}, directory=directory.parent)
    assert settings.token_file == directory / "t"
    assert settings.password_file == directory / "p"
    assert settings.home == directory / "h"
