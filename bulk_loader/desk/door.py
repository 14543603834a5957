"""Who may use the desk: whoever has the key of the moment, or the password, and is known by a cookie."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.desk.login import Login

_BYTES = 24  # nobody guesses one of 2^192
MAX_SESSIONS = 16  # one person has a few browsers; the oldest is forgotten
MAX_TEAM_SESSIONS = 500
LONGEST_SESSION = timedelta(days=1)  # of a team, however busy; a working day is shorter


@dataclass(slots=True)
class _Session:
    form_token: str
    began_at: float
    seen_at: float


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a browser is known; None for as long as the desk is open.

    Attributes:
        idle_s: after what it asked for last.
        longest_s: after it was let in.
        most: browsers at a time.
    """

    idle_s: float | None = None
    longest_s: float | None = None
    most: int = MAX_SESSIONS

    @classmethod
    def of_team(cls, idle: timedelta) -> Lifetime:
        """For several people who know the password."""
        return cls(idle.total_seconds(), LONGEST_SESSION.total_seconds(), MAX_TEAM_SESSIONS)


class Door:
    """Keys that open once, and the sessions of those who came in.

    Args:
        announce: is told the next key as soon as one was used.
        login: judges passwords; None where only the key opens.
    """

    def __init__(
        self,
        announce: Callable[[str], None] = lambda _key: None,
        lifetime: Lifetime | None = None,
        login: Login | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.login = login
        self._announce = announce
        self._lifetime = lifetime or Lifetime()
        self._clock = clock
        self._key = secrets.token_urlsafe(_BYTES)
        self._sessions: dict[str, _Session] = {}
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
        session = self.let_in()
        self._announce(self._key)
        return session

    def let_in(self) -> str:
        """A new session, for somebody who was found to be right."""
        with self._lock:
            session, now = secrets.token_urlsafe(_BYTES), self._clock()
            self._sessions[session] = _Session(secrets.token_urlsafe(_BYTES), now, now)
            for old in [name for name in self._sessions if self._is_over(name, now)]:
                del self._sessions[old]
            while len(self._sessions) > self._lifetime.most:
                del self._sessions[next(iter(self._sessions))]
        return session

    def leave(self, session: str) -> None:
        """Forget a session."""
        with self._lock:
            self._sessions.pop(session, None)

    def form_token(self, session: str) -> str | None:
        """What every form of this session carries; None where there is no such session.

        To ask is a sign of life: the session is idle from now on.
        """
        with self._lock:
            now = self._clock()
            if session not in self._sessions or self._is_over(session, now):
                self._sessions.pop(session, None)
                return None
            self._sessions[session].seen_at = now
            return self._sessions[session].form_token

    def takes(self, session: str, form_token: str) -> bool:
        """Whether a form comes from a page of this session."""
        wanted = self.form_token(session)
        return wanted is not None and _is_same(form_token, wanted)

    def _is_over(self, session: str, now: float) -> bool:
        known, life = self._sessions[session], self._lifetime
        is_idle = life.idle_s is not None and now - known.seen_at >= life.idle_s
        return is_idle or (life.longest_s is not None and now - known.began_at >= life.longest_s)


def _is_same(given: str, wanted: str) -> bool:
    return compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())
