from __future__ import annotations

import json
from urllib.parse import parse_qs

import httpx
import pytest

from bulk_loader.choices import AuthScheme
from bulk_loader.dialer.answers import NotSentError
from bulk_loader.dialer.client import Address, DialerClient
from bulk_loader.dialer.looking import Sight, TokenState, look
from bulk_loader.dialer.sessions import Credentials
from bulk_loader.errors import StoppedError
from tests.support.clock import run

QUEUE = "/Integra/resources/queues/getqueuemembersofqueue"
FORM_GET = "/Integra/resources/forms/FormGet"


def as_json(answer: object) -> httpx.Response:
    """With 200."""
    return httpx.Response(200, content=json.dumps(answer).encode())


def table_of(request: httpx.Request) -> str:
    """The table that a query asks; "" where it is none."""
    query = parse_qs(request.content.decode()).get("query", [""])[0]
    return query.partition("ccdata.")[2].split(" ")[0]


def dialer(
    answers: dict[str, httpx.Response | Exception], requests: list[httpx.Request] | None = None
) -> httpx.MockTransport:
    """Answers by table or path; what is not told is 404."""

    def react(request: httpx.Request) -> httpx.Response:
        if requests is not None:
            requests.append(request)
        found = answers.get(table_of(request) or request.url.path, httpx.Response(404))
        if isinstance(found, Exception):
            raise found
        return found

    return httpx.MockTransport(react)


def seen(transport: httpx.MockTransport, credentials: Credentials | None = None) -> Sight:
    """What a look at the dialer tells."""
    shown = credentials or Credentials("tok-1")

    async def main() -> Sight:
        async with DialerClient(Address("https://dialer.example", shown), transport) as client:
            return await look(client, shown.scheme)

    return run(main())


GOOD: dict[str, httpx.Response | Exception] = {
    QUEUE: as_json([]),
    "dialer": as_json([{"campaign": "Ventas<-"}, {"campaign": "Cobranza->"}]),
    "calls_spool": as_json([{"campaign": "Ventas<-", "waiting": 7}]),
    "calls_scheduler": as_json([{"campaign": "Ventas<-", "waiting": "3"}]),
}


def test_all_that_is_understood_is_known() -> None:
    """Token, campaigns, and what waits now and for its date; numbers may come as texts."""
    assert seen(dialer(GOOD)) == Sight(
        TokenState.GOOD, frozenset({"Ventas<-", "Cobranza->"}), {"Ventas<-": 7}, {"Ventas<-": 3}
    )


def test_the_requests_are_fixed_and_carry_the_token() -> None:
    """They read only, and are the same for every list."""
    requests: list[httpx.Request] = []
    seen(dialer(GOOD, requests))
    assert {request.headers["Authorization"] for request in requests} == {"Basic tok-1"}
    assert [(request.method, request.url.path) for request in requests] == [
        ("POST", QUEUE),
        *[("POST", FORM_GET)] * 3,
    ]
    queries = [parse_qs(request.content.decode())["query"][0] for request in requests[1:]]
    assert all(query.startswith("SELECT campaign") and ";" not in query for query in queries)


def test_a_bearer_token_is_tried_by_a_get() -> None:
    """Where the newer interfaces take it."""
    requests: list[httpx.Request] = []
    answers = {**GOOD, "/api/interactions": as_json({"items": []})}
    sight = seen(dialer(answers, requests), Credentials("tok-1", scheme=AuthScheme.BEARER))
    assert sight.token is TokenState.GOOD
    assert (requests[0].method, requests[0].url.path) == ("GET", "/api/interactions")
    assert requests[0].headers["Authorization"] == "Bearer tok-1"
    assert "Content-Type" not in requests[0].headers


def test_a_token_that_is_refused_ends_the_look() -> None:
    """Nothing else would be answered."""
    requests: list[httpx.Request] = []
    sight = seen(dialer({**GOOD, QUEUE: httpx.Response(401)}, requests))
    assert sight == Sight(TokenState.REFUSED)
    assert len(requests) == 1


