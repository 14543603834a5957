from __future__ import annotations

import asyncio
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


def test_get_user_token_answers_a_token() -> None:
    """It is asked first, with the user and the password as a form."""
    door = Door((200, b"tok-1"))

    async def main() -> None:
        await Session(LOGIN, door).renew("")

    run(main())
    path = "/Integra/resources/auth/getUserToken"
    assert door.logins == [(path, {"user": "ana", "password": "pass-word"})]


@pytest.mark.parametrize(
    ("login", "other"),
    [("getUserToken", "UserLogin"), ("UserLogin", "getUserToken")],
)
def test_a_login_that_an_instance_lacks_gives_way_to_the_other(login: str, other: str) -> None:
    """A 404 says that nobody looked at the password, so it is no second try at one login."""
    body = b'["1", "", "tok-1"]' if other == "UserLogin" else b"tok-1"
    door = Door((404, b""), (200, body))
    credentials = Credentials(user="ana", password="pass-word", login=LoginPath(login))

    async def main() -> str:
        session = Session(credentials, door)
        await session.renew("")
        return session.authorization

    assert run(main()) == "Basic tok-1"
    paths = [path.rpartition("/")[2] for path, _ in door.logins]
    assert paths == [login, other]


def test_an_instance_without_any_login_is_told_so() -> None:
    """Both ways are named, and that the address may be wrong."""
    with pytest.raises(StoppedError) as caught:
        renewed(LOGIN, (404, b""))
    assert "getUserToken" in caught.value.why
    assert "UserLogin" in caught.value.why
    assert "address" in caught.value.remedy


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


def ended(credentials: Credentials, *answers: tuple[int, bytes]) -> list[tuple[str, object]]:
    """What was posted after one login, while the session was ended twice."""
    door = Door((200, b"tok-1"), *answers)

    async def main() -> None:
        session = Session(credentials, door)
        await session.renew(session.authorization)
        await session.end()
        await session.end()

    run(main())
    return list(door.logins[1:])


END = "/Integra/resources/auth/EndSession"
FORM = {"user": "ana", "token": "tok-1"}


def test_a_session_that_was_opened_is_ended_once() -> None:
    """By a form, as long as the dialer confirms it."""
    assert ended(LOGIN, (200, b" 1\n")) == [(END, FORM)]


@pytest.mark.parametrize("answer", [(200, b"0"), (200, b""), (404, b""), (405, b"1"), (500, b"")])
def test_a_session_is_ended_by_the_query_where_the_form_does_nothing(
    answer: tuple[int, bytes],
) -> None:
    """The two ways that clients were seen to have."""
    assert ended(LOGIN, answer) == [(END, FORM), (f"{END}?user=ana&token=tok-1", {})]


def test_a_token_that_was_given_is_never_ended() -> None:
    """Also where a login has led to the same session: others may work with it."""
    assert ended(Credentials("tok-1", "ana", "pass-word"), (200, b"1")) == []


def test_the_token_of_a_login_is_ended_and_the_given_one_is_not() -> None:
    """What was opened because the given token had expired."""
    assert ended(Credentials("tok-0", "ana", "pass-word"), (200, b"1")) == [(END, FORM)]
