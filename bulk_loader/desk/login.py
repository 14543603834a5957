"""Lets in who knows the password, within bounds of guesses and of memory."""

from __future__ import annotations

import secrets
from asyncio import Semaphore
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest, new
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from bulk_loader.desk.guesses import Guesses

if TYPE_CHECKING:
    from bulk_loader.desk.password_hash import PasswordHash

MAX_WAITING: Final = 8  # each takes about half a second when its turn comes
_BUSY_S = 5.0
_IPV6_BITS = 64  # a household has that many addresses
_BYTES = 18


class Answer(StrEnum):
    """What became of a guess."""

    RIGHT = "right"
    WRONG = "wrong"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a guess; `wait_s` until the next one may be made, where that is later."""

    answer: Answer
    wait_s: float = 0.0


class Login:
    """Judges guesses, one at a time, and never in the thread of the web server.

    A browser that was let in gets a mark that nobody can make without the hash. So what strangers
    guess from the same address, or from everywhere, does not make it wait.
    """

    def __init__(self, password: PasswordHash, guesses: Guesses | None = None) -> None:
        self._password = password
        self._guesses = guesses or Guesses()
        self._turn = Semaphore(1)
        self._waiting = 0
        self._key = password.key_for(b"browsers that were let in")

    async def judge(self, typed: str, address: str, mark: str) -> Verdict:
        """Whether it is the password.

        Args:
            address: where the guess comes from.
            mark: that the browser has; "" for none.
        """
        is_known = self.knows(mark)
        asker = mark if is_known else _household(address)
        if wait_s := self._guesses.take(asker, is_known=is_known):
            return Verdict(Answer.LATER, wait_s)
        if self._waiting >= MAX_WAITING:
            self._guesses.forgive(asker, is_known=is_known)
            return Verdict(Answer.LATER, _BUSY_S)
        self._waiting += 1
        try:
            async with self._turn:
                is_right = await run_in_threadpool(self._password.fits, typed)
        finally:
            self._waiting -= 1
        if not is_right:
            return Verdict(Answer.WRONG)
        self._guesses.forgive(asker, is_known=is_known)
        return Verdict(Answer.RIGHT)

    def new_mark(self) -> str:
        """For a browser that was let in."""
        name = secrets.token_hex(_BYTES)
        return f"{name}.{self._sign(name)}"

    def knows(self, mark: str) -> bool:
        """Whether a browser was let in before, with the same password."""
        name, dot, sign = mark.partition(".")
        return bool(dot) and compare_digest(sign.encode(), self._sign(name).encode())

    def _sign(self, name: str) -> str:
        return new(self._key, name.encode(), sha256).hexdigest()


def _household(address: str) -> str:
    """All addresses that one stranger has for sure."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, _IPV6_BITS if found.version == 6 else 32), strict=False))  # noqa: PLR2004
