"""All that the page shows of the sandbox at one moment."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.simulation import State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulk_loader.sandbox.desk import Desk, Refusal
    from bulk_loader.sandbox.options import SandboxOptions
    from bulk_loader.sandbox.store import QueuedTask, Store
    from bulk_loader.sandbox.views import SeenAgent, SeenCall, Timeline, Views
    from bulk_loader.simulation import Answer

LOOK_S = 1.0  # between two looks, however many pages are open
SHOWN = 12  # of tasks, calls and refusals
MOST_CAMPAIGNS = 20
MOST_AGENTS = 30


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be seen; of long lists the beginning.

    Attributes:
        now: by the dialer's clock, in seconds since 1970.
        taken: tasks in all.
        per_second: tasks that arrived since the look before.
        campaigns: states by campaign, the fullest first.
        agent_count: those that are not in `agents` included, as in `campaign_count`.
        calls: newest first, as tasks and refusals.
    """

    now: float
    options: SandboxOptions
    taken: int
    per_second: float
    refused: int
    states: Mapping[State, int]
    later: int
    campaigns: Mapping[str, Mapping[State, int]]
    campaign_count: int
    agents: Sequence[SeenAgent]
    agent_count: int
    answers: Mapping[Answer, int]
    timeline: Timeline
    calls: Sequence[SeenCall]
    tasks: Sequence[QueuedTask]
    refusals: Sequence[Refusal]


class Onlooker:
    """Looks at most once in `LOOK_S`.

    Args:
        time_s: seconds from anywhere, which only grow.
    """

    def __init__(
        self,
        options: SandboxOptions,
        store: Store,
        desk: Desk,
        views: Views,
        time_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._options = options
        self._store = store
        self._desk = desk
        self._views = views
        self._time_s = time_s
        self._last: Look | None = None
        self._looked_at_s = 0.0

    def look(self) -> Look:
        """What is to be seen now, or was a moment ago."""
        passed_s = self._time_s() - self._looked_at_s
        if self._last is None or passed_s >= LOOK_S:
            self._last = self._look(passed_s)
            self._looked_at_s += passed_s
        return self._last

    def _look(self, passed_s: float) -> Look:
        views, campaigns, agents = self._views, self._views.campaigns(), self._views.agents()
        states = {state: sum(each[state] for each in campaigns.values()) for state in State}
        taken = sum(states.values())
        return Look(
            now=views.now,
            options=self._options,
            taken=taken,
            per_second=(taken - self._last.taken) / passed_s if self._last else 0.0,
            refused=self._desk.refused,
            states=states,
            later=views.later(),
            campaigns=dict(list(campaigns.items())[:MOST_CAMPAIGNS]),
            campaign_count=len(campaigns),
            agents=agents[:MOST_AGENTS],
            agent_count=len(agents),
            answers=views.answers(),
            timeline=views.timeline(),
            calls=views.newest_calls(SHOWN),
            tasks=list(self._store.newest(SHOWN)),
            refusals=self._desk.refusals()[:SHOWN],
        )
