"""What comes to a misbehaving dialer's door: requests, and the tokens that open it."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tests.support.faults import answer

if TYPE_CHECKING:
    from collections.abc import Mapping

TASK_PATH = "/Integra/resources/Dialers/DialerTask"
LOGIN_PATH = "/Integra/resources/auth/getUserToken"
OLD_LOGIN_PATH = "/Integra/resources/auth/UserLogin"
LOGOUT_PATH = "/Integra/resources/auth/EndSession"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived.

    Attributes:
        ordinal: place among the requests for tasks, from 1.
        connection: place of its connection among all that were opened, from 1.
        arrived_at: by the monotonic clock, in seconds.
    """

    ordinal: int
    connection: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    arrived_at: float

    @property
    def task(self) -> dict[str, Any]:
        """The object in the field `call`; empty where there is none."""
        with suppress(KeyError, ValueError):
            return dict(json.loads(parse_qs(self.body.decode())["call"][0]))
        return {}

    @property
    def destination(self) -> str:
        """The number to dial; empty where there is none."""
        return str(self.task.get("destination", ""))


class Doorkeeper:
    """Gives out tokens and knows the one that is valid."""

    def __init__(self, token: str | None, lasts: int | None) -> None:
        self._token = token or ("token-0" if lasts is not None else None)
        self._lasts = math.inf if lasts is None else lasts
        self._used = 0
        self.logins = 0

    def reply(self, request: Request) -> bytes | None:
        """The answer to a login or logout; None for other requests."""
        match request.path:
            case path if path in (LOGIN_PATH, OLD_LOGIN_PATH):
                token = self._new_token()
                return answer(200, token if path == LOGIN_PATH else json.dumps(["1", "", token]))
            case path if path == LOGOUT_PATH:
                return answer(200, "1")
            case _:
                return None

    def lets_in(self, request: Request) -> bool:
        """Whether the token is the valid one and has not expired; counts its use."""
        if self._token is None:
            return True
        is_known = request.headers.get("authorization") == f"Basic {self._token}"
        self._used += is_known
        return is_known and self._used <= self._lasts

    def _new_token(self) -> str:
        self.logins += 1
        self._used = 0
        self._token = f"token-{self.logins}"
        return self._token
