"""What programs can read of the sandbox: queue, calls, agents and sums, in parts that have an end."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bulk_loader.model import Field
from bulk_loader.sandbox.clock import write_moment
from bulk_loader.simulation import State

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request

    from bulk_loader.sandbox.desk import Desk, Refusal
    from bulk_loader.sandbox.options import SandboxOptions
    from bulk_loader.sandbox.store import QueuedTask, Store
    from bulk_loader.sandbox.views import Point, SeenAgent, SeenCall, Views

    Endpoint = Callable[[Request], Awaitable[Response]]

T = TypeVar("T")

DEFAULT_LIMIT = 100
MAX_LIMIT = 500  # an answer of about 200 kB
MOST_CAMPAIGNS = 100
SHOWN_IN_OVERVIEW = 12
_LONGEST_NUMBER = 18  # digits, as SQLite's integers have


class Window:
    """Looks at the sandbox without changing it."""

    def __init__(self, options: SandboxOptions, store: Store, desk: Desk, views: Views) -> None:
        self._options = options
        self._store = store
        self._desk = desk
        self._views = views

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/api/queue", _asked(self._queue)),
            Route("/api/calls", _asked(self._calls)),
            Route("/api/agents", _asked(self._agents)),
            Route("/api/refused", _asked(self._refused)),
            Route("/api/stats", _asked(lambda _after, _limit: self._stats())),
            Route("/api/overview", _asked(lambda _after, _limit: self._overview())),
            Route("/api/openapi.json", _description()),
        ]

    def _queue(self, after: int, limit: int) -> dict[str, object]:
        tasks = list(self._store.after(after, limit))
        return {
            "queued": sum(self._store.counts().values()),
            "tasks": list(map(_task, tasks)),
            "next": _next("queue", tasks, limit, lambda task: task.id),
        }

    def _calls(self, after: int, limit: int) -> dict[str, object]:
        calls = self._views.calls_after(after, limit)
        following = _next("calls", calls, limit, lambda call: call.id)
        return {"calls": list(map(_call, calls)), "next": following}

    def _agents(self, after: int, limit: int) -> dict[str, object]:
        agents = self._views.agents()
        part = list(enumerate(agents, start=1))[after : after + limit]
        following = _next("agents", part, limit, lambda each: each[0])
        shown = [_agent(agent) for _, agent in part]
        return {"agents": shown, "next": following if after + limit < len(agents) else None}

    def _refused(self, after: int, limit: int) -> dict[str, object]:
        """Newest first, so that `after` names one that is newer."""
        refusals = [each for each in self._desk.refusals() if not after or each.id < after][:limit]
        return {
            "refused": self._desk.refused,
            "refusals": list(map(_refusal, refusals)),
            "next": _next("refused", refusals, limit, lambda refusal: refusal.id),
        }

    def _stats(self) -> dict[str, object]:
        campaigns = self._views.campaigns()
        shown = list(campaigns.items())[:MOST_CAMPAIGNS]
        timeline = self._views.timeline()
        return {
            "now": _moment(self._views.now),
            "speed": self._options.speed,
            "seed": self._options.seed,
            "refused": self._desk.refused,
            "states": {
                state: sum(states[state] for states in campaigns.values()) for state in State
            },
            "later": self._views.later(),
            "answers": self._views.answers(),
            "campaigns": [{"campaign": name, **states} for name, states in shown],
            "more_campaigns": len(campaigns) - len(shown),
            "timeline": {
                "minutes": timeline.minutes,
                "points": list(map(_point, timeline.points)),
            },
        }

    def _overview(self) -> dict[str, object]:
        campaigns = self._store.counts()
        shown = list(campaigns.items())[:MOST_CAMPAIGNS]
        return {
            "queued": sum(campaigns.values()),
            "refused": self._desk.refused,
            "campaigns": [{"campaign": name, "tasks": count} for name, count in shown],
            "tasks": list(map(_task, self._store.newest(SHOWN_IN_OVERVIEW))),
            "refusals": list(map(_refusal, self._desk.refusals()[:SHOWN_IN_OVERVIEW])),
        }


def _asked(answer: Callable[[int, int], dict[str, object]]) -> Endpoint:
    """An endpoint that answers with the part of a list that the address asks for."""

    async def reply(request: Request) -> Response:
        try:
            after = _number(request, "after", default=0)
            limit = _number(request, "limit", default=DEFAULT_LIMIT)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse(answer(after, max(1, min(limit, MAX_LIMIT))))

    return reply


def _number(request: Request, name: str, *, default: int) -> int:
    """A whole number from the address's query.

    Raises:
        ValueError: it is none, or negative.
    """
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise ValueError(f"{name} must be a whole number, 0 or more")
    return int(text)


def _next(name: str, part: Sequence[T], limit: int, number: Callable[[T], int]) -> str | None:
    """The address of the part after this one; None where this one is not full."""
    return f"/api/{name}?after={number(part[-1])}&limit={limit}" if len(part) == limit else None


def _description() -> Endpoint:
    file = resources.files("bulk_loader.sandbox").joinpath("openapi.json")
    described = json.loads(file.read_text(encoding="utf-8"))

    async def show(_request: Request) -> Response:
        return JSONResponse(described)

    return show


def _task(queued: QueuedTask) -> dict[str, Any]:
    received_at = queued.received_at.isoformat(timespec="milliseconds")
    keys = {key.value: getattr(queued.task, key) for key in Field}
    return {"id": queued.id, "received_at": received_at, "state": queued.state, **keys}


def _refusal(refusal: Refusal) -> dict[str, object]:
    received_at = refusal.received_at.isoformat(timespec="milliseconds")
    return {"id": refusal.id, "received_at": received_at, "reason": refusal.reason}


def _call(call: SeenCall) -> dict[str, object]:
    return {
        "id": call.id,
        "task": call.record,
        "campaign": call.campaign,
        "agent": call.agent,
        "number": call.number,
        "began_at": _moment(call.began_at),
        "answered_at": None if call.answered_at is None else _moment(call.answered_at),
        "ended_at": None if call.ended_at is None else _moment(call.ended_at),
        "answer": call.answer,
    }


def _agent(agent: SeenAgent) -> dict[str, object]:
    return {
        "agent": agent.agent,
        "doing": agent.doing,
        "call": agent.call and _call(agent.call),
        "calls": agent.calls,
        "busy_s": round(agent.busy_s, 1),
    }


def _point(point: Point) -> dict[str, object]:
    answers = {answer.value: count for answer, count in point.answers.items()}
    return {"at": _moment(point.at), "waiting": point.waiting, **answers}


def _moment(seconds: float) -> str:
    return write_moment(seconds).isoformat(timespec="milliseconds")
