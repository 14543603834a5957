"""Who the dialer is to take us for: a token, or a user whose password is exchanged for one."""

from __future__ import annotations

import shlex
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bulk_loader.choices import AuthScheme, LoginPath
from bulk_loader.owners import readers
from bulk_loader.settings.faults import SettingFault
from bulk_loader.small_files import read_small

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bulk_loader.settings.dialer_groups import CredentialSettings

MAX_SECRET_BYTES = 65_536  # the longest tokens known have a few thousand


@dataclass(frozen=True, slots=True)
class GivenCredentials:
    """A token, a login, or both: then the login is for when the token has expired.

    Attributes:
        scheme: how the token is presented.
        token: None where one must first be got with user and password.
        user: None where there is no login; then `password` is None too.
        login: the interface that gives tokens.
    """

    scheme: AuthScheme
    token: SecretStr | None
    user: str | None = None
    password: SecretStr | None = None
    login: LoginPath = LoginPath.GET_USER_TOKEN


def read_credentials(settings: CredentialSettings) -> tuple[GivenCredentials, list[SettingFault]]:
    """The credentials with their files read, and what is wrong with them."""
    faults: list[SettingFault] = []
    token = _secret("token", settings.token, settings.token_file, faults)
    password = _secret("password", settings.password, settings.password_file, faults)
    if token is not None and not is_header_text(token.get_secret_value()):
        faults.append(
            SettingFault(
                "token", "it holds a space or a letter that no token has: give it without Basic."
            )
        )
    if (settings.user is None) != (password is None):
        lacking = "password" if password is None else "user"
        faults.append(
            SettingFault(lacking, "a login needs user and password, and this one is missing.")
        )
    given = GivenCredentials(settings.auth_scheme, token, settings.user, password, settings.login)
    return given, faults


def exposed_secrets(files: Iterable[Path]) -> tuple[str, ...]:
    """A note on each file of a secret that others can read, as far as it can be looked at."""
    notes = []
    for file in files:
        who = _readers(file)
        if who:
            notes.append(f"{file} can be read by {who}: chmod 600 {shlex.quote(str(file))}")
    return tuple(notes)


def _readers(file: Path) -> str:
    try:
        found = file.stat()
    except OSError:
        return ""  # whoever reads it says so
    return readers(file, found) if stat.S_ISREG(found.st_mode) else ""


def _secret(
    name: str, given: SecretStr | None, file: Path | None, faults: list[SettingFault]
) -> SecretStr | None:
    if given is not None or file is None:
        return given
    try:
        text = read_small(file, MAX_SECRET_BYTES).content.decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text file"
        faults.append(SettingFault(f"{name}_file", f"{file} can't be read: {reason}."))
        return None
    if not text:
        faults.append(SettingFault(f"{name}_file", f"{file} is empty."))
        return None
    return SecretStr(text)


def is_header_text(token: str) -> bool:
    """Only what a header can carry: a line break would let a token add headers of its own."""
    return token.isascii() and token.isprintable() and " " not in token
