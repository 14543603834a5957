"""Login: credentials are kept in the system's keyring for one dialer, and taken out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bulk_loader.errors import SettingsError
from bulk_loader.runs.targets import address_of, shown_to_dialer
from bulk_loader.runs.verifying import doubt_about
from bulk_loader.settings.credentials import GivenCredentials, is_header_text
from bulk_loader.settings.kept import WITHOUT_KEYRING, Kept, entry_of, find_kept, write_kept
from bulk_loader.settings.settings import KEYRING
from bulk_loader.settings.system_keyring import KeyringTroubleError, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings
    from bulk_loader.settings.system_keyring import SecretStore


@dataclass(frozen=True, slots=True)
class Login:
    """What was kept, and where.

    Attributes:
        what: such as "the token".
        doubt: why the dialer was not seen to take it; "" where it was.
        hidden_by: where a secret stands that a run takes instead; "" for nowhere.
    """

    what: str
    dialer: str
    keyring: str
    doubt: str = ""
    hidden_by: str = ""


@dataclass(frozen=True, slots=True)
class LoginStatus:
    """What a run would show the dialer; never a secret.

    Attributes:
        user: "" for a token.
        origin: where it comes from.
        kept_at: None where it is not from the keyring.
        is_verified: the dialer took it when it was kept; None where that is not known.
    """

    dialer: str
    user: str
    origin: str
    kept_at: datetime | None = None
    is_verified: bool | None = None


def log_in(settings: Settings, ask: Callable[[str], str]) -> Login:
    """Keep a token, or the password of the user whom the settings name.

    Args:
        ask: gives the secret for a label such as "Token"; called once a keyring is there.

    Raises:
        SettingsError: no dialer is named, there is no keyring, or the dialer refuses the secret;
            then nothing was kept.
    """
    dialer = _dialer(settings)
    what = "the token" if settings.user is None else f"the password of the user {settings.user}"
    store = _store(settings)
    try:
        name = store.name
    except KeyringTroubleError as error:
        raise _not_kept(what, error) from error
    given = _given(settings, ask("Token" if settings.user is None else "Password").strip())
    doubt = doubt_about(address_of(settings, dialer, shown_to_dialer(given)))
    kept = Kept(given, is_verified=not doubt, kept_at=datetime.now(UTC))
    try:
        store.write(entry_of(dialer, settings.profile), write_kept(kept))
    except KeyringTroubleError as error:
        raise _not_kept(what, error) from error
    origin = settings.origin_of_credentials
    return Login(what, dialer, name, doubt, "" if origin == KEYRING else origin)


def log_out(settings: Settings) -> bool:
    """Take the credentials out of the keyring; False where there were none.

    Raises:
        SettingsError: no dialer is named, or the keyring can't be used.
    """
    entry = entry_of(_dialer(settings), settings.profile)
    try:
        return _store(settings).remove(entry)
    except KeyringTroubleError as error:
        if error.trouble.is_absence:
            return False
        raise SettingsError(
            "The credentials could not be taken out of the keyring.",
            f"The keyring could not be used: {error}.",
            "Unlock it and try again, or remove the entry bulk-loader with the system's own program.",
        ) from error


def login_status(settings: Settings) -> LoginStatus:
    """Which credentials a run would use.

    Raises:
        SettingsError: there are none, or they can't be used.
    """
    dialer, origin = _dialer(settings), settings.origin_of_credentials
    given = settings.require_credentials()
    status = LoginStatus(dialer, given.user or "", origin)
    if origin != KEYRING:
        return status
    found = find_kept(_store(settings), dialer, settings.profile)
    if found is None:  # somebody has removed it since it was read
        return status
    return LoginStatus(dialer, given.user or "", origin, found[1].kept_at, found[1].is_verified)


def _dialer(settings: Settings) -> str:
    if settings.base_url is None:
        raise SettingsError(
            "No dialer given.",
            "Credentials are kept for one dialer, and shown to no other.",
            "Name it with --url, --instance or --profile. The sandbox needs none.",
        )
    return settings.base_url


def _store(settings: Settings) -> SecretStore:
    assert settings.keyring is not None, "load_settings gives one"
    return settings.keyring


def _given(settings: Settings, secret: str) -> GivenCredentials:
    if not secret:
        raise SettingsError(
            "Nothing was kept.",
            "No secret was typed, and none came through standard input.",
            "Type it where it is asked for, or send it there: bulk-loader login … < FILE",
        )
    if settings.user is None and not is_header_text(secret):
        raise SettingsError(
            "Nothing was kept.",
            "It holds a space, a line break or a letter that no token has.",
            "Give the token alone, without Basic before it.",
        )
    scheme, login, text = settings.auth_scheme, settings.login, SecretStr(secret)
    if settings.user is None:
        return GivenCredentials(scheme, text, login=login)
    return GivenCredentials(scheme, None, settings.user, text, login)


def _not_kept(what: str, error: KeyringTroubleError) -> SettingsError:
    is_missing = error.trouble is Trouble.NO_LIBRARY
    install = 'Install it: pip install "bulk-loader[keyring]". ' if is_missing else ""
    return SettingsError(
        f"{what[0].upper()}{what[1:]} was not kept.",
        f"The system's keyring can't be used: {error}.",
        f"{install}{WITHOUT_KEYRING}",
    )
