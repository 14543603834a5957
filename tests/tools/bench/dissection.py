"""Takes an upload apart: every stage alone, in one process.

The first argument is a CSV file, then come the dialer's address, the connections and an empty
directory. Writes JSON: the stages with their wall and CPU time in microseconds a row.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import uvloop
from pydantic import SecretStr

from bulk_loader.dialer.client import DialerClient
from bulk_loader.ledger import Ledger
from bulk_loader.mapping import lay_out
from bulk_loader.model import Ending, RunKind
from bulk_loader.preparation.history import History
from bulk_loader.preparation.pipeline import build_pipeline, open_table
from bulk_loader.preparation.preparing import Preparation
from bulk_loader.preparation.sentences import Sentences
from bulk_loader.reports.timeline import Timeline
from bulk_loader.results import write_results
from bulk_loader.runs.sending import deliver
from bulk_loader.runs.setup import delivery_policy, plan_run
from bulk_loader.runs.tally import ResultRows
from bulk_loader.runs.targets import open_target
from bulk_loader.runs.timing import TimedRun
from bulk_loader.runs.watch import Silent
from bulk_loader.screening.duplicates import SeenLeads
from bulk_loader.settings import Settings
from bulk_loader.workflows.upload import upload
from tests.tools.bench.leads import DATA
from tests.tools.bench.uploads import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulk_loader.delivery import Prepared
    from bulk_loader.ledger import Keys, OpenRun
    from bulk_loader.preparation.pipeline import Pipeline
    from bulk_loader.runs.targets import Target


def _all_cpu_s() -> float:
    """Of all threads, and of children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@dataclass(slots=True)
class Stopwatch:
    """Adds up the time that one thing takes."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    times: int = 0

    @contextmanager
    def running(self, cpu: Callable[[], float] = _all_cpu_s) -> Iterator[None]:
        """Take the time of the body; `thread_time` where other threads work beside it."""
        wall_at, cpu_at = time.perf_counter(), cpu()
        yield
        self.wall_s += time.perf_counter() - wall_at
        self.cpu_s += cpu() - cpu_at
        self.times += 1


class Timed:
    """Stands for an object and takes the time of every method that is called on it."""

    def __init__(self, inner: object, watch: Stopwatch) -> None:
        self._inner = inner
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return partial(self._call, found) if callable(found) else found

    def _call(self, method: Callable[..., Any], *given: Any, **named: Any) -> Any:
        with self._watch.running(time.thread_time):
            return method(*given, **named)


class Dissection:
    """One upload of a CSV file, and what each stage of it took."""

    def __init__(self, file: Path, settings: Settings) -> None:
        self._file = file
        self._settings = settings
        self._watches: defaultdict[str, Stopwatch] = defaultdict(Stopwatch)

    def carry_out(self) -> dict[str, object]:
        """All stages in the order in which a row meets them, then the upload as it is."""
        with Ledger.open(self._settings.home) as ledger, open_target(self._settings) as target:
            pipeline = self._read()
            prepared = self._prepare(pipeline, ledger.keys)
            self._post(prepared, target)
            results = self._settings.home / "results.csv"
            source = pipeline.table.source
            plan = plan_run(RunKind.UPLOAD, source, self._settings, target.identity, results)
            run = ledger.begin(plan, datetime.now(UTC))
            self._deliver(prepared, run, target)
            with self._watches["results"].running(), Sentences() as sentences:
                rows = ResultRows(ledger.outcomes.of(run.record), sentences)
                write_results(pipeline.table, rows, results)
            del prepared
            ledger.runs.end(run.record, Ending.FINISHED, "")
        with self._watches["upload"].running():
            upload(self._file, self._settings)
        return {
            "stages": list(self._stages(source.leads)),
            "commits": self._watches["commits"].times,
            "leads": source.leads,
        }

    def _read(self) -> Pipeline:
        with self._watches["survey"].running():
            table = open_table(self._file, self._settings)
        pipeline = build_pipeline(table, self._settings, datetime.now(UTC))
        with self._watches["batches"].running():
            batches = list(table.batches(self._settings.batch_size))
        with self._watches["layout"].running():
            for batch in batches:
                lay_out(batch.frame, pipeline.columns, pipeline.defaults, pipeline.separators)
        with self._watches["screening"].running():
            for batch in batches:
                pipeline.screen(batch)
        return pipeline

    def _prepare(self, pipeline: Pipeline, keys: Keys) -> list[Prepared]:
        watch = self._watches["history"]
        with Sentences() as sentences, self._watches["preparation"].running():
            preparation = Preparation(
                pipeline=pipeline,
                keys=keys,
                history=cast("History", Timed(History(), watch)),
                sentences=sentences,
                batch_size=self._settings.batch_size,
                seen=cast("SeenLeads", Timed(SeenLeads(), watch)),
            )
            return list(preparation.batches())

    def _post(self, prepared: list[Prepared], target: Target) -> None:
        bodies = iter([lead.body for batch in prepared for lead in batch.ready])

        async def work(client: DialerClient) -> None:
            for body in bodies:
                await client.send(body)

        async def main() -> None:
            async with DialerClient(target.address) as client:
                connections = range(target.address.connections)
                await asyncio.gather(*(work(client) for _ in connections))

        with self._watches["posts"].running():
            uvloop.run(main())

    def _deliver(self, prepared: list[Prepared], run: OpenRun, target: Target) -> None:
        watched = cast("OpenRun", Timed(run, self._watches["commits"]))
        timed = TimedRun(watched, lambda _content: None, Timeline())
        policy = delivery_policy(self._settings)
        with self._watches["delivery"].running():
            deliver(iter(prepared), timed, target.address, policy, Silent())

    def _stages(self, leads: int) -> Iterator[tuple[str, float, float]]:
        for name, (stage, *inner) in STAGES.items():
            watch = self._watches[stage]
            within = [self._watches[other] for other in inner]
            wall_s = watch.wall_s - sum(other.wall_s for other in within)
            cpu_s = watch.cpu_s - sum(other.cpu_s for other in within)
            yield name, wall_s * 1e6 / leads, cpu_s * 1e6 / leads


STAGES = {
    "find out what the file is, reading it through": ("survey",),
    "read it in batches": ("batches",),
    "lay out the nine fields": ("layout",),
    "screen them": ("screening", "layout"),
    "make, escape and hash the tasks": ("preparation", "batches", "screening", "history"),
    "hold them against each other and the history": ("history",),
    "post them and read the answers": ("posts",),
    "commit intents and outcomes": ("commits",),
    "post and commit at once, as the delivery does": ("delivery",),
    "write the results file": ("results",),
    "the whole upload": ("upload",),
}
"""What a reader is told: a stopwatch, less those that ran within it."""


def main() -> None:
    """Print what the stages took."""
    file, url, connections, place = sys.argv[1:]
    settings = Settings(
        url=url,
        token=SecretStr(TOKEN),
        data=DATA,
        concurrency=int(connections),
        home=Path(place) / "home",
        results=Path(place) / "results.csv",
        again=True,
    )
    sys.stdout.write(json.dumps(Dissection(Path(file), settings).carry_out()))


if __name__ == "__main__":
    main()
