from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.settings import GivenCredentials, load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def credentials(
    directory: Path, environ: Mapping[str, str] | None = None, **flags: object
) -> GivenCredentials:
    """The credentials that these settings lead to."""
    settings = load_settings(flags, environ=environ or {}, directory=directory)
    return settings.require_credentials()


def test_a_token_comes_from_its_variable(directory: Path) -> None:
    """A token in the environment is enough, and is sent as Basic."""
    found = credentials(directory, {"BULK_LOADER_TOKEN": "abc="})
    assert found.token is not None
    assert (found.scheme, found.token.get_secret_value(), found.user) == ("basic", "abc=", None)


def test_a_token_comes_from_a_file(directory: Path) -> None:
    """What an editor adds around the token does not belong to it."""
    (directory / "token").write_text("\ufeffabc=\r\n", "utf-8")
    found = credentials(directory, token_file="token", auth_scheme="bearer")
    assert found.token is not None
    assert (found.scheme, found.token.get_secret_value()) == ("bearer", "abc=")


def test_a_login_is_user_and_password(directory: Path) -> None:
    """Without a token, user and password are enough, each from its own place."""
    (directory / "secret").write_text("pass word\n", "utf-8")
    found = credentials(directory, user="me", password_file="secret", login="UserLogin")
    assert found.password is not None
    assert (found.token, found.user, found.login) == (None, "me", "UserLogin")
    assert found.password.get_secret_value() == "pass word"


def test_nothing_shows_a_secret(directory: Path) -> None:
    """Neither the settings nor the credentials show a secret when printed."""
    environ = {"BULK_LOADER_TOKEN": "s3cret", "BULK_LOADER_PASSWORD": "s3cret"}
    settings = load_settings({"user": "me"}, environ=environ, directory=directory)
    assert "s3cret" not in repr(settings) + str(settings) + repr(settings.require_credentials())


def test_no_credentials_say_where_they_were_looked_for(directory: Path) -> None:
    """The message names every place, and none of them is a flag for the secret itself."""
    with pytest.raises(SettingsError, match="No credentials given") as caught:
        credentials(directory)
    assert caught.value.why == (
        "Looked at --token-file, BULK_LOADER_TOKEN, BULK_LOADER_TOKEN_FILE, "
        "and bulk_loader.toml (there is none)."
    )


@pytest.mark.parametrize(
    ("environ", "flags", "reason"),
    [
        ({"BULK_LOADER_TOKEN": "Basic abc"}, {}, "BULK_LOADER_TOKEN: it holds a space"),
        ({"BULK_LOADER_TOKEN": "a\nX: y"}, {}, "BULK_LOADER_TOKEN: it holds a space"),
        ({"BULK_LOADER_TOKEN": "añb"}, {}, "BULK_LOADER_TOKEN: it holds a space"),
        ({}, {"token_file": "none"}, "none can't be read: No such file or directory."),
        ({}, {"token_file": "empty"}, "empty is empty."),
        ({}, {"token_file": "binary"}, "binary can't be read: it is no text file."),
        ({}, {"user": "me"}, "password: a login needs user and password"),
        ({"BULK_LOADER_PASSWORD": "x"}, {}, "user: a login needs user and password"),
    ],
)
def test_says_what_is_wrong_with_the_credentials(
    directory: Path, environ: dict[str, str], flags: dict[str, str], reason: str
) -> None:
    """What can't be sent as it stands is told before anything is sent."""
    (directory / "empty").write_text("\n")
    (directory / "binary").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(SettingsError) as caught:
        credentials(directory, environ, **flags)
    assert reason in caught.value.why


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("/dev/zero", "can't be read: It is a device or a socket, and no file."),
        (".", "can't be read: Is a directory."),
        ("large", "can't be read: It has more than 65,536 bytes."),
    ],
)
def test_a_secret_stands_in_a_small_file(directory: Path, place: str, reason: str) -> None:
    """Nothing hangs at a device, and no other file is sent as a token by a slip."""
    (directory / "large").write_bytes(b"x" * 65_537)
    for secret in ({"token_file": place}, {"password_file": place, "user": "me"}):
        with pytest.raises(SettingsError) as caught:
            credentials(directory, None, **secret)
        assert reason in caught.value.why


def test_a_secret_comes_through_a_pipe(directory: Path) -> None:
    """A password manager's output needs no file."""
    read, write = os.pipe()
    os.write(write, b"abc=\n")
    os.close(write)
    found = credentials(directory, token_file=f"/dev/fd/{read}")
    os.close(read)
    assert found.token is not None
    assert found.token.get_secret_value() == "abc="


def test_a_secret_that_others_can_read_is_noted(directory: Path) -> None:
    """It is used, since containers hand out secrets so; who reads the note can close it."""
    file = directory / "token"
    file.write_text("abc=")
    file.chmod(0o644)
    settings = load_settings({"token_file": "token"}, environ={}, directory=directory)
    assert settings.notes == (
        f"{file} can be read by every user of this machine: chmod 600 {file}",
    )
    file.chmod(0o600)
    assert not list(settings.notes)
    file.unlink()
    assert not list(settings.notes)


def test_files_of_secrets_are_seen_from_where_they_are_named(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`~` and relative paths are as in every other path."""
    monkeypatch.setenv("HOME", str(directory))
    (directory / "token").write_text("abc=")
    for named in ("~/token", "token", "./token"):
        assert credentials(directory, token_file=named).token is not None
