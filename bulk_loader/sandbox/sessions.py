"""Which tokens the sandbox takes, and the logins that give them out."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulk_loader.sandbox.options import SandboxOptions


class Sessions:
    """The tokens that are valid now.

    A token is the base64 of `user:session`, as in the example on the vendor's page.
    """

    def __init__(self, options: SandboxOptions) -> None:
        self._user = options.user
        self._password = options.password
        self._schemes = ("basic", "bearer") if options.accepts_bearer else ("basic",)
        self._lasting = options.token
        self._tokens = {options.token}

    @property
    def open_count(self) -> int:
        """Sessions that were opened by a login and not ended."""
        return len(self._tokens) - 1

    def open(self, user: str, password: str) -> str | None:
        """A new token; None where the user or the password is wrong."""
        if (user, password) != (self._user, self._password):
            return None
        token = base64.b64encode(f"{user}:{uuid.uuid4()}".encode()).decode()
        self._tokens.add(token)
        return token

    def close(self, token: str) -> bool:
        """Make a login's token invalid; False where it is none, as the one that is always valid."""
        if token == self._lasting or token not in self._tokens:
            return False
        self._tokens.remove(token)
        return True

    def fault_of(self, authorization: str) -> str:
        """Why an `Authorization` header does not open the dialer; "" where it does."""
        scheme, _, token = authorization.partition(" ")
        if not authorization:
            return "there is no Authorization header"
        if scheme.lower() not in self._schemes:
            known = " or ".join(name.capitalize() for name in self._schemes)
            return f"the Authorization header does not begin with {known}"
        if token.strip() not in self._tokens:
            return "the token in the Authorization header is not valid here"
        return ""
