"""How a run begins: anew, as the rest of an unfinished one, or not at all."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bulk_loader.errors import AlreadyUploadedError, SettingsError
from bulk_loader.model import Ending, Status
from bulk_loader.workflows.history import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.ledger import Ledger, OpenRun, RunPlan, RunRecord


SENT = frozenset({Status.ACCEPTED, Status.UNKNOWN})
"""A lead of these statuses was called, or may be."""

# A list with another content under the name of one that was uploaded is the same list, corrected,
# for so long, and a new one afterwards: lists that come every night come a day apart.
EDITED_COPY = timedelta(hours=12)
# People correct a copy of their results within days.
COPIED_RESULTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Intent:
    """What the user asked for, as far as earlier runs matter.

    Attributes:
        again: finished runs of the file do not matter; an unfinished one is gone on with.
        loaded_within: contacts that the dialer accepted in that time are left out.
        is_trial: the dialer lives as long as the command, so nothing was sent to it before.
        resends: statuses that are sent again, whatever earlier runs say.
    """

    again: bool
    loaded_within: timedelta | None
    is_trial: bool
    resends: frozenset[Status] = frozenset()


@dataclass(frozen=True, slots=True)
class Beginning:
    """A run that may begin.

    Attributes:
        began_at: of the first run where this one goes on with it.
        goes_on: it is the same run; the leads that it settled are in the ledger already.
    """

    run: OpenRun
    history: History
    began_at: datetime
    goes_on: bool = False
    notes: tuple[str, ...] = ()


def begin(ledger: Ledger, plan: RunPlan, intent: Intent, now: datetime) -> Beginning:
    """Note the run in the ledger, going on with an unfinished run of the same file.

    Raises:
        AlreadyUploadedError: a run of this file to this dialer is finished.
        SettingsError: the unfinished run made its tasks otherwise and sent some of them.
        LedgerError: the ledger can't be used.
    """
    loaded = None
    if intent.loaded_within is not None:
        loaded = ledger.accepted_contacts(plan.target, now - intent.loaded_within)
    history = History(loaded=loaded, resends=intent.resends)
    if intent.is_trial:
        return Beginning(ledger.begin(plan, now), history, now)
    known = ledger.runs_of(plan.path, plan.digest, plan.target)
    heads = _heads([record for record in known if record.plan.kind == plan.kind])
    finished = [head for head in heads if head.ending is Ending.FINISHED]
    unfinished = [head for head in heads if head.ending is not Ending.FINISHED]
    if intent.again and not _is_cut_short(heads, plan):
        return Beginning(ledger.begin(plan, now), history, now)
    is_repeated = plan.kind == "upload" and _is_repeated(intent, finished, unfinished)
    if is_repeated:
        unfinished = unfinished[:1]
    elif plan.kind == "upload":
        _refuse_finished(ledger, plan, finished)
    chain = [run for head in unfinished for run in ledger.chain(head)]
    earlier = [run for run in _related(ledger, plan, heads, now) if run not in chain]
    if is_repeated:
        # The runs before it are those that it was asked to repeat.
        earlier = [run for run in earlier if run.id > chain[-1].id]
    if earlier:
        prior = ledger.prior(earlier)
        sent = SENT - intent.resends
        history = replace(history, earlier=prior, called=prior.contacts(*sent))
    if not unfinished:
        return Beginning(ledger.begin(plan, now), history, now)
    return _go_on(ledger, plan, chain, history, now)


def _related(
    ledger: Ledger, plan: RunPlan, heads: Sequence[RunRecord], now: datetime
) -> list[RunRecord]:
    """Runs whose leads this one must not send again, besides those that it goes on with.

    For an upload, those of the same file and the retries of its results, as long as the file is
    taken for an edited copy and not for a new list. For a retry, the runs with these results,
    and all retries of the last days: the file may be a copy of one that was retried already.
    """
    related = {run.id: run for head in heads for run in ledger.chain(head)}
    # The results of an earlier run may have been moved aside since, and its retries with them.
    places = {plan.results, *(run.plan.results for run in related.values())}
    for place in places:
        related |= {run.id: run for run in ledger.runs_with_results(place, plan.target)}
    if plan.kind == "upload":
        return [run for run in related.values() if now - _last_seen(run) < EDITED_COPY]
    related |= {
        run.id: run
        for run in ledger.runs()
        if run.plan.kind == plan.kind
        and run.plan.target == plan.target
        and now - _last_seen(run) < COPIED_RESULTS
    }
    return list(related.values())


def _last_seen(run: RunRecord) -> datetime:
    return run.ended_at or run.started_at


def _heads(records: Sequence[RunRecord]) -> list[RunRecord]:
    """Runs that no other run went on with, newest first."""
    continued = {record.plan.continues for record in records}
    return [record for record in records if record.id not in continued]


def _is_cut_short(heads: Sequence[RunRecord], plan: RunPlan) -> bool:
    """The newest run is unfinished, and its leads would be recognised.

    The same command goes on with it although it says --again: else each of its attempts would
    call the first people of the file once more.
    """
    return bool(
        heads and heads[0].ending is not Ending.FINISHED and heads[0].plan.shape == plan.shape
    )


def _is_repeated(
    intent: Intent, finished: Sequence[RunRecord], unfinished: Sequence[RunRecord]
) -> bool:
    """The newest unfinished run was begun with --again, or is gone on with so."""
    if not unfinished:
        return False
    newest = unfinished[0]
    # Without --again a finished file is refused, so no run of it could have followed.
    return intent.again or any(
        head.plan.digest == newest.plan.digest and head.id < newest.id for head in finished
    )


def _refuse_finished(ledger: Ledger, plan: RunPlan, finished: Sequence[RunRecord]) -> None:
    same = next((head for head in finished if head.plan.digest == plan.digest), None)
    if same is None:
        return
    counts = ", ".join(f"{n:,} {s.value}" for s, n in ledger.counts(same).items() if n)
    ended = same.ended_at or same.started_at
    raise AlreadyUploadedError(
        f"This file was uploaded to this dialer on {_local(ended)}.",
        f"Run {same.name} is finished: {counts or 'it had no leads'}.",
        "To send what was certainly not taken: "
        f"{shlex.join(['bulk-loader', 'retry', same.plan.results])}\n"
        "To send every lead once more, which calls people twice: the same command with --again",
    )


def _go_on(
    ledger: Ledger,
    plan: RunPlan,
    chain: Sequence[RunRecord],
    history: History,
    now: datetime,
) -> Beginning:
    for record in chain:
        ledger.doubt(record)
    head = chain[0]
    # What a retry of its results file did stands as well as what the run itself did.
    retries = [
        run
        for run in ledger.runs_with_results(plan.results, plan.target)
        if run.plan.kind != plan.kind and run.id > chain[-1].id
    ]
    prior = ledger.prior([*chain, *retries])
    sent = prior.count(Status.ACCEPTED) + prior.count(Status.UNKNOWN)
    if head.plan.shape != plan.shape:
        if sent:
            raise _other_settings(head, sent)
        return Beginning(ledger.begin(plan, now), history, now)
    taken = prior.contacts(Status.ACCEPTED, Status.UNKNOWN)
    history = replace(history, prior=prior, taken=taken)
    if head.plan.digest == plan.digest and len(chain) == 1 and not retries:
        note = _going_on(ledger, head, plan)
        same = ledger.resume(head, plan)
        return Beginning(same, history, head.started_at, goes_on=True, notes=(note,))
    changed = "The file has changed since" if head.plan.digest != plan.digest else "Going on with"
    note = (
        f"{changed} run {head.name} of {_local(head.started_at)}: {sent:,} of its leads were sent."
    )
    run = ledger.begin(replace(plan, continues=head.id), now)
    return Beginning(run, history, chain[-1].started_at, notes=(note,))


def _other_settings(head: RunRecord, sent: int) -> SettingsError:
    return SettingsError(
        f"The unfinished run {head.name} of this file was begun with other settings.",
        f"It sent {sent:,} leads, and with the settings of now their tasks look different, so "
        "they would not be recognised and would be sent twice.",
        "Give the same settings to go on, or --again to begin anew and send all leads.",
    )


def _going_on(ledger: Ledger, head: RunRecord, plan: RunPlan) -> str:
    counts = ledger.counts(head)
    doubt = counts[Status.UNKNOWN]
    settled = sum(counts.values()) - counts[Status.UNSENT] - doubt
    return (
        f"Going on with run {head.name} of {_local(head.started_at)}: {settled:,} leads are "
        f"settled, {doubt:,} in doubt, {plan.leads - settled - doubt:,} still to be sent."
    )


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
