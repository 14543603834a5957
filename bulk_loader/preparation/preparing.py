"""From batches of leads to what may be sent: screened, mapped, and held against the history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bulk_loader.delivery import Prepared, ReadyLead
from bulk_loader.dialer.wire import to_body
from bulk_loader.ledger import LeadKey
from bulk_loader.mapping import to_tasks
from bulk_loader.model import LeadBatch, Outcome, Status, leads_text
from bulk_loader.preparation.collector import give_memory_back
from bulk_loader.preparation.history import History, MappedLeads
from bulk_loader.screening.duplicates import SeenLeads

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from bulk_loader.ledger import Keys
    from bulk_loader.model import DialerTask, Problem
    from bulk_loader.preparation.pipeline import Pipeline
    from bulk_loader.preparation.sentences import Sentences
    from bulk_loader.screening.screen import Screened

Explained: TypeAlias = "Mapping[int, tuple[Outcome, str]]"
"""Outcomes with their sentences, by row number."""

Decision: TypeAlias = "tuple[Outcome, LeadKey | None]"


@dataclass(slots=True)
class Figures:
    """What the summary says of the screening, in leads."""

    tidied: int = 0
    formatted: int = 0
    hastened: int = 0
    separated: int = 0

    def add(self, screened: Screened, separated: int) -> None:
        """Count one more batch."""
        self.tidied += screened.tidied
        self.formatted += screened.formatted
        self.hastened += screened.hastened
        self.separated += separated

    def notes(self) -> list[str]:
        """One sentence for each figure that is not zero."""
        told = {
            "had separators taken out of a phone number": self.tidied,
            "had a phone number written anew (--phone-format)": self.formatted,
            "had a date in the past and went out as soon as possible (--past-dates)": self.hastened,
            "had a `:`, `=` or line break in a value of data replaced by a space "
            "(--data-separators)": self.separated,
        }
        return [f"{leads_text(count)} {what}." for what, count in told.items() if count]


class KnownBy(NamedTuple):
    """By which hashes the ledger knows a lead, whatever its row in the file."""

    task: int
    contact: int


class _Hashed(NamedTuple):
    """Leads that passed the screening, as parallel lists."""

    rows: list[int]
    tasks: list[DialerTask]
    task_keys: list[int]
    contacts: list[int]
    numbers: list[int]


@dataclass(frozen=True, slots=True)
class Preparation:
    """Prepares one file, batch by batch, in its order.

    Attributes:
        sentences: takes the sentences of leads that are refused or kept here.
        skips_duplicates: the second lead with one contact is not sent.
        goes_on: what stands by the history is in the ledger under this very run.
        keep: picks the leads of a results file that are not to be sent again.
        refused: is told every problem of every lead.
        seen: the leads so far.
        figures: what the screening did so far.
    """

    pipeline: Pipeline
    keys: Keys
    history: History
    sentences: Sentences
    batch_size: int
    skips_duplicates: bool = True
    goes_on: bool = False
    keep: Callable[[LeadBatch], Explained] | None = None
    refused: Callable[[Problem], None] | None = None
    seen: SeenLeads = field(default_factory=SeenLeads)
    figures: Figures = field(default_factory=Figures)

    def batches(self) -> Iterator[Prepared]:
        """All leads of the file.

        Raises:
            SourceError: the file can't be read any more.
        """
        for batch in self.pipeline.table.batches(self.batch_size):
            yield self._prepare(batch)
            give_memory_back()

    def known_by(self, batch: LeadBatch) -> dict[int, KnownBy]:
        """By which hashes the leads of a batch are known, by row; refused ones are left out."""
        hashed = self._hashed(self.pipeline.screen(batch)[0])
        pairs = zip(hashed.task_keys, hashed.contacts, strict=True)
        return dict(zip(hashed.rows, map(KnownBy._make, pairs), strict=True))

    def remember(self, leads: Mapping[int, KnownBy]) -> None:
        """Take some leads as seen, before the first of `batches`; ascending by row."""
        known = leads.values()
        self.seen.repetitions([k.contact for k in known], [k.task for k in known], list(leads))

    def again(self, batch: LeadBatch) -> dict[int, ReadyLead]:
        """Leads of a batch, by row, made once more by somebody who has not read those before it.

        How many equal tasks stand before each in the file is not known here, so it is 0. The whole
        batch is screened, since a schema of the user may judge a row by its neighbours.
        """
        hashed = self._hashed(self.pipeline.screen(batch)[0])
        return {
            row: ReadyLead(row, LeadKey(key, 0, contact, number), to_body(task))
            for row, task, key, contact, number in zip(*hashed, strict=True)
        }

    def _prepare(self, batch: LeadBatch) -> Prepared:
        kept = self.keep(batch) if self.keep else {}
        # Where duplicates are sent, equal tasks are told apart by their order in the whole file.
        left_out = kept if self.skips_duplicates else {}
        screened, separated = self.pipeline.screen(without_rows(batch, left_out))
        self.figures.add(screened, separated)
        if self.refused is not None:
            for problem in (*screened.problems, *screened.suppressed):
                self.refused(problem)
        settled = {**_refused(screened), **kept}
        for row in sorted(settled):
            self.sentences.add(row, settled[row][1])
        ready, decided, standing = self._told_apart(self._map(screened), kept)
        decided += [(outcome, None) for outcome, _ in settled.values()]
        return Prepared(ready, decided, standing)

    def _hashed(self, screened: Screened) -> _Hashed:
        rows: list[int] = screened.fields.index.tolist()
        tasks = to_tasks(screened.fields)
        task_keys = [self.keys.task(task) for task in tasks]
        contacts = [self.keys.contact(task.campaign, task.destination) for task in tasks]
        numbers = [self.keys.number(task.destination) for task in tasks]
        return _Hashed(rows, tasks, task_keys, contacts, numbers)

    def _map(self, screened: Screened) -> MappedLeads:
        rows, tasks, task_keys, contacts, numbers = self._hashed(screened)
        repetitions = self.seen.repetitions(contacts, task_keys, rows)
        keys = [
            LeadKey(task, repeats.occurrence, contact, number)
            for task, repeats, contact, number in zip(
                task_keys, repetitions, contacts, numbers, strict=True
            )
        ]
        bodies = [to_body(task) for task in tasks]
        return MappedLeads(rows, bodies, keys, [repeats.first_row for repeats in repetitions])

    def _told_apart(
        self, leads: MappedLeads, kept: Explained
    ) -> tuple[list[ReadyLead], list[Decision], list[Status]]:
        ready: list[ReadyLead] = []
        decided: list[Decision] = []
        standing: list[Status] = []
        stands = self.history.standing(leads)
        left_out = self.history.left_out(leads, within_file=self.skips_duplicates)
        for row, body, key, outcome, reason in zip(
            leads.rows, leads.bodies, leads.keys, stands, left_out, strict=True
        ):
            if row in kept:
                continue
            if outcome is not None and self.goes_on:
                standing.append(outcome.status)
            elif settled := outcome or reason:
                decided.append((settled, key))
            else:
                ready.append(ReadyLead(row, key, body))
        return ready, decided, standing


def without_rows(batch: LeadBatch, rows: Collection[int]) -> LeadBatch:
    """The batch without some of its leads."""
    if not rows:
        return batch
    damages = [damage for damage in batch.damages if damage.row not in rows]
    return LeadBatch(batch.frame.drop(index=list(rows)), damages)


def _refused(screened: Screened) -> Explained:
    """Leads with a problem, and those that are suppressed; every reason in one text."""
    refused: dict[int, tuple[Outcome, str]] = {}
    _collect(refused, Status.INVALID, screened.problems)
    _collect(refused, Status.SUPPRESSED, screened.suppressed)
    return refused


def _collect(
    refused: dict[int, tuple[Outcome, str]], status: Status, problems: Collection[Problem]
) -> None:
    for problem in problems:
        outcome, text = refused.get(problem.row, (Outcome(problem.row, status, problem.code), ""))
        refused[problem.row] = (outcome, f"{text} {problem.sentence}".lstrip())
