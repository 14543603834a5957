"""How a run begins: anew, as the rest of an unfinished one, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from bulk_loader.ledger import Regard
from bulk_loader.model import Ending, RunKind, Status
from bulk_loader.preparation.history import History
from bulk_loader.runs.cases import Found, Rest, Step, Unfinished, Way, choose, step
from bulk_loader.runs.lineage import Lineage
from bulk_loader.runs.words import already_uploaded, changed, going_on, other_settings, outgrown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from bulk_loader.ledger import Ledger, LoadLimit, OpenRun, Others, RunPlan, RunRecord
    from bulk_loader.runs.lineage import ListKeys


_NOWHERE = ""
"""A dialer to which no run was ever made."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What the user asked for, as far as earlier runs matter.

    Attributes:
        again: finished runs of the file do not matter; an unfinished one is gone on with.
        loaded_within: contacts that the dialer accepted in that time are left out.
        hold_doubts: contacts in doubt at the dialer since then are not sent.
        limits: how often a number may be loaded.
        is_trial: the dialer lives as long as the command, so nothing was sent to it before.
        skips_duplicates: equal contacts of one list are one person, called once.
        resends: statuses that are sent again, whatever earlier runs say.
    """

    again: bool = False
    loaded_within: timedelta | None = None
    hold_doubts: timedelta = timedelta(days=7)
    limits: tuple[LoadLimit, ...] = ()
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
        made_from: digests of what the list was made from by correcting cells.
    """

    is_under_way: Callable[[int], bool]
    keys: Callable[[], ListKeys]
    origin: str = ""
    made_from: frozenset[str] = frozenset()


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
        return _trial(ledger, plan, intent, now)
    # First, so that nothing that another run does from here on is missed.
    others = ledger.others(plan.target, surroundings.is_under_way, now)
    lineage = Lineage.find(ledger, plan, now, surroundings.origin, surroundings.made_from)
    start = _Start(ledger, plan, intent, now, lineage, others)
    match choose(_found(lineage, intent)):
        case Way.REPEAT:
            return start.repeat(lineage.everything())
        case Way.GO_ON_REPEATING:
            return start.go_on_repeating(lineage.unfinished()[0])
        case Way.REFUSE:
            raise already_uploaded(ledger, lineage.finished()[0])
        case Way.GO_ON:
            return start.go_on(lineage.unfinished())
        case Way.ANEW:
            return start.go_on([])
        case Way.COMPARE:
            alike = lineage.alike(surroundings.keys, surroundings.is_under_way)
            return start.go_on(alike, is_alike=True)
        case never:
            assert_never(never)


def _trial(ledger: Ledger, plan: RunPlan, intent: Intent, now: datetime) -> Beginning:
    """A run to a dialer of its own: only what it loads itself counts."""
    nobody = None
    if intent.limits:
        nobody = ledger.others(_NOWHERE, lambda _run: False, now)
        nobody.regard = Regard(limits=intent.limits)
    return Beginning(ledger.begin(plan, now, nobody), History(resends=intent.resends), now)


def _found(lineage: Lineage, intent: Intent) -> Found:
    plan, unfinished = lineage.plan, lineage.unfinished()
    # A run of another list, too old to be gone on with, only has the name of this one.
    heads = [h for h in lineage.heads if h.ending is Ending.FINISHED or h in unfinished]
    is_cut_short = bool(unfinished) and heads[0] in unfinished and heads[0].plan.shape == plan.shape
    is_upload = plan.kind is RunKind.UPLOAD
    return Found(
        is_upload=is_upload,
        again=intent.again,
        is_cut_short=is_cut_short,
        is_finished=is_upload and bool(lineage.finished()),
        unfinished=_unfinished(lineage),
    )


