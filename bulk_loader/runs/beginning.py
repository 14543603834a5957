"""How a run begins: anew, as the rest of an unfinished one, or not at all."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bulk_loader.errors import AlreadyUploadedError, SettingsError
from bulk_loader.ledger import Regard
from bulk_loader.model import Ending, Status
from bulk_loader.preparation.history import History
from bulk_loader.runs.lineage import Lineage
from bulk_loader.runs.moments import local

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from bulk_loader.ledger import Ledger, OpenRun, Others, RunPlan, RunRecord
    from bulk_loader.runs.lineage import ListKeys


@dataclass(frozen=True, slots=True)
class Intent:
    """What the user asked for, as far as earlier runs matter.

    Attributes:
        again: finished runs of the file do not matter; an unfinished one is gone on with.
        loaded_within: contacts that the dialer accepted in that time are left out.
        hold_doubts: contacts in doubt at the dialer since then are not sent.
        is_trial: the dialer lives as long as the command, so nothing was sent to it before.
        skips_duplicates: equal contacts of one list are one person, called once.
        resends: statuses that are sent again, whatever earlier runs say.
    """

    again: bool = False
    loaded_within: timedelta | None = None
    hold_doubts: timedelta = timedelta(days=7)
    is_trial: bool = False
    skips_duplicates: bool = True
    resends: frozenset[Status] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a beginning asks besides the ledger.

    Attributes:
        is_under_way: whether the run of this id is being carried out at this moment.
        keys: reads the list through and gives the hashes of its leads.
        origin: name of the run whose results the file says that it is; "" for a list.
    """

    is_under_way: Callable[[int], bool]
    keys: Callable[[], ListKeys]
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A run that may begin.

    Attributes:
        began_at: of the first run where this one goes on with it.
        others: the other runs to this dialer; None where they do not matter.
        goes_on: it is the same run; the leads that it settled are in the ledger already.
    """

    run: OpenRun
    history: History
    began_at: datetime
    others: Others | None = None
    goes_on: bool = False
    notes: tuple[str, ...] = ()


def begin(
    ledger: Ledger, plan: RunPlan, intent: Intent, now: datetime, surroundings: Surroundings
) -> Beginning:
    """Note the run in the ledger, going on with an unfinished run of the same list.

    Raises:
        AlreadyUploadedError: a run of this file to this dialer is finished.
        SettingsError: an unfinished run made its tasks otherwise and sent some of them, or it is
            not certain whether it is of this list.
        LedgerError: the ledger can't be used.
    """
    if intent.is_trial:
        return Beginning(ledger.begin(plan, now), History(resends=intent.resends), now)
    # First, so that nothing that another run does from here on is missed.
    others = ledger.others(plan.target, surroundings.is_under_way)
    lineage = Lineage.find(ledger, plan, now, surroundings.origin)
    start = _Start(ledger, plan, intent, now, lineage, others)
    heads = lineage.heads
    finished = [head for head in heads if head.ending is Ending.FINISHED]
    unfinished = lineage.unfinished()
    if intent.again and not _is_cut_short(heads, plan):
        return start.repeat(lineage.everything())
    if plan.kind == "upload" and _is_repeated(intent, finished, unfinished):
        return start.go_on_repeating(unfinished[0])
    if plan.kind == "upload":
        _refuse_finished(lineage, finished)
    if unfinished or plan.kind != "upload":
        return start.go_on(unfinished)
    alike = lineage.alike(surroundings.keys, surroundings.is_under_way)
    return start.go_on(alike, is_alike=True)


@dataclass(frozen=True, slots=True)
class _Start:
    """The ways in which a run can begin, each of which notes it in the ledger."""

    ledger: Ledger
    plan: RunPlan
    intent: Intent
    now: datetime
    lineage: Lineage
    others: Others

    def repeat(self, before: Collection[RunRecord]) -> Beginning:
        """Send every lead once more, whatever the runs before did."""
        return self._anew(self._history([]), self._regard([], repeated=before))

    def go_on_repeating(self, head: RunRecord) -> Beginning:
        """Go on with a run that was begun with --again and cut short."""
        chain = self.ledger.runs.chain(head)
        everything = self.lineage.everything()
        # The runs before it are those that it was asked to repeat.
        before = [run for run in everything if run.id < chain[-1].id]
        later = [run for run in self.lineage.related() if run.id > chain[-1].id]
        earlier = [run for run in later if run not in chain]
        regard = self._regard([*chain, *earlier], repeated=before)
        return self._go_on(chain, self._history(earlier), regard, checks_shape=True)

    def go_on(self, unfinished: Sequence[RunRecord], *, is_alike: bool = False) -> Beginning:
        """Go on with unfinished runs of this list; begin anew where there are none."""
        chain = [run for head in unfinished for run in self.ledger.runs.chain(head)]
        earlier = [run for run in self.lineage.related() if run not in chain]
        history = self._history(earlier)
        regard = self._regard([*chain, *earlier])
        if not unfinished:
            return self._anew(history, regard, self._outgrown())
        return self._go_on(chain, history, regard, checks_shape=not is_alike)

    def _history(self, earlier: Sequence[RunRecord]) -> History:
        loaded, intent, target = None, self.intent, self.plan.target
        if intent.loaded_within is not None:
            loaded = self.ledger.leads.accepted_contacts(target, self.now - intent.loaded_within)
        history = History(loaded=loaded, resends=intent.resends)
        if self.plan.kind == "retry":
            history = replace(history, by_hand=self._by_hand())
        if earlier:
            prior = self.ledger.leads.prior(earlier)
            called = prior.contacts(Status.ACCEPTED)
            history = replace(history, earlier=prior, called=called)
        return history

    def _by_hand(self) -> dict[int, Status]:
        """What the user said of doubts, where no newer doubt has come since."""
        doubts = self.ledger.doubts.open_at(self.plan.target, self.now - self.intent.hold_doubts)
        open_ones = {doubt.contact for doubt in doubts}
        said = self.ledger.doubts.settled_by_hand(self.plan.target)
        return {contact: status for contact, status in said.items() if contact not in open_ones}

    def _regard(
        self, same_list: Sequence[RunRecord], repeated: Collection[RunRecord] = ()
    ) -> Regard:
        same = frozenset(run.id for run in same_list)
        asleep = frozenset(run for run in same if not self.others.is_under_way(run))
        return Regard(
            hold_s=self.intent.hold_doubts.total_seconds(),
            ageless=same,
            apart=frozenset() if self.intent.skips_duplicates else asleep,
            repeated=frozenset(run.id for run in repeated),
        )

    def _anew(self, history: History, regard: Regard, notes: tuple[str, ...] = ()) -> Beginning:
        origin = self.lineage.origin
        before = self.ledger.runs.chain(origin) if origin else ()
        self.others.regard = replace(regard, since=_begun_at(before))
        run = self.ledger.begin(self.plan, self.now, self.others)
        return Beginning(run, history, self.now, self.others, notes=notes)

    def _outgrown(self) -> tuple[str, ...]:
        hours = f"{self.lineage.limit.total_seconds() / 3600:.0f} hours"
        return tuple(
            f"Run {head.name} of {local(head.started_at)}, of a file in this place, is unfinished. "
            f"The file has another content since, and the run is older than {hours}, so this "
            "counts as a new list: its people are sent, whether that run sent them or not."
            for head in self.lineage.outgrown()
        )

    def _go_on(
        self, chain: Sequence[RunRecord], history: History, regard: Regard, *, checks_shape: bool
    ) -> Beginning:
        ledger, plan, head = self.ledger, self.plan, chain[0]
        for record in chain:
            ledger.doubts.break_off(record)
        # What a retry of its results file did stands as well as what the run itself did.
        places = {plan.results, *(record.plan.results for record in chain)}
        at_places = [
            run for place in places for run in ledger.runs.with_results(place, plan.target)
        ]
        retries = [
            run
            for run in self.lineage.with_retries([*chain, *at_places])
            if run.plan.kind != plan.kind and run.id > chain[-1].id
        ]
        prior = ledger.leads.prior([*chain, *retries])
        sent = prior.count(Status.ACCEPTED) + prior.count(Status.UNKNOWN)
        if checks_shape and head.plan.shape != plan.shape:
            if sent:
                raise _other_settings(head, sent)
            return self._anew(history, regard)
        history = replace(history, prior=prior, taken=prior.contacts(Status.ACCEPTED))
        self.others.regard = replace(regard, since=_begun_at(chain))
        if head.plan.digest == plan.digest and len(chain) == 1 and not retries and checks_shape:
            note = _going_on(ledger, head, plan)
            same = ledger.resume(head, plan, self.others)
            return Beginning(
                same, history, head.started_at, self.others, goes_on=True, notes=(note,)
            )
        run = ledger.begin(replace(plan, continues=head.id), self.now, self.others)
        notes = (_changed(head, plan, sent),)
        return Beginning(run, history, chain[-1].started_at, self.others, notes=notes)


def _begun_at(chain: Sequence[RunRecord]) -> int | None:
    """When the first of some runs was begun, in seconds since 1970; None where there is none."""
    return int(min(run.started_at for run in chain).timestamp()) if chain else None


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


def _refuse_finished(lineage: Lineage, finished: Sequence[RunRecord]) -> None:
    ledger, digest = lineage.ledger, lineage.plan.digest
    same = next((head for head in finished if head.plan.digest == digest), None) or next(
        (head for head in finished if lineage.has_content(head) and not lineage.is_young(head)),
        None,
    )
    if same is None:
        return
    counts = ", ".join(f"{n:,} {s.value}" for s, n in ledger.leads.counts(same).items() if n)
    ended = same.ended_at or same.started_at
    raise AlreadyUploadedError(
        f"This file was uploaded to this dialer on {local(ended)}.",
        f"Run {same.name} is finished: {counts or 'it had no leads'}.",
        "To send what was certainly not taken: "
        f"{shlex.join(['bulk-loader', 'retry', same.plan.results])}\n"
        "To send every lead once more, which calls people twice: the same command with --again",
    )


def _other_settings(head: RunRecord, sent: int) -> SettingsError:
    return SettingsError(
        f"The unfinished run {head.name} of this file was begun with other settings.",
        f"It sent {sent:,} leads, and with the settings of now their tasks look different, so "
        "they would not be recognised and would be sent twice.",
        "Give the same settings to go on, or --again to begin anew and send all leads.",
    )


def _changed(head: RunRecord, plan: RunPlan, sent: int) -> str:
    run = f"run {head.name} of {local(head.started_at)}"
    if head.plan.path != plan.path:
        return (
            f"Going on with {run}, of {head.plan.path}: its leads mostly stand in this list. "
            f"{sent:,} of them were sent."
        )
    how = "The file has changed since" if head.plan.digest != plan.digest else "Going on with"
    return f"{how} {run}: {sent:,} of its leads were sent."


def _going_on(ledger: Ledger, head: RunRecord, plan: RunPlan) -> str:
    counts = ledger.leads.counts(head)
    doubt = counts[Status.UNKNOWN]
    settled = sum(counts.values()) - counts[Status.UNSENT] - doubt
    return (
        f"Going on with run {head.name} of {local(head.started_at)}: {settled:,} leads are "
        f"settled, {doubt:,} in doubt, {plan.leads - settled - doubt:,} still to be sent."
    )
