"""Who may use the desk: whoever has the key of the moment, and is known by a cookie from then on."""

from __future__ import annotations

import secrets
from hmac import compare_digest
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BYTES = 24  # nobody guesses one of 2^192
MAX_SESSIONS = 16  # one person has a few browsers; the oldest is forgotten


class Door:
    """Keys that open once, and the sessions of those who came in.

    Args:
        announce: is told the next key as soon as one was used.
    """

    def __init__(self, announce: Callable[[str], None] = lambda _key: None) -> None:
        self._announce = announce
        self._key = secrets.token_urlsafe(_BYTES)
        self._form_tokens: dict[str, str] = {}
        self._lock = Lock()

    @property
    def key(self) -> str:
        """The one that opens now."""
        return self._key

    def open(self, key: str) -> str | None:
        """A new session for whoever has the key, which opens nothing any more; else None."""
        with self._lock:
            if not _is_same(key, self._key):
                return None
            self._key = secrets.token_urlsafe(_BYTES)
            session = secrets.token_urlsafe(_BYTES)
            self._form_tokens[session] = secrets.token_urlsafe(_BYTES)
            while len(self._form_tokens) > MAX_SESSIONS:
                del self._form_tokens[next(iter(self._form_tokens))]
        self._announce(self._key)
        return session

    def form_token(self, session: str) -> str | None:
        """What every form of this session carries; None where there is no such session."""
        return self._form_tokens.get(session)

    def takes(self, session: str, form_token: str) -> bool:
        """Whether a form comes from a page of this session."""
        wanted = self.form_token(session)
        return wanted is not None and _is_same(form_token, wanted)


def _is_same(given: str, wanted: str) -> bool:
    return compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())
