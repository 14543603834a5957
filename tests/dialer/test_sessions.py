from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from bulk_loader.choices import AuthScheme, LoginPath
from bulk_loader.dialer.answers import NotSentError
from bulk_loader.dialer.sessions import Credentials, Session
from bulk_loader.errors import StoppedError
from tests.support.clock import run

if TYPE_CHECKING:
    from collections.abc import Mapping

LOGIN = Credentials(user="ana", password="pass-word")


class Door:
    """Answers logins one after the other; the last answer stays."""

    def __init__(self, *answers: tuple[int, bytes] | Exception) -> None:
        self.answers = list(answers)
        self.logins: list[tuple[str, Mapping[str, str]]] = []

    async def __call__(self, path: str, form: Mapping[str, str]) -> tuple[int, bytes]:
        self.logins.append((path, form))
        await asyncio.sleep(1)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def renewed(credentials: Credentials, *answers: tuple[int, bytes]) -> str:
    """The header after one login."""

    async def main() -> str:
        session = Session(credentials, Door(*answers))
        assert await session.renew(session.authorization)
        return session.authorization

    return run(main())


def test_a_ready_token_is_presented_in_its_scheme() -> None:
    """Basic by default, Bearer where the settings say so."""
    door = Door((200, b""))
    basic = Session(Credentials(token="abc"), door)
    bearer = Session(Credentials(token="abc", scheme=AuthScheme.BEARER), door)
    assert basic.authorization == "Basic abc"
    assert bearer.authorization == "Bearer abc"
    assert Session(LOGIN, door).authorization == ""


@pytest.mark.parametrize("body", [b"tok-1", b" tok-1\n", b'"tok-1"'])
def test_get_user_token_answers_a_token(body: bytes) -> None:
    """As plain text or as a JSON string."""
    assert renewed(LOGIN, (200, body)) == "Basic tok-1"


def test_user_login_answers_the_token_third() -> None:
    """The older interface, with its own path."""
    door = Door((200, json.dumps(["1", "Ana", "tok-1", "more"]).encode()))
    credentials = Credentials(user="ana", password="pass-word", login=LoginPath.USER_LOGIN)

    async def main() -> str:
        session = Session(credentials, door)
        await session.renew("")
        return session.authorization

    assert run(main()) == "Basic tok-1"
    path, form = door.logins[0]
    assert path == "/Integra/resources/auth/UserLogin"
    assert form == {"user": "ana", "password": "pass-word"}


REFUSALS = [
    (200, b"0"),
    (200, b'"0"'),
    (200, b""),
    (200, b"null"),
    (200, b"false"),
    (200, b"<html>Sign in</html>"),
    (200, b'{"error": "no"}'),
    (200, b'"broken'),
    (200, b"Invalid user or password"),
    (200, b"tok\ren"),
    (200, "señal".encode()),
    (200, b"\xff\xfe"),
    (401, b"tok-1"),
    (500, b"tok-1"),
    (302, b""),
]


@pytest.mark.parametrize("answer", REFUSALS)
def test_what_is_no_token_stops_the_run(answer: tuple[int, bytes]) -> None:
    """A zero, a page, an error or a sentence is never presented as a token."""
    with pytest.raises(StoppedError, match="did not log in the user ana") as caught:
        renewed(LOGIN, answer)
    assert f"HTTP {answer[0]}" in caught.value.why
    assert "password" in caught.value.remedy


@pytest.mark.parametrize(
    "body",
    [b"0", b"[]", b'["1", "", 7]', b'["1", "", ""]', b'["1", "", "0"]', b'["1", "", "a\\r\\nX: b"]',
     b'{"2": "tok"}', b"[", b"<html>"],
)  # fmt: skip
def test_user_login_without_a_token_stops_the_run(body: bytes) -> None:
    """Also one that would write headers of its own."""
    credentials = Credentials(user="ana", password="pass-word", login=LoginPath.USER_LOGIN)
    with pytest.raises(StoppedError):
        renewed(credentials, (200, body))


def test_requests_refused_together_log_in_once() -> None:
    """The token expired under eight requests: one login, and all eight go on with its token."""
    door = Door((200, b"tok-2"), (200, b"tok-3"))

    async def main() -> None:
        session = Session(Credentials("tok-1", "ana", "pass-word"), door)
        refused = session.authorization
        assert await asyncio.gather(*(session.renew(refused) for _ in range(8))) == [True] * 8
        assert session.authorization == "Basic tok-2"
        assert await session.renew("Basic tok-1")
        assert len(door.logins) == 1
        assert await session.renew("Basic tok-2")
        assert session.authorization == "Basic tok-3"

    run(main())


def test_a_wrong_password_is_tried_once() -> None:
    """Eight requests at once do not lock the account by eight failed logins."""
    door = Door((401, b""))

    async def main() -> None:
        session = Session(LOGIN, door)
        ends = await asyncio.gather(*(session.renew("") for _ in range(8)), return_exceptions=True)
        assert all(isinstance(end, StoppedError) for end in ends)
        with pytest.raises(StoppedError):
            await session.renew("")

    run(main())
    assert len(door.logins) == 1


def test_a_login_that_gives_the_refused_token_again_is_tried_once() -> None:
    """A dialer that hands out what it then refuses is not asked by every request."""
    door = Door((200, b"tok-1"))

    async def main() -> None:
        session = Session(Credentials("tok-1", "ana", "pass-word"), door)
        ends = await asyncio.gather(*(session.renew("Basic tok-1") for _ in range(8)))
        assert ends == [False] * 8

    run(main())
    assert len(door.logins) == 1


def test_a_login_that_got_lost_may_be_tried_again() -> None:
    """The network failed, and not the password."""
    door = Door(NotSentError("refused"), (200, b"tok-1"))

    async def main() -> None:
        session = Session(LOGIN, door)
        with pytest.raises(NotSentError):
            await session.renew("")
        assert await session.renew("")

    run(main())
    assert len(door.logins) == 2


def test_without_a_password_nothing_can_be_renewed() -> None:
    """A token alone is all there is."""
    door = Door((200, b"tok-2"))

    async def main() -> None:
        session = Session(Credentials("tok-1", user="ana"), door)
        assert not await session.renew(session.authorization)

    run(main())
    assert door.logins == []


def test_credentials_never_show_a_secret() -> None:
    """Neither by `repr` nor by `str`."""
    credentials = Credentials("tok-1", "ana", "pass-word")
    for shown in (repr(credentials), str(credentials), f"{[credentials]}"):
        assert "tok-1" not in shown
        assert "pass-word" not in shown
    assert "can_log_in=True" in repr(credentials)
