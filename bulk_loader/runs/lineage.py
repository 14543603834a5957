"""Which earlier runs are of the same list: by its path, its content, its results, or its leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from bulk_loader.errors import SettingsError
from bulk_loader.model import Ending, RunKind, Status
from bulk_loader.runs.moments import local

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from bulk_loader.ledger import Int64Array, Ledger, RunPlan, RunRecord

# A list with another content under the name of one that was uploaded is the same list, corrected,
# for so long, and a new one afterwards: lists that come every night come a day apart.
EDITED_COPY = timedelta(hours=12)
# People correct a copy of their results within days.
COPIED_RESULTS = timedelta(days=7)

# Of what an unfinished run has sent, so much stands in another form of the same list. Two lists
# that only share some customers have less in common.
MOSTLY = 0.5

_SENT = (Status.ACCEPTED, Status.UNKNOWN, Status.REJECTED)


@dataclass(frozen=True, slots=True)
class ListKeys:
    """Hashes of all leads of a list that may be sent; sorted."""

    tasks: Int64Array
    contacts: Int64Array


@dataclass(frozen=True, slots=True)
class Lineage:
    """The earlier runs of one list to one dialer.

    Attributes:
        known: of its path or content, and what went on with them, newest first.
        now: when this run began.
        origin: the run whose results the file says that it is; None for a list.
        made_from: digests of contents that this list was certainly made from by correcting cells.
    """

    ledger: Ledger
    plan: RunPlan
    known: Sequence[RunRecord]
    now: datetime
    origin: RunRecord | None = None
    made_from: frozenset[str] = frozenset()

    @classmethod
    def find(
        cls,
        ledger: Ledger,
        plan: RunPlan,
        now: datetime,
        origin: str = "",
        made_from: frozenset[str] = frozenset(),
    ) -> Lineage:
        """What the ledger holds of a list.

        Args:
            origin: name of the run whose results the file says that it is.
            made_from: digests of what it was made from by correcting cells.
        """
        direct = [
            run
            for digest in (plan.digest, *sorted(made_from))
            for run in ledger.runs.of_list(plan.path, digest, plan.target)
        ]
        known = {run.id: run for run in direct if run.plan.kind is plan.kind}
        for run in reversed(
            ledger.runs.all()
        ):  # oldest first, so that a chain is followed to its end
            if run.plan.continues in known:
                known[run.id] = run
        newest_first = sorted(known.values(), key=lambda run: -run.id)
        named = ledger.runs.by_name(origin) if origin else None
        return cls(ledger, plan, newest_first, now, named, made_from)

    @property
    def heads(self) -> list[RunRecord]:
        """Runs that no other run went on with, newest first."""
        return _heads(self.known)

    @property
    def limit(self) -> timedelta:
        """How long a list with another content counts as the same one."""
        return EDITED_COPY if self.plan.kind is RunKind.UPLOAD else COPIED_RESULTS

    def is_young(self, run: RunRecord) -> bool:
        """The run may be of this very list although its content is another."""
        is_young = self.now - self.ledger.outcomes.last_seen(run) < self.limit
        return is_young or self._is_before_correction(run)

    def _is_before_correction(self, run: RunRecord) -> bool:
        """The run, or one that it went on with, read what this list was made from."""
        chain = self.ledger.runs.chain(run) if self.made_from else ()
        return any(record.plan.digest in self.made_from for record in chain)

    def has_content(self, head: RunRecord) -> bool:
        """The run, or one that it went on with, read exactly this content."""
        return any(run.plan.digest == self.plan.digest for run in self.ledger.runs.chain(head))

    def unfinished(self) -> list[RunRecord]:
        """Runs to go on with: of this content, or of another that may be this list still."""
        return [
            head
            for head in self.heads
            if head.ending is not Ending.FINISHED
            and (head.plan.digest == self.plan.digest or self.is_young(head))
        ]

    def finished(self) -> list[RunRecord]:
        """Finished runs of this content, which is not to be sent again; the first is to be named.

        One that began with this content and finished with another is of an edited copy while it
        is young, so its people are left out one by one.
        """
        heads = [head for head in self.heads if head.ending is Ending.FINISHED]
        same = [head for head in heads if head.plan.digest == self.plan.digest]
        return same or [
            head for head in heads if self.has_content(head) and not self.is_young(head)
        ]

    def outgrown(self) -> list[RunRecord]:
        """Unfinished runs under this name that are too old to be of this list."""
        chosen = {head.id for head in self.unfinished()}
        return [
            head
            for head in self.heads
            if head.ending is not Ending.FINISHED and head.id not in chosen
        ]

    def everything(self) -> list[RunRecord]:
        """All runs of the list, and those that wrote their outcome into its results."""
        heads = [*self.heads, *([self.origin] if self.origin else [])]
        related = {run.id: run for head in heads for run in self.ledger.runs.chain(head)}
        # The results of an earlier run may have been moved aside since, and its retries with them.
        paths = {self.plan.results, *(run.plan.results for run in related.values())}
        for path in paths:
            of_path = self.ledger.runs.with_results(path, self.plan.target)
            related |= {run.id: run for run in of_path}
        return self.with_retries(related.values())

    def with_retries(self, runs: Iterable[RunRecord]) -> list[RunRecord]:
        """Runs, and all retries of their results, whatever name the file had by then."""
        found = {run.id: run for run in runs}
        names = {run.name for run in found.values()}
        for run in reversed(self.ledger.runs.all()):  # oldest first: a retry may follow on another
            if run.plan.origin in names and run.plan.target == self.plan.target:
                found[run.id] = run
                names.add(run.name)
        return list(found.values())

    def related(self) -> list[RunRecord]:
        """Runs whose leads this one must not send again.

        For an upload, those of the same file and the retries of its results, as long as the file
        is taken for an edited copy and not for a new list. For a retry, the runs with these
        results, and all retries of the last days: the file may be a copy of one that was retried
        already.
        """
        runs = self.everything()
        if self.plan.kind is RunKind.UPLOAD:
            corrected = self.with_retries(filter(self._is_before_correction, runs))
            certain = {run.id for run in corrected}
            return [run for run in runs if run.id in certain or self.is_young(run)]
        retries = [
            run
            for run in self.ledger.runs.all()
            if run.plan.kind is self.plan.kind
            and run.plan.target == self.plan.target
            and self.is_young(run)
        ]
        return list({run.id: run for run in (*runs, *retries)}.values())

    def alike(
        self, keys: Callable[[], ListKeys], is_under_way: Callable[[int], bool]
    ) -> list[RunRecord]:
        """Unfinished runs of another file whose leads mostly stand in this one.

        Args:
            keys: reads the list through, so it is asked only where there is such a run.

        Raises:
            SettingsError: only the numbers are mostly the same, so nothing is certain.
        """
        candidates = self._candidates(is_under_way)
        if not candidates:
            return []
        own = keys()
        found = []
        for head in candidates:
            prior = self.ledger.outcomes.prior(self.ledger.runs.chain(head))
            if _share(prior.tasks(*_SENT), own.tasks) >= MOSTLY:
                found.append(head)
            elif _share(prior.contacts(*_SENT), own.contacts) >= MOSTLY:
                raise _uncertain(head, len(prior.contacts(*_SENT)))
        return found

    def _candidates(self, is_under_way: Callable[[int], bool]) -> list[RunRecord]:
        here = {run.id for run in self.known}
        return [
            run
            for run in _heads(self.ledger.runs.all())
            if run.ending is not Ending.FINISHED
            and run.plan.target == self.plan.target
            and run.plan.kind is self.plan.kind
            and run.id not in here
            and self.is_young(run)
            and not is_under_way(run.id)
        ]


def _heads(records: Collection[RunRecord]) -> list[RunRecord]:
    continued = {record.plan.continues for record in records}
    return [record for record in records if record.id not in continued]


def _share(of: Int64Array, among: Int64Array) -> float:
    return float(np.isin(of, among).mean()) if len(of) else 0.0


def _uncertain(head: RunRecord, numbers: int) -> SettingsError:
    return SettingsError(
        f"Run {head.name} of {local(head.started_at)}, which is unfinished, sent {numbers:,} "
        f"numbers of {head.plan.path} to this dialer, and most of them stand in this list too.",
        "What goes with the numbers is not the same, so it is not certain that this is the same "
        "list in another form; if it is, people would be called twice.",
        "Finish that run first, with its own command. If this is a list of its own, give the same "
        "command with --again.",
    )
