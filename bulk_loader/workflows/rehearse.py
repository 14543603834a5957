"""Rehearse: a list played through the simulated dialer, before anybody is called."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.dialer.wire import call_of
from bulk_loader.errors import SettingsError, SourceError
from bulk_loader.preparation.collector import spared_collector
from bulk_loader.preparation.hours import calling_hours
from bulk_loader.preparation.pipeline import build_pipeline, open_table
from bulk_loader.preparation.sentences import Sentences
from bulk_loader.preparation.unremembered import unremembered
from bulk_loader.rehearsal import Cast, play
from bulk_loader.runs.watch import Silent
from bulk_loader.screening.zones import open_zone
from bulk_loader.simulation import Record
from bulk_loader.workflows.rehearsal_page import with_page
from bulk_loader.workflows.rehearsed import Rehearsal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulk_loader.preparation.pipeline import Pipeline
    from bulk_loader.runs.watch import Watch
    from bulk_loader.settings import Settings, Window
    from bulk_loader.workflows.rehearsal_plan import RehearsalPlan


def rehearse(
    file: Path | str, settings: Settings, plan: RehearsalPlan, watch: Watch | None = None
) -> Rehearsal:
    """Play a list through the simulated dialer; nothing is sent, and no ledger is needed.

    Raises:
        SettingsError: a setting, or the plan, is missing or wrong.
        SourceError: the file can't be read, or none of its leads would be sent.
    """
    watch = watch or Silent()
    table = open_table(Path(file), settings, watch.noted)
    watch.opened(table.source)
    starts_at = _begin(plan, _zone(settings))
    pipeline = build_pipeline(table, settings, starts_at)  # as if it were sent then
    records = list(_records(pipeline, settings, starts_at))
    if not records:
        raise SourceError(
            f"None of the leads of {table.source.path.name} would be sent.",
            "So there is nothing to rehearse.",
            "See why with: bulk-loader check FILE",
        )
    cast = Cast(agents=_cast(plan, records), model=plan.model, is_open=_open(settings, starts_at))
    if (shift := plan.shift) is not None:
        cast = replace(cast, shifts=lambda: shifts(shift, starts_at))
    days = [play(records, replace(cast, seed=seed)) for seed in range(1, plan.seeds + 1)]
    least = len({record.agent for record in records if record.agent})
    count = len(cast.agents)
    fewer = replace(cast, agents=cast.agents[:-1]) if count > max(1, least) else None
    found = Rehearsal(
        source=table.source,
        plan=plan,
        starts_at=starts_at,
        days=tuple(days),
        fewer=None if fewer is None else play(records, fewer),
        more=play(records, replace(cast, agents=(*cast.agents, _nobody_else(cast.agents)))),
        left_out=table.source.leads - len(records),
        has_hours=settings.calling_hours is not None,
        notes=_notes(plan, cast),
    )
    return with_page(found) if settings.report else found


def _zone(settings: Settings) -> tzinfo | None:
    name = settings.dialer_timezone or settings.timezone
    return open_zone(name) if name else None


def _begin(plan: RehearsalPlan, zone: tzinfo | None) -> datetime:
    """In the zone, which one without a zone is meant in."""
    starts_at = plan.starts_at or datetime.now(UTC)
    if starts_at.tzinfo is None and zone is not None:
        return starts_at.replace(tzinfo=zone)
    return starts_at.astimezone(zone)


def _records(pipeline: Pipeline, settings: Settings, starts_at: datetime) -> Iterator[Record]:
    """Everybody who would be sent, in the order of the file."""
    with Sentences() as sentences, spared_collector():
        preparation = unremembered(pipeline, settings, sentences)
        for prepared in preparation.batches():
            for lead in prepared.ready:
                yield _record(lead.row, json.loads(call_of(lead.body)), starts_at)


def _record(row: int, task: dict[str, str], starts_at: datetime) -> Record:
    due_at = None
    if task["calldate"]:
        moment = datetime.fromisoformat(task["calldate"]).replace(tzinfo=starts_at.tzinfo)
        due_at = moment.timestamp() - starts_at.timestamp()  # of one zone, the clocks would count
    return Record(
        row, task["campaign"], task["destination"], task["alternatives"], task["agent"], due_at
    )


def _cast(plan: RehearsalPlan, records: list[Record]) -> tuple[str, ...]:
    """The agents, with those first who are asked for by name.

    Raises:
        SettingsError: somebody asks for one who is not there.
    """
    asked = tuple(dict.fromkeys(record.agent for record in records if record.agent))
    if isinstance(plan.agents, int):
        others = (f"agent {number}" for number in range(1, plan.agents + 1 - len(asked)))
        return (*asked, *others)
    lacking = [name for name in asked if name not in plan.agents]
    if lacking:
        count = sum(record.agent in lacking for record in records)
        raise SettingsError(
            f"{count:,} leads ask for an agent who is not there.",
            f"They would wait for ever for {', '.join(lacking[:5])}"
            f"{' and others' if len(lacking) > 5 else ''}.",  # noqa: PLR2004 - enough to see which
            "Name them with --agents, too, or say how many there are.",
        )
    return (*asked, *(name for name in plan.agents if name not in asked))


def _nobody_else(names: tuple[str, ...]) -> str:
    """An extension that nobody has."""
    return max(names, key=len) + "+"


def _notes(plan: RehearsalPlan, cast: Cast) -> tuple[str, ...]:
    if isinstance(plan.agents, int) and len(cast.agents) > plan.agents:
        asked = f"{len(cast.agents):,} agents by name"
        return (f"The list asks for {asked}: so many are there, and not {plan.agents:,}.",)
    return ()


def _open(settings: Settings, starts_at: datetime) -> Callable[[float], bool]:
    hours = calling_hours(settings)
    if hours is None:
        return lambda _at: True
    start = starts_at.astimezone(UTC)
    return lambda at: not hours.closed_because(start + timedelta(seconds=at))


def shifts(shift: Window, starts_at: datetime) -> Iterator[tuple[float, float]]:
    """Begin and end of the shift of each day, in seconds; a day of 23 hours has its own."""
    zone, day = starts_at.tzinfo, starts_at.date()
    while True:
        begin, end = (
            (datetime.combine(day, clock, zone).astimezone(UTC) - starts_at).total_seconds()
            for clock in (shift.opens, shift.closes)
        )
        if end > 0:
            yield max(0.0, begin), end
        day += timedelta(days=1)
