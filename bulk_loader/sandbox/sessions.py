"""Which tokens the sandbox takes, and the logins that give them out."""

from __future__ import annotations

import base64
import math
import time
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.sandbox.options import SandboxOptions


class Sessions:
    """The tokens that are valid now.

    A token is the base64 of `user:session`, as in the example on the vendor's page.

    Args:
        time_s: seconds from anywhere, which only grow.
    """

    def __init__(
        self, options: SandboxOptions, time_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._time_s = time_s
        self._life_s = options.token_life_s or math.inf
        self._user = options.user
        self._password = options.password
        self._schemes = ("basic", "bearer") if options.accepts_bearer else ("basic",)
        self._lasting = options.token
        self._tokens = {options.token: math.inf}  # until when each is good

    @property
    def open_count(self) -> int:
        """Sessions that were opened by a login and not ended."""
        return len(self._tokens) - 1

    def open(self, user: str, password: str) -> str | None:
        """A new token; None where the user or the password is wrong."""
        if (user, password) != (self._user, self._password):
            return None
        token = base64.b64encode(f"{user}:{uuid.uuid4()}".encode()).decode()
        self._tokens[token] = self._time_s() + self._life_s
        return token

    def close(self, token: str) -> bool:
        """Make a login's token invalid; False where it is none, as the one that is always valid."""
        if token == self._lasting or token not in self._tokens:
            return False
        del self._tokens[token]
        return True

    def fault_of(self, authorization: str) -> str:
        """Why an `Authorization` header does not open the dialer; "" where it does."""
        scheme, _, token = authorization.partition(" ")
        if not authorization:
            return "there is no Authorization header"
        if scheme.lower() not in self._schemes:
            known = " or ".join(name.capitalize() for name in self._schemes)
            return f"the Authorization header does not begin with {known}"
        good_until = self._tokens.get(token.strip())
        if good_until is None:
            return "the token in the Authorization header is not valid here"
        if good_until <= self._time_s():
            return "the token in the Authorization header has expired"
        return ""
