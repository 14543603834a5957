"""Credentials in a keyring: for whom they are, and what stands in their way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bulk_loader.choices import AuthScheme
from bulk_loader.errors import SettingsError
from bulk_loader.settings import GivenCredentials, Settings, load_settings
from bulk_loader.settings.kept import Kept, entry_of, read_kept, write_kept
from bulk_loader.settings.system_keyring import Trouble
from tests.support.keyrings import FakeStore

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
TOKEN = Kept(GivenCredentials(AuthScheme.BEARER, SecretStr("abc=")), True, NOW)
LOGIN = Kept(GivenCredentials(AuthScheme.BASIC, None, "ana", SecretStr("pass word")), False, NOW)
URL = "https://acme.ucontactcloud.com"


def settings(
    directory: Path, store: FakeStore, environ: dict[str, str] | None = None, **flags: object
) -> Settings:
    """For a dialer, with a keyring."""
    told = {"url": URL, **flags}
    return load_settings(told, environ=environ or {}, directory=directory).asking(store)


def refusal(directory: Path, store: FakeStore, **flags: str) -> SettingsError:
    """Why there are no credentials."""
    with pytest.raises(SettingsError) as caught:
        settings(directory, store, None, **flags).require_credentials()
    return caught.value


@pytest.mark.parametrize("kept", [TOKEN, LOGIN])
def test_what_is_kept_is_read_as_it_was(kept: Kept) -> None:
    """With the scheme and the login that it was kept with."""
    assert read_kept(write_kept(kept)) == kept


def test_credentials_come_from_the_keyring_where_nothing_else_gives_them(directory: Path) -> None:
    """However the address is written; a variable is nearer at hand."""
    store = FakeStore({entry_of(URL, None): write_kept(TOKEN)})
    found = settings(directory, store, url=f"{URL}:443/Integra/").require_credentials()
    assert found == TOKEN.credentials
    nearer = settings(directory, store, {"BULK_LOADER_TOKEN": "near"})
    assert nearer.require_credentials().token == SecretStr("near")
    assert nearer.origin_of_credentials == "BULK_LOADER_TOKEN"


def test_no_other_dialer_is_shown_what_was_kept_for_one(directory: Path) -> None:
    """A changed address in a settings file gets no secret."""
    store = FakeStore({entry_of(URL, None): write_kept(TOKEN)})
    error = refusal(directory, store, url="https://evil.example")
    assert error.what == "No credentials given."
    assert "The keyring has none for this dialer." in error.why


def test_a_profile_may_have_credentials_of_its_own(directory: Path) -> None:
    """Else it has those of the dialer."""
    (directory / "bulk_loader.toml").write_text(
        f"[profile.a]\nurl='{URL}'\n[profile.b]\nurl='{URL}'\n"
    )
    store = FakeStore(
        {entry_of(URL, None): write_kept(TOKEN), entry_of(URL, "b"): write_kept(LOGIN)}
    )
    a = load_settings({"profile": "a"}, environ={}, directory=directory).asking(store)
    b = load_settings({"profile": "b"}, environ={}, directory=directory).asking(store)
    assert a.require_credentials() == TOKEN.credentials
    assert b.require_credentials() == LOGIN.credentials


def test_the_password_of_a_user_is_enough(directory: Path) -> None:
    """The settings name the user, the keyring has the password; of another user it is none."""
    store = FakeStore({entry_of(URL, None): write_kept(LOGIN)})
    assert settings(directory, store, user="ana").require_credentials() == LOGIN.credentials
    error = refusal(directory, store, user="luz")
    assert error.what == "The keyring does not have the password of the user luz."
    assert "of the user ana" in error.why
    store.entries[entry_of(URL, None)] = write_kept(TOKEN)
    assert "of no user" in refusal(directory, store, user="ana").why


@pytest.mark.parametrize("trouble", [Trouble.NO_LIBRARY, Trouble.NO_BACKEND])
def test_without_a_keyring_the_other_places_are_named(directory: Path, trouble: Trouble) -> None:
    """As on most servers: what is missing is the token, not the keyring."""
    error = refusal(directory, FakeStore(trouble=trouble))
    assert error.what == "No credentials given."
    assert trouble.value in error.why
    assert "BULK_LOADER_TOKEN" in error.remedy


@pytest.mark.parametrize("trouble", [Trouble.LOCKED, Trouble.SLOW, Trouble.BROKEN])
def test_a_keyring_that_can_not_be_read_is_told(directory: Path, trouble: Trouble) -> None:
    """A night in which it is locked says so, and what works without one."""
    error = refusal(directory, FakeStore(trouble=trouble))
    assert trouble.value in error.why
    assert "LoadCredential=bulk_loader_token" in error.remedy
    near = settings(directory, FakeStore(trouble=trouble), {"BULK_LOADER_TOKEN": "near"})
    assert near.require_credentials().token == SecretStr("near")


@pytest.mark.parametrize(
    "text",
    [
        *("", "s3cret", "[]", "{}", '"s3cret"', "[" * 5000),
        write_kept(TOKEN).replace("bearer", "other"),
        write_kept(TOKEN).replace('"abc="', "7"),
        write_kept(LOGIN).replace('"pass word"', "null"),
        write_kept(LOGIN).replace("2026", "x"),
    ],
)
def test_an_entry_of_another_program_is_told_without_being_shown(
    directory: Path, text: str
) -> None:
    """It may hold a secret of somebody else's."""
    error = refusal(directory, FakeStore({entry_of(URL, None): text}))
    assert error.what == "The credentials in the keyring can't be used."
    assert error.remedy == "Keep them anew with: bulk-loader login"
    assert "s3cret" not in str(error)
    assert error.__cause__ is None or "s3cret" not in repr(error.__cause__)


def test_settings_that_were_made_directly_ask_no_keyring() -> None:
    """They take nothing but their arguments."""
    assert Settings(url=URL).keyring is None
    with pytest.raises(SettingsError, match="No credentials given"):
        Settings(url=URL).require_credentials()