def _unfinished(lineage: Lineage) -> Unfinished:
    newest = next(iter(lineage.unfinished()), None)
    if newest is None:
        return Unfinished.NONE
    # Without --again a finished file is refused, so no run of it could have followed.
    is_repeating = any(
        head.ending is Ending.FINISHED
        and head.plan.digest == newest.plan.digest
        and head.id < newest.id
        for head in lineage.heads
    )
    return Unfinished.REPEATING if is_repeating else Unfinished.PLAIN


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
        return self._go_on(chain, self._history(earlier), regard)

    def go_on(self, unfinished: Sequence[RunRecord], *, is_alike: bool = False) -> Beginning:
        """Go on with unfinished runs of this list; begin anew where there are none."""
        chain = [run for head in unfinished for run in self.ledger.runs.chain(head)]
        earlier = [run for run in self.lineage.related() if run not in chain]
        history = self._history(earlier)
        regard = self._regard([*chain, *earlier])
        if not unfinished:
            return self._anew(history, regard, outgrown(self.lineage))
        return self._go_on(chain, history, regard, is_alike=is_alike)

    def _history(self, earlier: Sequence[RunRecord]) -> History:
        loaded, intent, target = None, self.intent, self.plan.target
        if intent.loaded_within is not None:
            loaded = self.ledger.outcomes.accepted_contacts(target, self.now - intent.loaded_within)
        history = History(loaded=loaded, resends=intent.resends)
        if self.plan.kind is RunKind.RETRY:
            history = replace(history, by_hand=self._by_hand())
        if earlier:
            prior = self.ledger.outcomes.prior(earlier)
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
            limits=self.intent.limits,
        )

    def _anew(self, history: History, regard: Regard, notes: tuple[str, ...] = ()) -> Beginning:
        origin = self.lineage.origin
        before = self.ledger.runs.chain(origin) if origin else ()
        self.others.regard = replace(regard, since=_begun_at(before))
        run = self.ledger.begin(self.plan, self.now, self.others)
        return Beginning(run, history, self.now, self.others, notes=notes)

    def _go_on(
        self,
        chain: Sequence[RunRecord],
        history: History,
        regard: Regard,
        *,
        is_alike: bool = False,
    ) -> Beginning:
        ledger, plan, head = self.ledger, self.plan, chain[0]
        for record in chain:
            ledger.doubts.break_off(record)
        retries = self._retries_of(chain)
        prior = ledger.outcomes.prior([*chain, *retries])
        sent = prior.count(Status.ACCEPTED) + prior.count(Status.UNKNOWN)
        rest = Rest(
            is_alike=is_alike,
            has_same_settings=head.plan.shape == plan.shape,
            has_sent=sent > 0,
            has_same_content=head.plan.digest == plan.digest,
            is_alone=len(chain) == 1 and not retries,
        )
        whole = replace(history, prior=prior, taken=prior.contacts(Status.ACCEPTED))
        match step(rest):
            case Step.REFUSE:
                raise other_settings(head, sent)
            case Step.ANEW:
                return self._anew(history, regard)
            case Step.RESUME:
                return self._resumed(head, whole, regard)
            case Step.CONTINUE:
                note = changed(head, plan, sent)
                return self._continued(chain, whole, regard, note)
            case never:
                assert_never(never)

    def _retries_of(self, chain: Sequence[RunRecord]) -> list[RunRecord]:
        """What a retry of its results file did stands as well as what a run itself did."""
        paths = {self.plan.results, *(record.plan.results for record in chain)}
        at_paths = [
            run for path in paths for run in self.ledger.runs.with_results(path, self.plan.target)
        ]
        return [
            run
            for run in self.lineage.with_retries([*chain, *at_paths])
            if run.plan.kind is not self.plan.kind and run.id > chain[-1].id
        ]

    def _resumed(self, head: RunRecord, history: History, regard: Regard) -> Beginning:
        note = going_on(self.ledger, head, self.plan)
        self.others.regard = replace(regard, since=_begun_at([head]))
        run = self.ledger.resume(head, self.plan, self.others)
        return Beginning(run, history, head.started_at, self.others, goes_on=True, notes=(note,))

    def _continued(
        self, chain: Sequence[RunRecord], history: History, regard: Regard, note: str
    ) -> Beginning:
        self.others.regard = replace(regard, since=_begun_at(chain))
        plan = replace(self.plan, continues=chain[0].id)
        run = self.ledger.begin(plan, self.now, self.others)
        return Beginning(run, history, chain[-1].started_at, self.others, notes=(note,))


def _begun_at(chain: Sequence[RunRecord]) -> int | None:
    """When the first of some runs was begun, in seconds since 1970; None where there is none."""
    return int(min(run.started_at for run in chain).timestamp()) if chain else None
