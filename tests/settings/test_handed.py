"""Secrets that systemd and Docker hand over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.settings import load_settings
from bulk_loader.settings.handed import handed_layer

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def handed(tmp_path: Path) -> Path:
    """What a service manager makes, readable by whom it likes."""
    place = tmp_path / "credentials"
    place.mkdir()
    (place / "bulk_loader_token").write_text("abc=\n")
    (place / "bulk_loader_token").chmod(0o444)
    return place


def test_a_credential_of_systemd_is_found(directory: Path, handed: Path) -> None:
    """`LoadCredential=bulk_loader_token:FILE` is all that a unit needs; nothing is noted of its mode."""
    environ = {"CREDENTIALS_DIRECTORY": str(handed)}
    settings = load_settings({"url": "https://a.example"}, environ=environ, directory=directory)
    token = settings.require_credentials().token
    assert token is not None
    assert token.get_secret_value() == "abc="
    assert settings.origin_of_credentials == str(handed / "bulk_loader_token")
    assert settings.notes == ()


def test_what_the_user_says_wins(directory: Path, handed: Path) -> None:
    """A profile that names a file means that one."""
    (directory / "mine").write_text("mine")
    (directory / "mine").chmod(0o600)
    (directory / "bulk_loader.toml").write_text(
        "[profile.a]\nurl='https://a.example'\ntoken_file='mine'"
    )
    environ = {"CREDENTIALS_DIRECTORY": str(handed)}
    settings = load_settings({"profile": "a"}, environ=environ, directory=directory)
    token = settings.require_credentials().token
    assert token is not None
    assert token.get_secret_value() == "mine"


def test_a_secret_of_docker_is_found(directory: Path, handed: Path) -> None:
    """User and password as well; the service manager's word comes first."""
    (handed / "bulk_loader_user").write_text("ana\n")
    (handed / "bulk_loader_password").write_text("pass word\n")
    layer = handed_layer({}, directory, handed)
    assert layer.values == {
        "token_file": handed / "bulk_loader_token",
        "user": "ana",
        "password_file": handed / "bulk_loader_password",
    }
    first = directory / "first"
    first.mkdir()
    (first / "bulk_loader_user").write_text("luz")
    layer = handed_layer({"CREDENTIALS_DIRECTORY": str(first)}, directory, handed)
    assert layer.values["user"] == "luz"


def test_nothing_is_handed_over_on_most_machines(directory: Path) -> None:
    """No directory, or one that is gone, or one without our files."""
    for environ in ({}, {"CREDENTIALS_DIRECTORY": "/nowhere"}, {"CREDENTIALS_DIRECTORY": ""}):
        layer = handed_layer(environ, directory, directory)
        assert (layer.values, layer.faults) == ({}, [])


def test_a_user_that_is_no_text_is_told(directory: Path, handed: Path) -> None:
    """With the file, as every other fault of a setting."""
    (handed / "bulk_loader_user").write_bytes(b"\xff\xfe")
    (fault,) = handed_layer({}, directory, handed).faults
    assert str(fault) == f"{handed / 'bulk_loader_user'}: it can't be read: it is no text file."
