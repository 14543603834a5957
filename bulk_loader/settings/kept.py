"""Credentials as an entry of a keyring: which dialer and profile it is for, and what stands in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bulk_loader.choices import AuthScheme, LoginPath
from bulk_loader.errors import SettingsError
from bulk_loader.settings.credentials import GivenCredentials
from bulk_loader.settings.system_keyring import KeyringTroubleError
from bulk_loader.settings.target import dialer_identity
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from bulk_loader.settings.system_keyring import SecretStore

WITHOUT_KEYRING = (
    "Without a keyring, one of these does it:\n"
    "  BULK_LOADER_TOKEN, or BULK_LOADER_TOKEN_FILE with a file that only you can read (chmod 600)\n"
    "  BULK_LOADER_USER and BULK_LOADER_PASSWORD_FILE, for a user whose password is exchanged\n"
    "  systemd: LoadCredential=bulk_loader_token:/path/of/the/file in the unit of the service\n"
    "  Docker: a secret named bulk_loader_token, or bulk_loader_user and bulk_loader_password"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What `bulk-loader login` has kept.

    Attributes:
        is_verified: the dialer took it then.
        kept_at: in UTC.
    """

    credentials: GivenCredentials
    is_verified: bool
    kept_at: datetime


def entry_of(url: str, profile: str | None) -> str:
    """The name of an entry: never without its dialer, so that no other one is shown a secret."""
    dialer = dialer_identity(url)
    return f"{dialer} [profile.{profile}]" if profile else dialer


def write_kept(kept: Kept) -> str:
    """The text of an entry."""
    given = kept.credentials
    token, password = given.token, given.password
    return json.dumps(
        {
            "user": given.user,
            "token": token and token.get_secret_value(),
            "password": password and password.get_secret_value(),
            "scheme": given.scheme,
            "login": given.login,
            "is_verified": kept.is_verified,
            "kept_at": kept.kept_at.isoformat(timespec="seconds"),
        }
    )


def read_kept(text: str) -> Kept:
    """What `write_kept` wrote.

    Raises:
        ValueError: another program wrote it, or another version of this one.
    """
    try:
        told = json.loads(text)
        user, token, password = told["user"], told["token"], told["password"]
        if not (isinstance(token, str) or (isinstance(user, str) and isinstance(password, str))):
            raise ValueError("no secret")  # noqa: TRY004, TRY301 - as all below
        given = GivenCredentials(
            AuthScheme(told["scheme"]),
            SecretStr(token) if token else None,
            user,
            SecretStr(password) if password else None,
            LoginPath(told["login"]),
        )
        return Kept(given, told["is_verified"] is True, datetime.fromisoformat(told["kept_at"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        # Without the cause, which quotes the entry.
        raise ValueError("it is not one that this program has written") from None


def find_kept(store: SecretStore, url: str, profile: str | None) -> tuple[str, Kept] | None:
    """The entry for this profile at this dialer, else the one for the dialer, with its name.

    Raises:
        KeyringTroubleError: the keyring can't be asked.
        ValueError: there is an entry, and it can't be understood.
    """
    for entry in dict.fromkeys((entry_of(url, profile), entry_of(url, None))):
        if (text := store.read(entry)) is not None:
            return entry, read_kept(text)
    return None


def credentials_kept(
    store: SecretStore, url: str, profile: str | None, user: str | None
) -> tuple[GivenCredentials | None, str]:
    """The credentials in a keyring, None where there are none, and a sentence that says so.

    Args:
        user: whom the settings ask for; None for whoever it is.

    Raises:
        SettingsError: the keyring can't be read, its entry can't be used, or is of another user.
    """
    try:
        found = find_kept(store, url, profile)
    except KeyringTroubleError as error:
        if error.trouble.is_absence:
            return None, f"A keyring was not asked: {error}."
        raise SettingsError(
            "The credentials can't be read from the keyring.",
            f"The keyring could not be used: {error}.",
            f"Unlock it, or run in a session where it is unlocked. {WITHOUT_KEYRING}",
        ) from error
    except ValueError as error:
        raise SettingsError(
            "The credentials in the keyring can't be used.",
            f"There is an entry for this dialer, and {error}.",
            "Keep them anew with: bulk-loader login",
        ) from error
    if found is None:
        return None, "The keyring has none for this dialer."
    given = found[1].credentials
    if user is not None and given.user != user:
        whose = f"of the user {given.user}" if given.user else "a token, and of no user"
        raise SettingsError(
            f"The keyring does not have the password of the user {user}.",
            f"What it has for this dialer is {whose}.",
            f"Keep it with: {typed('bulk-loader', 'login', '--user', user)}",
        )
    return given, ""
