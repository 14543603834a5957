"""What programs read of a sandbox, held against its own description of it."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from bulk_loader.sandbox import Sandbox, SandboxOptions
from bulk_loader.sandbox.views import MOST_POINTS, Doing, Views
from bulk_loader.sandbox.window import MAX_LIMIT, MOST_CAMPAIGNS
from bulk_loader.simulation import Answer
from tests.sandbox.asking import FORM, TASK, ask, send
from tests.sandbox.floor import DAY_S, Floor, many

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox.asking import Reply


LATER = "9999-01-01 00:00:00"


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Sandbox]:
    """Two agents in the middle of their calls, others called before, and some refused.

    Its clock is ahead, and as good as stands still.
    """
    floor = Floor(tmp_path / "queue", at_s=time.time())
    floor.take(*many(40), alternatives="M=1=77:88")
    floor.run(1800, steps=30)
    floor.take(*(f"88{number}" for number in range(5)), campaign="B->", calldate=LATER)
    floor.run(0)
    floor.close()
    options = SandboxOptions(db=tmp_path / "queue", agents=("1001", "1002"), speed=1e-9)
    with Sandbox(options) as sandbox:
        send(sandbox, "Basic wrong")
        send(sandbox, campaign="")
        yield sandbox


def described(sandbox: Sandbox) -> dict[str, Any]:
    """The sandbox's description of itself."""
    document: dict[str, Any] = ask(sandbox, "/api/openapi.json").json
    return document


def fault_of(document: dict[str, Any], path: str, reply: Reply) -> str:
    """Where an answer differs from what is promised of it."""
    responses = document["paths"][path.partition("?")[0]]["get"]["responses"]
    schema = responses[str(reply.status)]["content"]["application/json"]["schema"]
    validator = Draft202012Validator({**schema, "components": document["components"]})
    return "; ".join(error.message for error in validator.iter_errors(reply.json))


def test_the_description_is_one(busy: Sandbox) -> None:
    """By the rules of OpenAPI."""
    validator = pytest.importorskip("openapi_spec_validator", reason="not installed")
    validator.validate(described(busy))


def test_every_answer_is_as_described(busy: Sandbox) -> None:
    """Of a sandbox in the middle of its work, and of one that is empty; bad questions as well."""
    document = described(busy)
    paths = [path for path, methods in document["paths"].items() if "get" in methods]
    assert len(paths) == 6
    with Sandbox() as empty:
        for path in paths:
            for sandbox in (busy, empty):
                for query in ("", "?limit=3", "?after=2&limit=2", "?limit=x"):
                    reply = ask(sandbox, path + query)
                    assert reply.status == (400 if query == "?limit=x" else 200)
                    assert fault_of(document, path, reply) == ""


def test_the_description_would_notice() -> None:
    """A key more, a key less and another type are no answer of those that are described."""
    with Sandbox() as sandbox:
        document, reply = described(sandbox), ask(sandbox, "/api/stats")
    schema = {"$ref": "#/components/schemas/Stats", "components": document["components"]}
    stats = reply.json
    for spoiled in (stats | {"more": 1}, stats | {"later": "1"}, {"now": stats["now"]}):
        assert not Draft202012Validator(schema).is_valid(spoiled)


def test_the_task_is_described_as_it_is_answered(busy: Sandbox) -> None:
    """With the texts that DialerTask has, and the statuses that faults on purpose have."""
    responses = described(busy)["paths"][TASK]["post"]["responses"]
    assert set(responses) == {"200", "401", "429", "500"}
    assert responses["200"]["content"]["text/plain"]["schema"]["enum"] == ["0", "1"]


@pytest.mark.parametrize(
    ("name", "key", "count"),
    [("queue", "tasks", 45), ("calls", "calls", None), ("agents", "agents", 2)],
)
def test_every_list_is_read_in_parts(busy: Sandbox, name: str, key: str, count: int | None) -> None:
    """Following `next` shows everything once and in order, whatever the size of a part."""
    whole = ask(busy, f"/api/{name}?limit=500").json[key]
    assert count in (None, len(whole))
    path, seen = f"/api/{name}?limit=1", []
    while path:
        part = ask(busy, path).json
        assert len(part[key]) <= 1
        seen += part[key]
        path = part["next"]
    assert seen == whole