def test_who_may_not_look_at_queues_may_call_all_the_same() -> None:
    """A right that is missing says nothing of the token: no list is refused, no session opened."""
    requests: list[httpx.Request] = []
    told = Credentials("tok-1", "ana", "pass-word")
    sight = seen(dialer({**GOOD, QUEUE: httpx.Response(403)}, requests), told)
    assert sight.token is TokenState.UNKNOWN
    assert sight.campaigns is not None
    assert not any(request.url.path.endswith("getUserToken") for request in requests)


def test_white_space_before_an_answer_is_none_of_it() -> None:
    """Servers of this kind begin with a line break here and there."""
    answer = httpx.Response(200, content=b"\r\n []")
    assert seen(dialer({QUEUE: answer})).token is TokenState.GOOD


def test_a_token_that_has_expired_is_renewed_where_there_is_a_login() -> None:
    """As for a task."""
    login = httpx.Response(200, content=b"tok-2")

    def react(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("getUserToken"):
            return login
        if request.headers.get("Authorization") == "Basic tok-1":
            return httpx.Response(401)
        return as_json([])

    sight = seen(httpx.MockTransport(react), Credentials("tok-1", "ana", "pass-word"))
    assert sight.token is TokenState.GOOD


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b"0"),
        httpx.Response(200, content=b"<html>Sign in</html>"),
        httpx.Response(302),
        httpx.Response(404),
        httpx.Response(500, content=b"[]"),
        httpx.Response(200, content=b" " * 100_000 + b"[]"),
    ],
)
def test_what_is_not_understood_is_not_known(answer: httpx.Response) -> None:
    """A page, an error, an answer without end: none of them says yes or no."""
    assert seen(dialer(dict.fromkeys(GOOD, answer))) == Sight()


@pytest.mark.parametrize(
    "rows",
    [
        "[",
        "[" * 60_000,
        "7",
        "[7]",
        '{"campaign": "Ventas<-"}',
        '[{"campaign": 7, "waiting": 1}]',
        '[{"name": "Ventas<-"}]',
        '[{"campaign": "Ventas<-", "waiting": 1}, {"waiting": 1}]',
    ],
)
def test_rows_of_another_shape_are_not_half_understood(rows: str) -> None:
    """One row that can't be read leaves all of them unknown."""
    answer = httpx.Response(200, content=rows.encode())
    sight = seen(dialer({**dict.fromkeys(GOOD, answer), QUEUE: as_json([])}))
    assert (sight.campaigns, sight.now, sight.later) == (None, None, None)


@pytest.mark.parametrize("waiting", [None, True, -1, 1.5, "many", "", "9" * 40, [1]])
def test_what_is_no_count_is_not_known(waiting: object) -> None:
    """Nor is anything beside it."""
    rows = [{"campaign": "A", "waiting": 1}, {"campaign": "B", "waiting": waiting}]
    assert seen(dialer({**GOOD, "calls_spool": as_json(rows)})).now is None


def test_no_rows_are_an_empty_queue_and_no_list_of_campaigns() -> None:
    """A dialer without campaigns is one that this user may not see."""
    sight = seen(dialer(dict.fromkeys(GOOD, as_json([]))))
    assert (sight.campaigns, sight.now, sight.later) == (None, {}, {})


def test_a_question_that_is_not_answered_leaves_the_others() -> None:
    """What was seen stays seen."""
    sight = seen(dialer({**GOOD, "calls_spool": httpx.ReadTimeout("slow")}))
    assert sight.now is None
    assert (sight.campaigns, sight.later) == (
        frozenset({"Ventas<-", "Cobranza->"}),
        {"Ventas<-": 3},
    )


def test_a_dialer_that_can_not_be_reached_is_said_to_be_so() -> None:
    """Whoever asked for the look decides what that means."""
    with pytest.raises(NotSentError):
        seen(dialer({QUEUE: httpx.ConnectError("refused")}))


def test_a_login_that_is_refused_ends_the_look() -> None:
    """The password is tried once."""
    login = {"/Integra/resources/auth/getUserToken": httpx.Response(200, content=b"0")}
    with pytest.raises(StoppedError):
        seen(dialer({**GOOD, **login}), Credentials(user="ana", password="pass-word"))
