"""Tokens: a ready one, or one that a user and a password are exchanged for.

Source: the vendor's public pages and client code, as far as they tell: `getUserToken` answers a
token; older instances have `UserLogin`, which answers a JSON array with the token third.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bulk_loader.choices import AuthScheme, LoginPath
from bulk_loader.errors import StoppedError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the dialer is shown; `repr` never shows a secret.

    Attributes:
        token: "" where it is to be had by logging in.
        user: "" where there is only a token, which can't be renewed.
    """

    token: str = ""
    user: str = ""
    password: str = ""
    scheme: AuthScheme = AuthScheme.BASIC
    login: LoginPath = LoginPath.GET_USER_TOKEN

    def __repr__(self) -> str:
        return f"Credentials(scheme={self.scheme.value}, can_log_in={self.can_log_in})"

    @property
    def can_log_in(self) -> bool:
        """A new token can be had."""
        return bool(self.user and self.password)


class FormPoster(Protocol):
    """Posts a form to a path of the dialer; the client is one."""

    async def __call__(self, path: str, form: Mapping[str, str]) -> tuple[int, bytes]:
        """HTTP status and body."""


class Session:
    """The token in use, renewed at most once for each token that was refused.

    A login that was refused is never tried again; one that got lost on the way may be.
    """

    def __init__(self, credentials: Credentials, post: FormPoster) -> None:
        self._credentials = credentials
        self._post = post
        self._token = credentials.token
        self._lock = asyncio.Lock()
        self._useless: set[str] = set()
        self._failure: StoppedError | None = None

    @property
    def authorization(self) -> str:
        """The header's value; "" as long as there is no token."""
        if not self._token:
            return ""
        return f"{self._credentials.scheme.value.capitalize()} {self._token}"

    async def renew(self, refused: str) -> bool:
        """Log in again unless somebody already did since `refused` was the header in use.

        Returns:
            True where there is now another header to try.

        Raises:
            StoppedError: the login itself was refused or not understood.
        """
        if not self._credentials.can_log_in:
            return False
        async with self._lock:
            if self._failure is not None:
                # Every request under way comes here; to repeat a login that was refused as
                # often would lock the account.
                raise self._failure
            if self.authorization == refused and refused not in self._useless:
                await self._replace_token(refused)
        return self.authorization != refused

    async def _replace_token(self, refused: str) -> None:
        try:
            self._token = await self._log_in()
        except StoppedError as error:
            self._failure = error
            raise
        if self.authorization == refused:
            self._useless.add(refused)

    async def _log_in(self) -> str:
        credentials = self._credentials
        form = {"user": credentials.user, "password": credentials.password}
        status, body = await self._post(credentials.login.path, form)
        token = _read_token(credentials.login, body) if status == 200 else ""  # noqa: PLR2004
        if not token:
            raise StoppedError(
                f"The dialer did not log in the user {credentials.user}.",
                f"{credentials.login.path} answered HTTP {status} without a token.",
                "Check the user, the password and the setting login, and run the command again.",
            )
        return token


def _read_token(login: LoginPath, body: bytes) -> str:
    text = body.decode("utf-8", "replace").strip()
    token = _third_element(text) if login is LoginPath.USER_LOGIN else _unquoted(text)
    # A header can carry nothing else, and a sentence is no token.
    is_token = token.isascii() and token.isprintable() and " " not in token
    return token if is_token and token not in _REFUSALS else ""


# The only negative answer that this family of interfaces documents is a bare 0; the words are
# what its servers write for nothing.
_REFUSALS = frozenset({"0", "null", "false"})


def _third_element(text: str) -> str:
    try:
        answer = json.loads(text)
    except ValueError:
        return ""
    match answer:
        case [_, _, str() as token, *_]:
            return token
        case _:
            return ""


def _unquoted(text: str) -> str:
    if text.startswith('"'):
        try:
            value = json.loads(text)
        except ValueError:
            return ""
        return value if isinstance(value, str) else ""
    return "" if text.startswith(("<", "{", "[")) else text