def test_refusals_are_read_from_the_newest_on(busy: Sandbox) -> None:
    """In parts as well."""
    first = ask(busy, "/api/refused?limit=1").json
    second = ask(busy, first["next"]).json
    assert [first["refusals"][0]["id"], second["refusals"][0]["id"]] == [2, 1]
    assert ask(busy, second["next"]).json["refusals"] == []


def test_no_answer_has_more_than_its_limit() -> None:
    """However many tasks and campaigns there are, and whatever is asked for."""
    with Sandbox() as sandbox:
        for number in range(MAX_LIMIT + 5):
            assert send(sandbox, campaign=f"C{number}").body == "1"
        part = ask(sandbox, f"/api/queue?limit={10**9}").json
        assert len(part["tasks"]) == MAX_LIMIT
        stats = ask(sandbox, "/api/stats").json
        assert len(stats["campaigns"]) == MOST_CAMPAIGNS
        assert stats["more_campaigns"] == MAX_LIMIT + 5 - MOST_CAMPAIGNS
        assert len(ask(sandbox, "/api/overview").json["campaigns"]) == MOST_CAMPAIGNS


def test_sums_add_up(busy: Sandbox) -> None:
    """Every task has one state, and every call that has ended one answer."""
    stats = ask(busy, "/api/stats").json
    assert sum(stats["states"].values()) == 45
    for state, count in stats["states"].items():
        assert count == sum(campaign[state] for campaign in stats["campaigns"])
    calls = ask(busy, "/api/calls?limit=500").json["calls"]
    assert sum(stats["answers"].values()) == sum(call["ended_at"] is not None for call in calls)
    assert stats["later"] >= 5
    points = stats["timeline"]["points"]
    for answer, count in stats["answers"].items():
        assert count == sum(point[answer] for point in points)
    assert points[-1]["waiting"] == stats["states"]["waiting"]


def test_a_call_does_not_tell_its_future() -> None:
    """It rings, then they talk, then its answer is known; then the agent writes."""
    floor = Floor(agents=("1",))
    views = Views(floor.store, floor.dialing)
    floor.take(*many(60))
    floor.run(DAY_S)
    first = "SELECT began_at, answered_at, ended_at, free_at FROM calls WHERE answer = 'reached'"
    moments = floor.rows(f"{first} ORDER BY id LIMIT 1")[0]
    floor.close()
    floor = Floor(agents=("1",))
    views = Views(floor.store, floor.dialing)
    floor.take(*many(60))
    seen = []
    for at in moments:
        assert isinstance(at, float)
        floor.run(at + 0.1 - floor.time_s)
        (call,) = (each for each in views.newest_calls(2) if each.began_at == moments[0])
        seen.append((views.agents()[0].doing, call.answered_at is not None, call.answer))
    assert seen == [
        (Doing.CALLING, False, None),
        (Doing.TALKING, True, None),
        (Doing.WRITING, True, Answer.REACHED),
        (Doing.CALLING, True, Answer.REACHED),  # the next
    ]
    floor.close()


def test_the_course_of_a_day_is_bounded_and_has_no_gaps() -> None:
    """At most so many stretches, the last day only, and who waited goes on waiting."""
    floor = Floor(agents=("1",))
    views = Views(floor.store, floor.dialing)
    assert views.timeline().points == ()
    floor.take(*many(5), agent="9")
    for _ in range(4):
        floor.run(DAY_S)
        floor.take("1")
    timeline = views.timeline()
    assert len(timeline.points) <= MOST_POINTS
    assert {point.waiting for point in timeline.points} == {5}
    starts = [point.at for point in timeline.points]
    gaps = {later - earlier for earlier, later in pairwise(starts)}
    assert gaps <= {timeline.minutes * 60.0}
    floor.close()


@pytest.mark.parametrize("path", ["/api/queue", "/api/calls", "/api/agents", "/api/stats"])
def test_another_web_page_can_ask_nothing(busy: Sandbox, path: str) -> None:
    """Neither by another name of this machine nor from its own origin; it may not even try."""
    assert ask(busy, path, headers={"Host": "example.com"}).status == 400
    assert ask(busy, path, headers={"Origin": "http://example.com"}).status == 403
    assert ask(busy, path, headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert ask(busy, path, headers={"Sec-Fetch-Site": "same-origin"}).status == 200
    assert ask(busy, path, b"", {"Content-Type": FORM}).status == 405
