"""Tokens: a ready one, or one that a user and a password are exchanged for.

Source: the vendor's public pages and client code, as far as they tell: an instance may have only one
of the two ways to log in; a session that was opened is to be ended, by a form or by the query.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from bulk_loader.choices import AuthScheme, LoginPath
from bulk_loader.dialer.tokens import read_token, what_came
from bulk_loader.errors import StoppedError

if TYPE_CHECKING:
    from collections.abc import Mapping


END_PATH = "/Integra/resources/auth/EndSession"


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

    async def end(self) -> None:
        """Have the dialer disable the token where it was given for a login of this session.

        A token that the user gave is never ended. Whether the dialer wants the form or the query is
        told nowhere, so what it does not confirm is asked in the other way too.
        """
        token, self._token = self._token, self._credentials.token
        if not token or token == self._credentials.token:
            return
        form = {"user": self._credentials.user, "token": token}
        status, body = await self._post(END_PATH, form)
        if status != HTTPStatus.OK or body.strip() != b"1":
            await self._post(f"{END_PATH}?{urlencode(form)}", {})

    async def _log_in(self) -> str:
        user, login = self._credentials.user, self._credentials.login
        form = {"user": user, "password": self._credentials.password}
        status, body = await self._post(login.path, form)
        if status == HTTPStatus.NOT_FOUND:
            login = login.other
            status, body = await self._post(login.path, form)
        token = read_token(login, body) if status == HTTPStatus.OK else ""
        if not token:
            raise _no_token(user, login, status, body)
        return token


def _no_token(user: str, login: LoginPath, status: int, body: bytes) -> StoppedError:
    what = f"The dialer did not log in the user {user}."
    if status == HTTPStatus.NOT_FOUND:
        return StoppedError(
            what,
            f"Neither {login.other.path} nor {login.path} is there: HTTP {status}.",
            "Check the address; where it is right, give a token instead of user and password.",
        )
    came = f": it sent {what_came(body)}" if status == HTTPStatus.OK else ""
    return StoppedError(
        what,
        f"{login.path} answered HTTP {status} without a token{came}.",
        "Check the user, the password and the setting login, and run the command again.",
    )
